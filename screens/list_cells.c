/* Rows of the pager as cells of the list. */
#include "screens/list_view.h"

#include "base/die.h"
#include "screens/text.h"

static bool is_number(enum column_type type)
{
    return type == COLUMN_COUNT || type == COLUMN_BYTES || type == COLUMN_RATE || type == COLUMN_MONEY || type == COLUMN_TIME;
}

static enum role role_of(const struct list_view *l, const struct column *c, const json_t *node, const char *text)
{
    if (c->type == COLUMN_SEVERITY) return text_severity_role(text);
    if (l->resource == &resource_services && !api_bool(node, "enabled", true)) return ROLE_DIM;
    if (c->type == COLUMN_MONEY) return ROLE_MONEY;
    if (c->type == COLUMN_TIME) return ROLE_DIM;
    return ROLE_TEXT;
}

/* The heading with the mark of the order fits; the name, which takes what is left, stays readable. */
void list_cells_width(struct list_view *l, int column)
{
    const struct column *c = &l->resource->columns[column];
    struct list_column *out = &l->columns[column];
    int heading = text_width(c->title) + (column == l->sort ? 2 : 0);
    int least = c->max == 0 && c->type == COLUMN_TEXT ? 24 : heading;
    out->min = c->min > least ? c->min : least;
    out->max = c->max > 0 && c->max < out->min ? out->min : c->max;
}

static bool cell(void *context, long row, int column, struct list_cell *out)
{
    struct list_view *l = context;
    const json_t *node = pager_row(l->pager, row);
    const struct column *c = &l->resource->columns[column];
    if (!node) return false;
    if (c->type == COLUMN_SERIES) {
        *out = (struct list_cell){.role = ROLE_CHART, .series = l->series};
        out->series_count = column_series(c, node, l->series, SERIES_MAX);
        return true;
    }
    const char *text = column_text(l->cells, c, node, l->now);
    *out = (struct list_cell){.text = text ? text : "", .role = role_of(l, c, node, text ? text : "")};
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
    const struct resource *r = l->resource;
    l->columns = xcalloc(r->column_count, sizeof *l->columns);
    for (size_t i = 0; i < r->column_count; i++) {
        const struct column *c = &r->columns[i];
        l->columns[i] = (struct list_column){
            .title = c->title,
            .priority = c->priority,
            .align = is_number(c->type) ? ALIGN_RIGHT : ALIGN_LEFT,
            .hidden = c->off,
        };
    }
    l->list = (struct list){.columns = l->columns, .column_count = (int)r->column_count, .model = {l, cell, marked}, .height = 1};
}
