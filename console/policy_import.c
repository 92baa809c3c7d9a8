#include "console/policy_import.h"

#include "console/headless.h"
#include "console/policy_files.h"
#include "policy/datadog.h"

#include <ctype.h>
#include <jansson.h>
#include <string.h>

enum { INPUT_MAX = 64 << 20 };

static struct slice text_of(const json_t *n) { return slice_of(json_string_value(n) ? json_string_value(n) : "", json_string_length(n)); }

/* "index-name" in lower case, with - for what is neither letter nor digit. */
static void put_id(struct buf *out, struct slice index, struct slice name)
{
    buf_str(out, "datadog");
    for (int part = 0; part < 2; part++) {
        struct slice s = part ? name : index;
        if (s.len) buf_char(out, '-');
        for (size_t i = 0; i < s.len; i++) buf_char(out, isalnum((unsigned char)s.ptr[i]) ? (char)tolower((unsigned char)s.ptr[i]) : '-');
    }
}

/* Whether it could be said as a policy. */
static bool import_filter(struct policy_set *set, const json_t *index, const json_t *n)
{
    char error[300];
    struct buf id, text;
    const json_t *filter = json_object_get(n, "filter"), *rate = json_object_get(filter, "sample_rate"),
                 *enabled = json_object_get(n, "is_enabled");
    struct slice name = text_of(json_object_get(n, "name"));
    buf_init(&id, 4096);
    buf_init(&text, INPUT_MAX);
    put_id(&id, text_of(json_object_get(index, "name")), name);
    struct datadog_filter f = {buf_view(&id), name, text_of(json_object_get(filter, "query")), rate ? json_number_value(rate) : 1,
                               !json_is_false(enabled)};
    bool good = datadog_import(&text, &f, error, sizeof error);
    if (good) (void)policy_set_read(set, buf_view(&text), POLICY_JSON, "import");
    else complain("exclusion filter \"%.*s\": %s", (int)name.len, name.ptr, error);
    buf_free(&id);
    buf_free(&text);
    return good;
}

static bool import_index(struct policy_set *set, const json_t *index)
{
    bool good = true;
    const json_t *filters = json_object_get(index, "exclusion_filters");
    for (size_t i = 0; i < json_array_size(filters); i++) good &= import_filter(set, index, json_array_get(filters, i));
    return good;
}

static int import_document(const json_t *document)
{
    struct policy_set *set = policy_set_new();
    const json_t *indexes = json_object_get(document, "indexes");
    bool good = indexes || import_index(set, document);
    for (size_t i = 0; i < json_array_size(indexes); i++) good &= import_index(set, json_array_get(indexes, i));
    struct buf out;
    buf_init(&out, INPUT_MAX);
    policy_write_yaml(&out, (const struct policy *const *)set->policies, set->count);
    fwrite(buf_view(&out).ptr, 1, out.len, stdout);
    buf_free(&out);
    policy_set_free(set);
    return output_end(good ? EXIT_FINE : EXIT_FAILING);
}

int policy_import(int argc, char **argv)
{
    struct buf text;
    json_error_t error;
    int code = EXIT_USAGE;
    if (argc != 3 || strcmp(argv[1], "datadog") != 0) return complain("policy import datadog FILE");
    buf_init(&text, INPUT_MAX);
    if (file_read(argv[2], &text)) {
        json_t *document = json_loadb(buf_view(&text).ptr, text.len, JSON_ALLOW_NUL, &error);
        code = document ? import_document(document) : complain("%s:%d: %s", argv[2], error.line, error.text);
        json_decref(document);
    }
    buf_free(&text);
    return code;
}
