#include "screens/output.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/die.h"
#include "screens/cells.h"
#include "screens/plain.h"

#include <stdlib.h>
#include <string.h>

enum { GAP = 2, ARENA_MAX = 64 << 20, SERIES = 24 };

static const char *const names[OUTPUTS] = {"table", "json", "csv", "yaml", "markdown"};

const char *output_name(int format) { return format >= 0 && format < OUTPUTS ? names[format] : NULL; }

int output_named(const char *name)
{
    const char *dot = strrchr(name, '.');
    if (dot) name = dot + 1;
    if (dot && !strcmp(name, "md")) return OUTPUT_MARKDOWN;
    if (dot && !strcmp(name, "yml")) return OUTPUT_YAML;
    for (int i = 0; i < OUTPUTS; i++)
        if (!strcmp(name, names[i])) return i;
    return -1;
}

static bool wanted(const struct writer *w, const struct column *c)
{
    if (c->type == COLUMN_SERIES) return false;
    return w->format != OUTPUT_TABLE || !c->off;
}

static bool pick(struct writer *w, const struct resource *r, const char *key, size_t len, const char **problem)
{
    static char text[160];
    for (size_t i = 0; i < r->column_count; i++) {
        const struct column *c = &r->columns[i];
        if (strlen(c->key) != len || memcmp(c->key, key, len) != 0) continue;
        w->columns[w->column_count++] = c;
        return true;
    }
    snprintf(text, sizeof text, "no column %.*s; tero-console help %s lists them", (int)(len < 40 ? len : 40), key, r->name);
    *problem = text;
    return false;
}

bool writer_columns(struct writer *w, const struct resource *r, const char *keys, const char **problem)
{
    size_t most = r->column_count;
    for (const char *c = keys; c && *c; c++) most += *c == ',';
    w->columns = xcalloc(most + 1, sizeof(void *));
    w->widths = xcalloc(most + 1, sizeof *w->widths);
    bool all = keys && !strcmp(keys, "all");
    for (size_t i = 0; (!keys || all) && i < r->column_count; i++)
        if (all || wanted(w, &r->columns[i])) w->columns[w->column_count++] = &r->columns[i];
    while (keys && !all) {
        size_t len = strcspn(keys, ",");
        if (!pick(w, r, keys, len, problem)) return false;
        keys = keys[len] ? keys + len + 1 : NULL;
    }
    return true;
}

void writer_free(struct writer *w)
{
    free(w->columns);
    free(w->widths);
}

static bool right(const struct column *c)
{
    return c->type == COLUMN_COUNT || c->type == COLUMN_BYTES || c->type == COLUMN_RATE || c->type == COLUMN_MONEY;
}

/* Widths that the cells of the first page want, cut to the line: what matters least goes first, then what takes the
 * rest shrinks. */
static void fit(struct writer *w)
{
    for (;;) {
        int total = -GAP, elastic = -1, drop = -1;
        for (size_t i = 0; i < w->column_count; i++) {
            const struct column *c = w->columns[i];
            if (!w->widths[i]) continue;
            total += w->widths[i] + GAP;
            if (!c->max && (elastic < 0 || w->widths[i] > w->widths[elastic])) elastic = (int)i;
            if (c->priority && (drop < 0 || c->priority >= w->columns[drop]->priority)) drop = (int)i;
        }
        int over = total - w->width;
        if (over <= 0) return;
        int spare = elastic < 0 ? 0 : w->widths[elastic] - (w->columns[elastic]->min > 4 ? w->columns[elastic]->min : 4);
        if (spare >= over || (drop < 0 && elastic >= 0 && spare > 0)) {
            w->widths[elastic] -= spare < over ? spare : over;
            if (spare >= over) return;
        } else if (drop >= 0) w->widths[drop] = 0;
        else return;
    }
}

static void table_row(struct writer *w, const char *const *cells)
{
    size_t last = w->column_count;
    while (last > 0 && !w->widths[last - 1]) last--;
    for (size_t i = 0; i < last; i++) {
        if (!w->widths[i]) continue;
        cell_write(w->out, cells[i], w->widths[i], right(w->columns[i]), i + 1 == last, w->utf8);
        if (i + 1 < last) fputs("  ", w->out);
    }
    fputc('\n', w->out);
}

static void table_heading(struct writer *w, const char *const *cells, size_t rows)
{
    const char **titles = xcalloc(w->column_count + 1, sizeof *titles);
    for (size_t i = 0; i < w->column_count; i++) {
        const struct column *c = w->columns[i];
        titles[i] = c->title;
        w->widths[i] = cell_width(c->title);
        for (size_t row = 0; row < rows; row++) {
            int n = cell_width(cells[row * w->column_count + i]);
            if (n > w->widths[i]) w->widths[i] = n;
        }
        if (c->max && w->widths[i] > c->max && !right(c) && c->type != COLUMN_TIME && c->type != COLUMN_SERIES) w->widths[i] = c->max;
    }
    fit(w);
    table_row(w, titles);
    free(titles);
}

static const char *cell_text(const struct writer *w, struct arena *arena, const struct column *c, const json_t *node, int64_t now_ns)
{
    double values[SERIES];
    if (c->type != COLUMN_SERIES) return column_text(arena, c, node, now_ns);
    struct buf line;
    buf_init(&line, 4 * SERIES + 1);
    plain_sparkline(&line, values, column_series(c, node, values, SERIES), w->utf8);
    const char *text = arena_copy(arena, buf_view(&line));
    buf_free(&line);
    return text ? text : "";
}

static const json_t *node_of(const json_t *edges, size_t i) { return json_object_get(json_array_get(edges, i), "node"); }

static void table_page(struct writer *w, const json_t *edges, int64_t now_ns)
{
    size_t count = json_array_size(edges);
    struct arena *arena = arena_new(ARENA_MAX);
    const char **cells = xcalloc(count * w->column_count + 1, sizeof *cells);
    for (size_t row = 0; row < count; row++)
        for (size_t i = 0; i < w->column_count; i++)
            cells[row * w->column_count + i] = cell_text(w, arena, w->columns[i], node_of(edges, row), now_ns);
    if (!w->rows) table_heading(w, cells, count);
    for (size_t row = 0; row < count; row++) table_row(w, cells + row * w->column_count);
    free(cells);
    arena_free(arena);
}

static void json_row(struct writer *w, const json_t *node)
{
    struct buf line;
    buf_init(&line, 16 << 20);
    buf_str(&line, w->one ? "{\n" : w->rows ? ",\n {" : "[{");
    for (size_t i = 0; i < w->column_count; i++) {
        json_t *value = column_value(w->columns[i], node);
        buf_str(&line, !w->one ? (i ? ", " : "") : i ? ",\n  " : "  ");
        plain_json_string(&line, w->columns[i]->key, strlen(w->columns[i]->key));
        buf_str(&line, ": ");
        plain_json(&line, value);
        json_decref(value);
    }
    buf_str(&line, w->one ? "\n}\n" : "}");
    fwrite(line.data, 1, line.len, w->out);
    buf_free(&line);
}

static void csv_value(FILE *out, const json_t *value)
{
    struct buf text;
    buf_init(&text, 4 << 20);
    plain_csv(&text, value);
    if (text.data) fwrite(text.data, 1, text.len, out);
    buf_free(&text);
}

static void csv_heading(struct writer *w)
{
    for (size_t i = 0; i < w->column_count; i++) fprintf(w->out, "%s%s", i ? "," : "", w->columns[i]->key);
    fputs("\r\n", w->out);
}

static void csv_row(struct writer *w, const json_t *node)
{
    for (size_t i = 0; i < w->column_count; i++) {
        json_t *value = column_value(w->columns[i], node);
        if (i) fputc(',', w->out);
        csv_value(w->out, value);
        json_decref(value);
    }
    fputs("\r\n", w->out);
}

/* What JSON writes is YAML as well. */
static void yaml_row(struct writer *w, const json_t *node)
{
    struct buf line;
    buf_init(&line, 16 << 20);
    for (size_t i = 0; i < w->column_count; i++) {
        json_t *value = column_value(w->columns[i], node);
        buf_printf(&line, "%s%s: ", w->one ? "" : i ? "  " : "- ", w->columns[i]->key);
        plain_json(&line, value);
        buf_char(&line, '\n');
        json_decref(value);
    }
    fwrite(line.data, 1, line.len, w->out);
    buf_free(&line);
}

static void markdown_heading(struct writer *w)
{
    for (size_t i = 0; i < w->column_count; i++) fprintf(w->out, "| %s ", w->columns[i]->key);
    fputs("|\n", w->out);
    for (size_t i = 0; i < w->column_count; i++) fputs(right(w->columns[i]) ? "|---:" : "|---", w->out);
    fputs("|\n", w->out);
}

static void markdown_row(struct writer *w, const json_t *node)
{
    for (size_t i = 0; i < w->column_count; i++) {
        json_t *value = column_value(w->columns[i], node);
        struct buf text;
        buf_init(&text, 4 << 20);
        plain_markdown(&text, value);
        fprintf(w->out, "| %s ", text.data ? text.data : "");
        buf_free(&text);
        json_decref(value);
    }
    fputs("|\n", w->out);
}

static void write_row(struct writer *w, const json_t *node)
{
    switch (w->format) {
    case OUTPUT_JSON: json_row(w, node); break;
    case OUTPUT_YAML: yaml_row(w, node); break;
    case OUTPUT_MARKDOWN: markdown_row(w, node); break;
    default: csv_row(w, node); break;
    }
}

void writer_page(struct writer *w, const json_t *edges, int64_t now_ns)
{
    size_t count = json_array_size(edges);
    if (w->format == OUTPUT_TABLE) {
        table_page(w, edges, now_ns);
        w->rows += count;
        return;
    }
    if (w->format == OUTPUT_CSV && !w->rows) csv_heading(w);
    if (w->format == OUTPUT_MARKDOWN && !w->rows) markdown_heading(w);
    for (size_t i = 0; i < count; i++, w->rows++) write_row(w, node_of(edges, i));
}

void writer_end(struct writer *w)
{
    if (w->format == OUTPUT_JSON && !w->one) fputs(w->rows ? "]\n" : "[]\n", w->out);
    if (w->format == OUTPUT_YAML && !w->rows) fputs("[]\n", w->out);
}

/* A count of one object is told to the last digit. */
static void exact(struct writer *w, const json_t *node, const struct column *c)
{
    json_t *value = column_value(c, node);
    csv_value(w->out, value);
    json_decref(value);
}

void writer_object(struct writer *w, const json_t *node, int64_t now_ns)
{
    w->one = true;
    if (w->format != OUTPUT_TABLE) {
        json_t *edges = json_pack("[{sO}]", "node", node);
        writer_page(w, edges, now_ns);
        json_decref(edges);
        return;
    }
    struct arena *arena = arena_new(ARENA_MAX);
    int widest = 0;
    for (size_t i = 0; i < w->column_count; i++)
        if ((int)strlen(w->columns[i]->key) > widest) widest = (int)strlen(w->columns[i]->key);
    for (size_t i = 0; i < w->column_count; i++) {
        fprintf(w->out, "%-*s  ", widest, w->columns[i]->key);
        if (w->columns[i]->type == COLUMN_COUNT) exact(w, node, w->columns[i]);
        else fputs(cell_text(w, arena, w->columns[i], node, now_ns), w->out);
        fputc('\n', w->out);
    }
    arena_free(arena);
}
