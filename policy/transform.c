#include "policy/transform.h"

#include "base/utf8.h"
#include "policy/match.h"
#include "policy/regex.h"

enum { REPLACED_MAX = 16 << 20 };

static void put_group(struct buf *out, const struct regex_span *spans, int groups, int number, struct slice text)
{
    if (number < 0 || number > groups || spans[number].start == (size_t)-1) return;
    buf_slice(out, slice_of(text.ptr + spans[number].start, spans[number].end - spans[number].start));
}

static bool digit(char c) { return c >= '0' && c <= '9'; }

/* "12" of "${12}", or the number of a name; -1. */
static int group_number(const struct regex *regex, struct slice name)
{
    int n = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (!digit(name.ptr[i])) return regex_group(regex, name);
        if (n < 1000) n = n * 10 + (name.ptr[i] - '0');
    }
    return n;
}

static void expand(struct buf *out, const struct regex *regex, const struct regex_span *spans, struct slice text, struct slice template)
{
    int groups = regex_groups(regex) < REGEX_GROUPS ? regex_groups(regex) : REGEX_GROUPS - 1;
    for (size_t i = 0; i < template.len; i++) {
        const char *p = template.ptr + i;
        size_t left = template.len - i;
        const char *close = left > 3 && p[0] == '$' && p[1] == '{' ? memchr(p, '}', left) : NULL;
        if (*p != '$' || left == 1) buf_char(out, *p);
        else if (p[1] == '$') {
            buf_char(out, '$');
            i++;
        } else if (digit(p[1])) {
            size_t n = left > 2 && digit(p[2]) ? 2 : 1;
            put_group(out, spans, groups, group_number(regex, slice_of(p + 1, n)), text);
            i += n;
        } else if (close && close > p + 2) {
            put_group(out, spans, groups, group_number(regex, slice_of(p + 2, (size_t)(close - p - 2))), text);
            i += (size_t)(close - p);
        } else buf_char(out, '$');
    }
}

bool transform_replace(struct buf *out, const struct regex *regex, struct slice text, struct slice template)
{
    struct regex_span spans[REGEX_GROUPS];
    size_t count = (size_t)regex_groups(regex) + 1, at = 0, copied = 0, last_end = (size_t)-1;
    bool any = false;
    if (count > REGEX_GROUPS) count = REGEX_GROUPS;
    while (at <= text.len && regex_match(regex, text, at, spans, count)) {
        bool empty = spans[0].start == spans[0].end;
        if (!empty || spans[0].start != last_end) {
            any = true;
            buf_slice(out, slice_of(text.ptr + copied, spans[0].start - copied));
            expand(out, regex, spans, text, template);
            copied = last_end = spans[0].end;
        }
        at = spans[0].end;
        if (empty && at < text.len) (void)utf8_next(text, &at);
        else if (empty) break;
    }
    buf_slice(out, slice_of(text.ptr + copied, text.len - copied));
    return any;
}

static bool set(const struct record_ops *ops, void *record, const struct policy_selector *target, struct slice text)
{
    if (ops->set) (void)ops->set(record, target, text);
    return true;
}

static bool redact(const struct policy_step *s, const struct record_ops *ops, void *record)
{
    struct datum d = selector_read(ops, record, &s->selector);
    if (!s->has_regex) return d.type != DATUM_ABSENT && set(ops, record, &s->selector, s->text);
    if (d.type != DATUM_STRING) return false;
    struct buf out;
    buf_init_secret(&out, d.text.len + REPLACED_MAX);
    bool any = transform_replace(&out, s->regex, d.text, s->text);
    if (any) set(ops, record, &s->selector, out.full ? SLICE("[REDACTED]") : buf_view(&out));
    buf_free(&out);
    return any;
}

static bool rename_key(const struct policy_step *s, const struct record_ops *ops, void *record)
{
    const struct policy_selector *from = &s->selector;
    if (from->kind != POLICY_SELECT_ATTRIBUTE) return false;
    if (ops->attribute(record, from->scope, from->path, from->path_count).type == DATUM_ABSENT) return false;
    bool same = from->path_count == 1 && slice_eq(from->path[0], s->text);
    bool blocked = !s->upsert && ops->attribute(record, from->scope, &s->text, 1).type != DATUM_ABSENT;
    if (!same && !blocked && ops->rename) (void)ops->rename(record, from, s->text);
    return true;
}

static bool step(const struct policy_step *s, const struct record_ops *ops, void *record)
{
    switch (s->stage) {
    case POLICY_REMOVE:
        if (ops->remove) return ops->remove(record, &s->selector);
        return selector_read(ops, record, &s->selector).type != DATUM_ABSENT;
    case POLICY_REDACT: return redact(s, ops, record);
    case POLICY_RENAME: return rename_key(s, ops, record);
    default:
        return (!s->upsert && selector_read(ops, record, &s->selector).type != DATUM_ABSENT) || set(ops, record, &s->selector, s->text);
    }
}

void transform_record(const struct policy *p, const struct record_ops *ops, void *record, struct stage_count stages[POLICY_STAGES])
{
    for (size_t i = 0; i < p->step_count; i++) {
        if (step(&p->steps[i], ops, record)) stages[p->steps[i].stage].hits++;
        else stages[p->steps[i].stage].misses++;
    }
}
