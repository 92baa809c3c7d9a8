/* What a target does with what matches: the log keep grammar, a metric's bool, a span's sampling. */
#include "policy/reading.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

static struct slice trimmed(struct slice s)
{
    while (s.len && strchr(" \t\r\n", *s.ptr)) s = slice_of(s.ptr + 1, s.len - 1);
    while (s.len && strchr(" \t\r\n", s.ptr[s.len - 1])) s.len--;
    return s;
}

static bool word_is(struct slice s, const char *word) { return s.len == strlen(word) && strncasecmp(s.ptr, word, s.len) == 0; }

/* Digits only, 1 .. 2^32-1. */
static bool positive(struct slice s, uint32_t *value)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9' || (n = n * 10 + (uint64_t)(s.ptr[i] - '0')) > UINT32_MAX) return false;
    }
    *value = (uint32_t)n;
    return s.len && n;
}

static bool parse_percent(struct slice s, double *percent)
{
    char text[64];
    if (!s.len || s.len >= sizeof text || *s.ptr < '0' || *s.ptr > '9') return false;
    for (size_t i = 0; i < s.len; i++)
        if ((s.ptr[i] < '0' || s.ptr[i] > '9') && s.ptr[i] != '.') return false;
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    char *end;
    *percent = strtod(text, &end);
    return !*end && *percent >= 0 && *percent <= 100;
}

static bool parse_rate(struct slice s, struct policy_log_keep *keep)
{
    const char *slash = memchr(s.ptr, '/', s.len);
    if (!slash) return false;
    struct slice count = trimmed(slice_of(s.ptr, (size_t)(slash - s.ptr)));
    struct slice rest = trimmed(slice_of(slash + 1, (size_t)(s.ptr + s.len - slash - 1)));
    if (!rest.len || !strchr("sSmM", rest.ptr[rest.len - 1])) return false;
    keep->unit_seconds = strchr("sS", rest.ptr[rest.len - 1]) ? 1 : 60;
    keep->window = 1;
    struct slice window = trimmed(slice_of(rest.ptr, rest.len - 1));
    return positive(count, &keep->count) && (!window.len || positive(window, &keep->window));
}

bool policy_keep_parse(struct slice text, struct policy_log_keep *keep)
{
    struct slice s = trimmed(text);
    keep->percent = 100;
    keep->kind = POLICY_KEEP_ALL;
    if (!s.len || word_is(s, "all")) return true;
    keep->kind = POLICY_KEEP_NONE;
    if (word_is(s, "none")) return true;
    keep->kind = POLICY_KEEP_PERCENT;
    if (s.ptr[s.len - 1] == '%') return parse_percent(trimmed(slice_of(s.ptr, s.len - 1)), &keep->percent);
    keep->kind = POLICY_KEEP_RATE;
    return parse_rate(s, keep);
}

static void keep_percentage(struct reading *r, const struct node *n, struct policy_log_keep *keep)
{
    keep->kind = POLICY_KEEP_PERCENT;
    if (!node_double(node_get(n, "percentage"), &keep->percent)) wrong(r, n, "no percentage");
    else if (!(keep->percent >= 0 && keep->percent <= 100)) wrong(r, n, "percentage is not between 0 and 100");
}

void read_log_keep(struct reading *r, const struct node *target, struct policy *p)
{
    const struct node *n = node_get(target, "keep"), *key = node_get(target, "sample_key");
    size_t mark = enter(r, "keep");
    p->keep = (struct policy_log_keep){.percent = 100};
    if (given(n) && n->kind == NODE_BOOL) p->keep.kind = n->boolean ? POLICY_KEEP_ALL : POLICY_KEEP_NONE;
    else if (given(n) && n->kind == NODE_MAP) keep_percentage(r, n, &p->keep);
    else if (given(n) && (n->kind != NODE_STRING || !policy_keep_parse(n->text, &p->keep)))
        wrong(r, n, "invalid value \"%.*s\"", (int)(n->text.len < 100 ? n->text.len : 100), n->text.ptr ? n->text.ptr : "");
    leave(r, mark);
    mark = enter(r, "sample_key");
    if (given(key) && key->kind == NODE_MAP) read_selector(r, key, "", &p->keep.sample_key);
    else if (given(key)) wrong(r, key, "no field set");
    leave(r, mark);
}

void read_metric_keep(struct reading *r, const struct node *target, struct policy *p)
{
    const struct node *n = node_get(target, "keep");
    p->metric_keep = read_bool(r, n, "keep", false);
    if (!given(n)) doubtful(r, target, "no keep: false is taken, what matches is dropped");
}

static uint32_t read_u32(struct reading *r, const struct node *n, const char *what, uint32_t otherwise, bool *there)
{
    uint64_t value = otherwise;
    *there = given(n);
    if (*there && (!node_u64(n, &value) || value > UINT32_MAX)) wrong(r, n, "invalid %s", what);
    return (uint32_t)value;
}

static void read_mode(struct reading *r, const struct node *n, struct policy_sampling *s)
{
    unsigned number = 0;
    if (!given(n)) return;
    if (!word_parse(&words_sampling_modes, n, &number) || number > POLICY_EQUALIZING)
        wrong(r, n, "unknown mode \"%.*s\"", (int)n->text.len, n->text.ptr);
    if (!number || number > POLICY_EQUALIZING) return;
    s->mode = (enum policy_sampling_mode)number;
    s->has_mode = true;
}

static void read_percentage(struct reading *r, const struct node *n, struct policy_sampling *s)
{
    const struct node *percentage = node_get(n, "percentage");
    double percent = 0;
    if (!given(percentage)) doubtful(r, n, "no percentage: 0 is taken, what matches is dropped");
    else if (!node_double(percentage, &percent)) wrong(r, percentage, "invalid percentage");
    if (!(percent >= 0 && percent <= 100)) {
        wrong(r, percentage, "percentage is not between 0 and 100");
        percent = 0;
    }
    s->percent = (float)percent;
}

void read_sampling(struct reading *r, const struct node *target, struct policy *p)
{
    static const char *const known[] = {"percentage", "mode", "sampling_precision", "hash_seed", "fail_closed", NULL};
    const struct node *n = node_get(target, "keep");
    struct policy_sampling *s = &p->sampling;
    *s = (struct policy_sampling){.percent = 100, .mode = POLICY_HASH_SEED, .precision = 4, .fail_closed = true};
    if (!given(n)) return;
    size_t mark = enter(r, "keep");
    if (n->kind != NODE_MAP) wrong(r, n, "keep is a map with a percentage");
    else {
        read_percentage(r, n, s);
        read_mode(r, node_get(n, "mode"), s);
        s->precision = read_u32(r, node_get(n, "sampling_precision"), "sampling_precision", 4, &s->has_precision);
        if (s->precision < 1 || s->precision > 14) {
            doubtful(r, n, "sampling_precision is not between 1 and 14: the nearest is taken");
            s->precision = s->precision < 1 ? 1 : 14;
        }
        s->seed = read_u32(r, node_get(n, "hash_seed"), "hash_seed", 0, &s->has_seed);
        s->has_fail_closed = given(node_get(n, "fail_closed"));
        s->fail_closed = read_bool(r, node_get(n, "fail_closed"), "fail_closed", true);
        check_keys(r, n, known);
    }
    leave(r, mark);
}
