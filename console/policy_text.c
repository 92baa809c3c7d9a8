#include "console/policy_text.h"

#include "base/utf8.h"
#include "console/headless.h"
#include "console/policy_files.h"
#include "policy/diff.h"
#include "policy/lint.h"

#include <string.h>

static void print_clean(struct slice s)
{
    struct buf b;
    buf_init(&b, POLICY_TEXT_MAX);
    utf8_clean(&b, s);
    fwrite(buf_view(&b).ptr, 1, b.len, stdout);
    buf_free(&b);
}

static bool read_files(struct policy_set *set, char **files, int count)
{
    bool good = count > 0;
    if (!count) complain("which policy file?");
    for (int i = 0; i < count; i++) good &= policy_file_read(set, files[i]);
    return good;
}

static void print_finding(void *context, const struct finding *f)
{
    size_t *findings = context;
    (*findings)++;
    print_clean(f->source);
    printf(":%u: ", f->line ? f->line : 1);
    if (f->policy_id.len) {
        fputs("policy ", stdout);
        print_clean(f->policy_id);
        fputs(": ", stdout);
    }
    if (f->level == LINT_WARNING) fputs("warning: ", stdout);
    print_clean(f->message);
    if (f->level == LINT_WARNING) printf(" [%s]", f->rule);
    putchar('\n');
}

int policy_lint_files(int argc, char **argv)
{
    bool strict = argc > 1 && !strcmp(argv[1], "--strict");
    struct policy_set *set = policy_set_new();
    int code = EXIT_USAGE;
    if (read_files(set, argv + 1 + strict, argc - 1 - strict)) {
        size_t findings = 0, errors = policy_lint(set, print_finding, &findings);
        code = output_end((strict ? findings : errors) ? EXIT_FAILING : EXIT_FINE);
    }
    policy_set_free(set);
    return code;
}

static void print_change(void *context, const struct policy_change *c)
{
    (void)context;
    static const char *const signs[] = {"+", "-", "~"};
    printf("%s ", signs[c->kind]);
    print_clean(c->policy_id);
    if (c->place.len) {
        fputs(": ", stdout);
        print_clean(c->place);
    }
    if (c->before.len || c->after.len || c->kind == CHANGE_CHANGED) fputs(": ", stdout);
    print_clean(c->before);
    if (c->kind == CHANGE_CHANGED) fputs(" -> ", stdout);
    print_clean(c->after);
    putchar('\n');
}

int policy_diff_files(int argc, char **argv)
{
    if (argc != 3) return complain("policy diff BEFORE AFTER");
    struct policy_set *before = policy_set_new(), *after = policy_set_new();
    int code = EXIT_USAGE;
    if (read_files(before, argv + 1, 1) && read_files(after, argv + 2, 1) && policy_files_complain(before) && policy_files_complain(after))
        code = output_end(policy_set_diff(before, after, print_change, NULL) ? EXIT_FAILING : EXIT_FINE);
    policy_set_free(before);
    policy_set_free(after);
    return code;
}

static void print_messages(struct buf *out, const struct policy_set *set, bool protobuf)
{
    struct buf one;
    buf_init(&one, POLICY_TEXT_MAX);
    if (!protobuf) buf_str(out, "{\"policies\":[");
    for (size_t i = 0; i < set->count; i++) {
        buf_clear(&one);
        if (protobuf) {
            policy_write_protobuf(&one, set->policies[i], &(struct policy_print){.extensions = true});
            buf_char(out, 10); /* field 1, a message */
            size_t n = one.len;
            for (; n >= 0x80; n >>= 7) buf_char(out, (char)(n | 0x80));
            buf_char(out, (char)n);
        } else policy_write_json(&one, set->policies[i], &(struct policy_print){.extensions = true});
        if (!protobuf && i) buf_char(out, ',');
        buf_slice(out, buf_view(&one));
    }
    if (!protobuf) buf_str(out, "]}\n");
    buf_free(&one);
}

static bool print_as(struct buf *out, const struct policy_set *set, const char *form)
{
    const struct policy *const *policies = (const struct policy *const *)set->policies;
    if (!strcmp(form, "yaml")) policy_write_yaml(out, policies, set->count);
    else if (!strcmp(form, "json")) policy_write_authoring_json(out, policies, set->count);
    else if (!strcmp(form, "proto-json")) print_messages(out, set, false);
    else if (!strcmp(form, "protobuf")) print_messages(out, set, true);
    else return false;
    return true;
}

int policy_print_files(int argc, char **argv)
{
    bool chosen = argc > 2 && (!strcmp(argv[1], "-o") || !strcmp(argv[1], "--output"));
    const char *form = chosen ? argv[2] : "yaml";
    int skip = chosen ? 3 : 1, code = EXIT_USAGE;
    struct policy_set *set = policy_set_new();
    struct buf out;
    buf_init(&out, (size_t)POLICY_TEXT_MAX * 8);
    if (read_files(set, argv + skip, argc - skip) && policy_files_complain(set)) {
        if (!print_as(&out, set, form)) complain("-o %s: yaml, json, proto-json or protobuf", form);
        else {
            fwrite(buf_view(&out).ptr, 1, out.len, stdout);
            size_t invalid = 0;
            for (size_t i = 0; i < set->count; i++) invalid += !policy_valid(set->policies[i]);
            if (invalid) complain("%zu of the policies are not valid; policy lint says why", invalid);
            code = output_end(invalid ? EXIT_FAILING : EXIT_FINE);
        }
    }
    buf_free(&out);
    policy_set_free(set);
    return code;
}
