#include "screens/list_state.h"

#include "base/die.h"
#include "base/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char problem_text[320];

static bool blank(char c) { return c == ' ' || c == '\t'; }

/* ---- columns and orders ---- */

static const struct column *column_named(const struct resource *r, struct slice name, const char **problem)
{
    struct suggest near = suggest_for(name);
    for (size_t i = 0; i < r->column_count; i++) {
        if (slice_is(name, r->columns[i].key)) return &r->columns[i];
        suggest_try(&near, r->columns[i].key);
    }
    int n = snprintf(problem_text, sizeof problem_text, "no column \"%.*s\" here", (int)(name.len < 40 ? name.len : 40), name.ptr);
    if (near.best) snprintf(problem_text + n, sizeof problem_text - (size_t)n, "; did you mean %s?", near.best);
    else snprintf(problem_text + n, sizeof problem_text - (size_t)n, "; help %s lists them", r->name);
    *problem = problem_text;
    return NULL;
}

static struct slice item_of(const char *text) { return slice_of(text, strcspn(text, ",")); }

static bool refuse(const char **problem, const char *format, const char *name)
{
    snprintf(problem_text, sizeof problem_text, format, name);
    *problem = problem_text;
    return false;
}

static bool read_key(const struct resource *r, struct slice item, struct list_order *out, const char **problem)
{
    bool turned = item.len && item.ptr[0] == '-';
    struct slice name = slice_of(item.ptr + turned, item.len - turned);
    const char *colon = memchr(name.ptr, ':', name.len);
    struct slice way = colon ? slice_of(colon + 1, (size_t)(name.ptr + name.len - colon - 1)) : SLICE("");
    if (colon) name.len = (size_t)(colon - name.ptr);
    out->column = column_named(r, name, problem);
    if (!out->column) return false;
    if (!out->column->order) return refuse(problem, "cannot sort by %s: the control plane keeps no order of it", out->column->key);
    out->descending = colon ? slice_is(way, "desc") : out->column->descending;
    if (colon && (turned || (!out->descending && !slice_is(way, "asc"))))
        return refuse(problem, "the order of %s: COLUMN, -COLUMN, COLUMN:asc or COLUMN:desc", out->column->key);
    out->descending ^= turned;
    return true;
}

size_t list_order_parse(const struct resource *r, const char *text, struct list_order out[LIST_ORDERS], const char **problem)
{
    size_t count = 0;
    for (;;) {
        struct slice item = item_of(text);
        if (count == LIST_ORDERS) return refuse(problem, "no more than three columns decide the order%s", "");
        if (!read_key(r, item, &out[count], problem)) return 0;
        for (size_t i = 0; i < count; i++)
            if (out[i].column == out[count].column) return refuse(problem, "the order names %s twice", out[i].column->key);
        count++;
        if (!text[item.len]) return count;
        text += item.len + 1;
    }
}

void list_order_print(const struct list_order *order, size_t count, struct buf *out)
{
    for (size_t i = 0; i < count; i++)
        buf_printf(out, "%s%s%s", i ? "," : "", order[i].descending != order[i].column->descending ? "-" : "", order[i].column->key);
}

const struct column **list_columns_parse(const struct resource *r, const char *text, size_t *count, const char **problem)
{
    const struct column **columns = xcalloc(r->column_count + 1, sizeof *columns);
    for (*count = 0;;) {
        struct slice item = item_of(text);
        const struct column *c = column_named(r, item, problem);
        for (size_t i = 0; c && i < *count; i++)
            if (columns[i] == c) c = NULL, refuse(problem, "the columns name %s twice", columns[i]->key);
        if (!c) break;
        columns[(*count)++] = c;
        if (!text[item.len]) return columns;
        text += item.len + 1;
    }
    free(columns);
    return NULL;
}

/* ---- reading ---- */

/* End of a word; what stands in quotes may hold blanks. */
static const char *word_end(const char *at)
{
    bool quoted = false;
    for (; *at && (quoted || !blank(*at)); at++) {
        if (*at == '"') quoted = !quoted;
        else if (*at == '\\' && quoted && at[1]) at++;
    }
    return at;
}

struct slice list_state_word(const char *at)
{
    while (blank(*at)) at++;
    return slice_of(at, (size_t)(word_end(at) - at));
}

static bool begins(const char *at, const char *end, const char *prefix)
{
    size_t n = strlen(prefix);
    return (size_t)(end - at) >= n && !memcmp(at, prefix, n);
}

static bool placed(size_t place, const char **problem)
{
    char text[sizeof problem_text];
    snprintf(text, sizeof text, "%s", *problem);
    snprintf(problem_text, sizeof problem_text, "column %zu: %.280s", place, text);
    *problem = problem_text;
    return false;
}

static bool no_resource(struct slice word, const char **problem)
{
    size_t count;
    struct suggest near = suggest_for(word);
    const struct resource *const *all = resources_all(&count);
    for (size_t i = 0; i < count; i++) suggest_try(&near, all[i]->name);
    int n = snprintf(problem_text, sizeof problem_text, "no list \"%.*s\"", (int)(word.len < 40 ? word.len : 40), word.ptr);
    if (near.best) snprintf(problem_text + n, sizeof problem_text - (size_t)n, "; did you mean %s?", near.best);
    *problem = problem_text;
    return false;
}

static bool read_resource(struct list_state *s, const char **at, const char **problem)
{
    size_t count;
    const char *end = word_end(*at);
    struct slice word = slice_of(*at, (size_t)(end - *at));
    const struct resource *const *all = resources_all(&count);
    for (size_t i = 0; i < count && !s->resource; i++)
        if (slice_is(word, all[i]->name)) s->resource = all[i];
    *at = s->resource ? end : *at;
    return s->resource || no_resource(word, problem);
}

static bool read_part(struct list_state *s, const char *at, const char *end, const char **problem)
{
    bool order = *at == 'o';
    char *value = xstrndup(at + strlen(order ? "order:" : "columns:"), (size_t)(end - at) - strlen(order ? "order:" : "columns:"));
    bool ok = true;
    if (order ? s->order_count > 0 : s->columns != NULL) ok = refuse(problem, "%s stands here twice", order ? "order:" : "columns:");
    else if (order) ok = (s->order_count = list_order_parse(s->resource, value, s->order, problem)) > 0;
    else ok = (s->columns = list_columns_parse(s->resource, value, &s->column_count, problem)) != NULL;
    free(value);
    return ok;
}

static bool is_part(const char *at, const char *end) { return begins(at, end, "order:") || begins(at, end, "columns:"); }

/* The filter keeps its place: what it says is wrong is found in the whole text. */
static bool read_parts(struct list_state *s, const char *text, const char *at, struct buf *filter, const char **problem)
{
    char *same = xstrdup(text);
    bool ok = true;
    memset(same, ' ', (size_t)(at - text));
    while (ok && *at) {
        const char *end = word_end(at);
        if (blank(*at)) {
            at++;
            continue;
        }
        if (is_part(at, end)) {
            ok = read_part(s, at, end, problem) || placed((size_t)(at - text) + 1, problem);
            memset(same + (at - text), ' ', (size_t)(end - at));
        } else {
            if (filter->len) buf_char(filter, ' ');
            buf_add(filter, at, (size_t)(end - at));
        }
        at = end;
    }
    json_t *where = ok ? filter_parse(s->resource, same, problem) : NULL;
    ok = where != NULL;
    json_decref(where);
    free(same);
    return ok;
}

bool list_state_parse(struct list_state *s, const struct resource *r, const char *text, const char **problem)
{
    struct buf filter;
    const char *at = text;
    *s = (struct list_state){.resource = r};
    if (strlen(text) > LIST_STATE_MAX) {
        *problem = "column 8193: this is too long";
        return false;
    }
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' && *c != '\t')
            return refuse(problem, "a control character%s", "") || placed((size_t)(c - text) + 1, problem);
    while (blank(*at)) at++;
    if (!r && !read_resource(s, &at, problem)) return placed((size_t)(at - text) + 1, problem);
    buf_init(&filter, LIST_STATE_MAX + 1);
    bool ok = read_parts(s, text, at, &filter, problem);
    s->filter = ok ? xstrdup(filter.len ? filter.data : "") : NULL;
    buf_free(&filter);
    if (!ok) list_state_free(s);
    return ok;
}

/* ---- writing ---- */

static bool usual_order(const struct list_state *s)
{
    if (s->order_count != 1 || !s->resource->sort) return s->order_count == 0;
    return !strcmp(s->order[0].column->key, s->resource->sort) && s->order[0].descending == s->order[0].column->descending;
}

static bool usual_columns(const struct list_state *s)
{
    size_t n = 0;
    for (size_t i = 0; s->columns && i < s->resource->column_count; i++) {
        if (s->resource->columns[i].off) continue;
        if (n >= s->column_count || s->columns[n++] != &s->resource->columns[i]) return false;
    }
    return !s->columns || n == s->column_count;
}

void list_state_print(const struct list_state *s, struct buf *out)
{
    buf_str(out, s->resource->name);
    if (*s->filter) buf_printf(out, " %s", s->filter);
    if (!usual_order(s)) {
        buf_str(out, " order:");
        list_order_print(s->order, s->order_count, out);
    }
    if (usual_columns(s)) return;
    buf_str(out, " columns:");
    for (size_t i = 0; i < s->column_count; i++) buf_printf(out, "%s%s", i ? "," : "", s->columns[i]->key);
}

void list_state_free(struct list_state *s)
{
    free(s->filter);
    free(s->columns);
    *s = (struct list_state){0};
}
