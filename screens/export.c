#include "screens/export.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/age.h"
#include "screens/export_file.h"
#include "screens/output.h"
#include "screens/plain.h"
#include "screens/screens.h"
#include "screens/text.h"
#include "tui/prompt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PAGE = 500, HOSTED_PAGE = 100, COUNT_ROOM = 72 };

struct export
{
    struct view v;
    struct list_state state;
    json_t *where, *loaded /* edges, instead of asking; NULL: ask */;
    int64_t loaded_at; /* wall clock */
    struct writer writer;
    struct export_file file;
    char *cursor, *result; /* result: how it ended */
    long total, count_at;
    uint64_t ticket;
    int64_t sent_at;
};

static struct export *self(struct view *v) { return (struct export *)v; }
static const struct export *seen(const struct view *v) { return (const struct export *)v; }

/* ---- the file ---- */

/* In JSON a member, else a comment; the count is filled in at the end. */
static void head_line(struct export *e, const char *name, const char *value)
{
    FILE *out = e->writer.out;
    struct buf text;
    buf_init(&text, 1 << 16);
    plain_json_string(&text, value, strlen(value));
    if (e->writer.format == OUTPUT_JSON) fprintf(out, " \"%s\": %s,\n", name, text.data);
    else if (e->writer.format == OUTPUT_MARKDOWN) fprintf(out, "- %s: `%s`\n", name, value);
    else fprintf(out, "# %s: %s\n", name, value);
    buf_free(&text);
}

static void write_head(struct export *e)
{
    bool json = e->writer.format == OUTPUT_JSON;
    struct buf text;
    buf_init(&text, 1 << 16);
    if (json) fputs("{\n", e->writer.out);
    list_state_print(&e->state, &text);
    head_line(e, "list", text.data);
    buf_clear(&text);
    clock_rfc3339(&text, clock_now());
    head_line(e, "time", text.data);
    if (e->loaded) {
        buf_clear(&text);
        clock_rfc3339(&text, e->loaded_at);
        buf_str(&text, ", what was loaded then: the control plane could not be reached");
        head_line(e, "as of", text.data);
    }
    if (app_options(e->v.app)->bundle) head_line(e, "bundle of", app_options(e->v.app)->bundle);
    buf_free(&text);
    head_line(e, "control plane", app_options(e->v.app)->profile);
    head_line(e, "withheld", "what the screen withholds or masks is so here");
    fputs(json ? " \"count\": " : e->writer.format == OUTPUT_MARKDOWN ? "- rows: " : "# rows: ", e->writer.out);
    e->count_at = ftell(e->writer.out);
    fprintf(e->writer.out, "%*s%s", COUNT_ROOM, "", json ? ",\n \"rows\": " : e->writer.format == OUTPUT_MARKDOWN ? "\n\n" : "\n");
}

static void write_count(struct export *e)
{
    char text[COUNT_ROOM + 1];
    long rows = (long)e->writer.rows;
    if (e->writer.format == OUTPUT_JSON) snprintf(text, sizeof text, "%ld", rows);
    else if (e->total == rows) snprintf(text, sizeof text, "%ld, all of them", rows);
    else snprintf(text, sizeof text, "%ld; the list had %ld when it began", rows, e->total);
    if (fseek(e->writer.out, e->count_at, SEEK_SET) == 0) fputs(text, e->writer.out);
}

/* NULL, or what went wrong. */
static const char *finish_file(struct export *e)
{
    writer_end(&e->writer);
    if (e->writer.format == OUTPUT_JSON) fputs("}\n", e->writer.out);
    write_count(e);
    export_file_note(&e->file);
    return export_file_finish(&e->file);
}

static void end(struct export *e, enum role role, char *result)
{
    struct app *app = e->v.app;
    free(e->result);
    e->result = result;
    app_dirty(app);
    if (!app_is_top(app, &e->v)) return;
    char *said = xstrdup(result);
    app_back(app);
    app_message(app, role, "%s", said);
    free(said);
}

static void finish(struct export *e)
{
    char count[32];
    const char *problem = finish_file(e);
    count_text(count, sizeof count, (long)e->writer.rows);
    if (problem) end(e, ROLE_BAD, xasprintf("not exported: %s: %s", e->file.path, problem));
    else if (e->loaded) end(e, ROLE_WARN, xasprintf("OFFLINE, not asked anew: %s loaded rows of %ld in %s", count, e->total, e->file.path));
    else end(e, ROLE_GOOD, xasprintf("%s rows in %s", count, e->file.path));
}

/* ---- the rows ---- */

static void answered(void *context, const struct api_answer *answer);

static void ask(struct export *e)
{
    struct list_query q = {.where = e->where, .order = e->state.order, .order_count = e->state.order_count, .cursor = e->cursor};
    q.size = app_options(e->v.app)->kind == API_HOSTED ? HOSTED_PAGE : PAGE;
    q.total = !e->cursor;
    for (size_t i = 0; i < e->writer.column_count; i++) q.series |= e->writer.columns[i]->type == COLUMN_SERIES;
    e->sent_at = clock_monotonic();
    e->ticket = api_send(app_api(e->v.app), e->state.resource->list, resource_list_variables(&q, clock_now()), answered, e);
}

static void answered(void *context, const struct api_answer *answer)
{
    struct export *e = context;
    e->ticket = 0;
    app_dirty(e->v.app);
    const json_t *connection = answer->status == API_OK ? api_at(answer->data, e->state.resource->connection) : NULL;
    const json_t *edges = api_at(connection, "edges");
    const char *cursor = json_string_value(api_at(connection, "pageInfo.endCursor"));
    if (!json_is_array(edges)) {
        end(e, ROLE_BAD, xasprintf("not exported: %s", *answer->message ? answer->message : "the answer holds no list"));
        return;
    }
    if (!e->cursor) e->total = (long)api_integer(connection, "totalCount", 0);
    errno = 0;
    writer_page(&e->writer, edges, clock_now());
    export_file_note(&e->file);
    bool more = json_array_size(edges) && cursor && api_bool(connection, "pageInfo.hasNextPage", false);
    more = more && (!e->cursor || strcmp(cursor, e->cursor) != 0);
    free(e->cursor);
    e->cursor = more ? xstrdup(cursor) : NULL;
    if (more && !e->file.error) ask(e);
    else finish(e);
}

/* ---- the panel ---- */

static unsigned context(const struct view *v)
{
    (void)v;
    return CONTEXT_PANE;
}

static int height(const struct view *v, int body)
{
    (void)v;
    return body < 2 ? body : 2;
}

static void paint(struct view *v, int y, int lines)
{
    const struct export *e = seen(v);
    char done[32], all[32];
    count_text(done, sizeof done, (long)e->writer.rows);
    count_text(all, sizeof all, e->total);
    char *text = e->result ? xstrdup(e->result)
                           : xasprintf("%s of %s rows%sEsc stops, and leaves no file%s%s", done, all, text_dot(), text_dot(), e->file.path);
    paint_rule(y);
    paint_text(y, 2, term_columns() - 4, ROLE_HEADING, " Export ");
    paint_clear(y + 1, 0, ROLE_TEXT);
    if (lines > 1) paint_cell(y + 1, 1, term_columns() - 2, ROLE_TEXT, ALIGN_LEFT, text);
    free(text);
}

static void title(const struct view *v, struct buf *out)
{
    (void)v;
    buf_str(out, "Export");
}

static int64_t busy(const struct view *v) { return seen(v)->ticket ? seen(v)->sent_at : 0; }

static void dispose(struct view *v)
{
    struct export *e = self(v);
    if (e->ticket) api_cancel(app_api(v->app), e->ticket);
    export_file_close(&e->file);
    writer_free(&e->writer);
    list_state_free(&e->state);
    json_decref(e->where);
    json_decref(e->loaded);
    free(e->cursor);
    free(e->result);
    free(e);
}

static bool action(struct view *v, int id)
{
    if (id == ACT_BACK && !seen(v)->result) app_message(v->app, ROLE_WARN, "the export was stopped; no file is left");
    return false;
}

static const struct view_ops ops = {
    .context = context,
    .height = height,
    .paint = paint,
    .action = action,
    .title = title,
    .busy = busy,
    .close = dispose,
};

/* ---- the start ---- */

static char *columns_text(const struct list_state *s)
{
    struct buf keys;
    buf_init(&keys, 1 << 14);
    for (size_t i = 0; i < s->column_count; i++) buf_printf(&keys, "%s%s", i ? "," : "", s->columns[i]->key);
    return keys.data;
}

static void begin(void *context)
{
    struct export *e = context;
    const char *problem;
    char *columns = columns_text(&e->state);
    bool ok = writer_columns(&e->writer, e->state.resource, columns, &problem);
    free(columns);
    e->where = filter_parse(e->state.resource, e->state.filter, &problem);
    if (!ok || !e->where || !export_file_open(&e->file)) {
        app_message(e->v.app, ROLE_BAD, "not exported: %s: %s", e->file.path, strerror(errno));
        dispose(&e->v);
        return;
    }
    e->writer.out = e->file.out;
    write_head(e);
    app_push(e->v.app, &e->v);
    if (!e->loaded) {
        ask(e);
        return;
    }
    writer_page(&e->writer, e->loaded, clock_now());
    finish(e);
}

static void drop(void *context) { dispose(&((struct export *)context)->v); }

static int format_of(const char **arguments)
{
    char word[16];
    size_t len = strcspn(*arguments, " ");
    snprintf(word, sizeof word, "%.*s", (int)(len < sizeof word ? len : sizeof word - 1), *arguments);
    int format = strchr(word, '.') ? -1 : output_named(word);
    if (format >= 0 && (*arguments)[len] == ' ') *arguments += len + strspn(*arguments + len, " ");
    else format = strchr(*arguments, '.') ? output_named(*arguments) : -1;
    return format;
}

static void start(struct app *app, const struct list_state *s, const char *arguments, struct export *e)
{
    const char *problem;
    struct buf text;
    int format = format_of(&arguments);
    if (format < 0 || format == OUTPUT_TABLE || !*arguments) {
        app_message(app, ROLE_BAD, "export [csv|json|yaml|markdown] FILE; without a format the file ends in .csv .json .yaml .md");
        dispose(&e->v);
        return;
    }
    e->writer.format = (enum output)format;
    export_file_name(&e->file, arguments);
    buf_init(&text, 2 * LIST_STATE_MAX);
    list_state_print(s, &text);
    bool ok = list_state_parse(&e->state, NULL, text.data, &problem);
    buf_free(&text);
    if (!ok) {
        app_message(app, ROLE_BAD, "not exported: %s", problem);
        dispose(&e->v);
        return;
    }
    if (!e->state.order_count && e->state.resource->sort)
        e->state.order_count = list_order_parse(e->state.resource, e->state.resource->sort, e->state.order, &problem);
    export_file_ask(app, &e->file, begin, drop, e);
}

static struct export *export_new(struct app *app)
{
    struct export *e = xcalloc(1, sizeof *e);
    e->v = (struct view){.ops = &ops, .app = app};
    return e;
}

void export_start(struct app *app, const struct list_state *s, const char *arguments) { start(app, s, arguments, export_new(app)); }

void export_loaded(struct app *app, const struct list_state *s, const char *arguments, const struct pager *rows)
{
    struct export *e = export_new(app);
    long first, end;
    pager_loaded(rows, &first, &end);
    e->loaded = json_array();
    for (long row = first; row < end; row++) json_array_append_new(e->loaded, json_pack("{sO*}", "node", pager_row(rows, row)));
    e->loaded_at = clock_real() - (clock_monotonic() - pager_answered(rows));
    e->total = pager_count(rows);
    start(app, s, arguments, e);
}

char *export_name(const struct resource *r)
{
    char when[32];
    struct tm tm;
    time_t now = time(NULL);
    strftime(when, sizeof when, "%Y%m%d-%H%M", localtime_r(&now, &tm));
    return xasprintf("%s-%s.csv", r->name, when);
}
