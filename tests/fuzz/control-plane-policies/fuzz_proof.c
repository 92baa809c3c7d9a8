/* A pattern, a template and what fills its holes, parted by newlines: what is proved of the template must hold for the
 * record that is made from it. */
#include "control-plane/policies/proof.h"

#include "base/utf8.h"
#include "policy/regex.h"

#include <stdint.h>
#include <stdlib.h>

enum { TEXT_MAX = 300, RECORD_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct slice part(struct slice *rest)
{
    const char *end = memchr(rest->ptr, '\n', rest->len);
    size_t n = end ? (size_t)(end - rest->ptr) : rest->len;
    struct slice one = slice_of(rest->ptr, n);
    *rest = slice_of(rest->ptr + n + (end != NULL), rest->len - n - (end != NULL));
    return one;
}

static void make_record(struct buf *out, struct slice template, struct slice *fillings)
{
    for (size_t i = 0; i < template.len; i++) {
        struct slice rest = slice_of(template.ptr + i, template.len - i);
        bool hole = slice_starts(rest, "<*>") || slice_starts(rest, "<?>");
        if (hole) buf_slice(out, part(fillings));
        else buf_char(out, template.ptr[i]);
        if (!hole && template.ptr[i] == ' ' && fillings->len % 2) buf_str(out, " \t");
        if (hole) i += 2;
    }
}

static void check(const struct policy_matcher *m, struct slice template, struct slice record)
{
    struct shape *shape = malloc(sizeof *shape);
    struct proof *proof = proof_new(m);
    if (shape && proof && shape_of_template(shape, template)) {
        bool matches = regex_search(m->regex, record);
        if (proof_covers(proof, shape) && !matches) abort();
        if (!proof_meets(proof, shape) && matches) abort();
    }
    proof_free(proof);
    free(shape);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[128];
    struct slice rest = slice_of((const char *)data, size);
    if (size > TEXT_MAX * 3 || !utf8_valid(rest) || memchr(data, '\r', size)) return 0;
    struct slice pattern = part(&rest), template = part(&rest);
    if (pattern.len > TEXT_MAX || template.len > TEXT_MAX) return 0;
    struct policy_matcher m = {.condition = POLICY_REGEX, .text = pattern, .case_insensitive = size % 5 == 0};
    struct regex *regex = regex_new(pattern, m.case_insensitive, error, sizeof error);
    if (!regex) return 0;
    m.regex = regex;
    struct buf record;
    buf_init(&record, RECORD_MAX);
    make_record(&record, template, &rest);
    if (!record.full) check(&m, template, buf_view(&record));
    buf_free(&record);
    regex_free(regex);
    return 0;
}
