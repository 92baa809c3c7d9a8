#include "console/headless.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/cells.h"
#include "screens/output.h"
#include "console/session.h"
#include "screens/list_state.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 500, HOSTED_PAGE = 100 };

int complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("tero-console: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return EXIT_USAGE;
}

static int write_error; /* errno of the first write that failed */

static bool output_flush(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) return true;
    if (!write_error) write_error = errno ? errno : EIO;
    return false;
}

int output_end(int code)
{
    if (output_flush() || write_error == EPIPE) return code;
    return complain("cannot write the output: %s", strerror(write_error));
}

struct listing {
    struct session session;
    const struct options *options;
    const struct resource *resource;
    struct list_query query;
    struct list_state state;
    struct writer writer;
    json_t *where;
    char *cursor;
    size_t left; /* rows still wanted */
    int code;
};

static void answered(void *context, const struct api_answer *answer);

static unsigned page_size(const struct listing *l)
{
    unsigned most = l->session.kind == API_HOSTED ? HOSTED_PAGE : PAGE;
    return l->left < most ? (unsigned)l->left : most;
}

static void ask(struct listing *l)
{
    l->query.size = page_size(l);
    l->query.cursor = l->cursor;
    api_send(l->session.api, l->resource->list, resource_list_variables(&l->query, clock_now()), answered, l);
}

/* The next page is asked for before this one is written. */
static void answered(void *context, const struct api_answer *answer)
{
    struct listing *l = context;
    if (answer->status != API_OK) {
        l->code = complain("%s", answer->message);
        return;
    }
    const json_t *connection = api_at(answer->data, l->resource->connection), *edges = api_at(connection, "edges");
    const char *cursor = json_string_value(api_at(connection, "pageInfo.endCursor"));
    if (!json_is_array(edges)) {
        l->code = complain("%s", *answer->message ? answer->message : "the answer holds no list");
        return;
    }
    size_t count = json_array_size(edges);
    l->left -= count < l->left ? count : l->left;
    bool more =
        count && l->left && cursor && api_bool(connection, "pageInfo.hasNextPage", false) && (!l->cursor || strcmp(cursor, l->cursor) != 0);
    free(l->cursor);
    l->cursor = more ? xstrdup(cursor) : NULL;
    if (more) ask(l);
    writer_page(&l->writer, edges, clock_now());
    (void)output_flush();
}

static int run_list(struct listing *l)
{
    l->left = l->options->limit ? l->options->limit : SIZE_MAX;
    ask(l);
    while (api_in_flight(l->session.api) && !write_error) api_poll(l->session.api, NULL, NULL, 0, -1);
    if (l->code) {
        (void)output_flush();
        return l->code;
    }
    writer_end(&l->writer);
    return output_end(EXIT_FINE);
}

struct object {
    json_t *node;
    int code;
};

static void got_object(void *context, const struct api_answer *answer)
{
    struct object *o = context;
    if (answer->status != API_OK && strcmp(answer->code, "NOT_FOUND") != 0) o->code = complain("%s", answer->message);
    else o->node = json_incref((json_t *)answer->data);
}

static int run_object(struct listing *l)
{
    struct object o = {0};
    const char *id = l->options->id;
    api_wait(l->session.api, api_send(l->session.api, l->resource->get, resource_get_variables(id, clock_now()), got_object, &o));
    const json_t *node = api_at(o.node, l->resource->object);
    if (!o.code && !node) o.code = complain("no %s %s", l->resource->singular, id);
    if (!o.code) writer_object(&l->writer, node, clock_now());
    json_decref(o.node);
    return o.code ? o.code : output_end(EXIT_FINE);
}

static bool set_order(struct listing *l, const char **problem)
{
    struct list_state *s = &l->state;
    const char *usual = l->options->sort ? l->options->sort : s->order_count ? NULL : l->resource->sort;
    if (usual) s->order_count = list_order_parse(l->resource, usual, s->order, problem);
    l->query.order = s->order;
    l->query.order_count = s->order_count;
    return s->order_count > 0;
}

/* What --columns says stands above the columns of the words. */
static bool set_columns(struct listing *l, const char **problem)
{
    struct buf keys;
    buf_init(&keys, 1 << 14);
    for (size_t i = 0; i < l->state.column_count; i++) buf_printf(&keys, "%s%s", i ? "," : "", l->state.columns[i]->key);
    const char *chosen = l->options->columns ? l->options->columns : keys.len ? keys.data : NULL;
    bool ok = writer_columns(&l->writer, l->resource, chosen, problem);
    buf_free(&keys);
    return ok;
}

static bool prepare(struct listing *l, const char **problem)
{
    l->writer = (struct writer){.out = stdout, .format = l->options->output, .width = cells_line()};
    l->writer.utf8 = cells_begin() && !l->options->ascii;
    if (!list_state_parse(&l->state, l->resource, l->options->filter, problem)) return false;
    l->where = filter_parse(l->resource, l->state.filter, problem);
    if (!l->where || !set_order(l, problem) || !set_columns(l, problem)) return false;
    l->query.where = l->where;
    for (size_t i = 0; i < l->writer.column_count; i++) l->query.series |= l->writer.columns[i]->type == COLUMN_SERIES;
    return true;
}

static int run(struct listing *l)
{
    char *problem = NULL;
    if (session_open(&l->session, l->options, l->options->patience_ms, &problem)) return l->options->id ? run_object(l) : run_list(l);
    complain("%s", problem);
    free(problem);
    return l->session.code;
}

int headless_list(const struct options *o)
{
    struct listing l = {.options = o, .resource = resource_find(o->resource)};
    const char *problem;
    int code = prepare(&l, &problem) ? run(&l) : complain("%s", problem);
    session_close(&l.session);
    writer_free(&l.writer);
    json_decref(l.where);
    list_state_free(&l.state);
    free(l.cursor);
    return code;
}
