/* Rows of the pager as cells of the list. */
#include "screens/list_view.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/format.h"
#include "screens/text.h"

enum { CELLS_MAX = 4 << 20, CELLS_SPARE = 1 << 20 };

static enum role role_of(const struct list_view *l, const struct column *c, const json_t *node, const char *text)
{
    if (c->type == COLUMN_SEVERITY) return text_severity_role(text);
    if (c->type == COLUMN_STATE) return text_state_role(text);
    if (l->resource == &resource_services && !api_bool(node, "enabled", true)) return ROLE_DIM;
    if (c->type == COLUMN_MONEY) return ROLE_MONEY;
    if (c->type == COLUMN_TIME) return ROLE_DIM;
    return ROLE_TEXT;
}

/* A series in words: what it adds up to. */
static const char *sum_text(struct list_view *l, const double *values, size_t count)
{
    char text[FORMAT_SIZE];
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += values[i] > 0 ? values[i] : 0;
    format_count(text, sum);
    char *kept = arena_alloc(l->cells, sizeof text);
    if (kept) memcpy(kept, text, sizeof text);
    return kept ? kept : "";
}

static void format_series(struct list_view *l, const struct column *c, const json_t *node, struct list_cell *out)
{
    double values[SERIES_MAX];
    size_t count = column_series(c, node, values, SERIES_MAX);
    double *kept = count ? arena_alloc(l->cells, count * sizeof *kept) : NULL;
    if (kept) memcpy(kept, values, count * sizeof *kept);
    *out = (struct list_cell){.text = "", .role = ROLE_CHART, .series = kept, .series_count = kept ? count : 0};
    if (!l->series) l->series_missing = true;
    if (term_plain()) out->text = sum_text(l, values, count), out->series = NULL;
}

static void format_cell(struct list_view *l, const struct column *c, const json_t *node, struct list_cell *out)
{
    if (c->type == COLUMN_SERIES) {
        format_series(l, c, node, out);
        return;
    }
    const char *text = column_text(l->cells, c, node, l->now);
    if (!text) text = "";
    *out = (struct list_cell){.text = text, .role = role_of(l, c, node, text)};
}

void list_cells_forget(struct list_view *l)
{
    arena_reset(l->cells);
    for (int i = 0; i < CACHED_ROWS; i++) l->rows[i].cells = NULL;
}

void list_cells_frame(struct list_view *l)
{
    const int64_t minute = 60 * NS_PER_SECOND;
    int64_t now = clock_now() / minute * minute;
    if (l->generation != pager_generation(l->pager) || l->now != now || arena_used(l->cells) > CELLS_SPARE) list_cells_forget(l);
    l->generation = pager_generation(l->pager);
    l->now = now;
}

static struct list_cell *cells_of(struct list_view *l, long row)
{
    struct cached_row *r = &l->rows[row % CACHED_ROWS];
    if (r->cells && r->row == row) return r->cells;
    if (!pager_row(l->pager, row)) return NULL;
    r->row = row;
    r->cells = arena_alloc(l->cells, (size_t)l->list.column_count * sizeof *r->cells);
    if (r->cells) memset(r->cells, 0, (size_t)l->list.column_count * sizeof *r->cells);
    return r->cells;
}

static bool cell(void *context, long row, int column, struct list_cell *out)
{
    struct list_view *l = context;
    struct list_cell *cells = cells_of(l, row);
    if (!cells) return false;
    if (!cells[column].text) format_cell(l, &l->resource->columns[l->at[column]], pager_row(l->pager, row), &cells[column]);
    *out = cells[column];
    return true;
}

static bool marked(void *context, long row)
{
    struct list_view *l = context;
    if (l->marks.count == 0) return false;
    const char *id = json_string_value(json_object_get(pager_row(l->pager, row), "id"));
    return id && marks_has(&l->marks, id);
}

void list_cells_open(struct list_view *l)
{
    int count = (int)l->resource->column_count;
    l->cells = arena_new(CELLS_MAX);
    l->columns = xcalloc((size_t)count, sizeof *l->columns);
    l->at = xcalloc((size_t)count, sizeof *l->at);
    l->list = (struct list){.columns = l->columns, .column_count = count, .model = {l, cell, marked}, .height = 1};
}
