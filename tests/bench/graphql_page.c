/* What the GraphQL engine alone costs for a page of 50 rows with 12 fields: no store, no HTTP.
 * The floor of executing is the same bytes written by hand with the same value writers. Microseconds of CPU, best of
 * several batches; one line a figure: name, unit, ours, floor, ratio. */
#include "base/clock.h"
#include "base/die.h"
#include "base/json_write.h"
#include "control-plane/graphql/document.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROWS = 50, BATCH = 400, BATCHES = 15 };

static const char sdl[] =
    "scalar Time scalar Cursor enum Severity { TRACE DEBUG INFO WARN ERROR FATAL }\n"
    "enum EventOrderField { NAME EVENT_COUNT } enum Direction { ASC DESC }\n"
    "input EventOrder { field: EventOrderField! direction: Direction! = ASC }\n"
    "input EventWhere { serviceID: ID nameContains: String severityIn: [Severity!] not: EventWhere and: [EventWhere!] }\n"
    "type Query { events(first: Int, after: Cursor, orderBy: EventOrder, where: EventWhere): EventConnection! }\n"
    "type EventConnection { totalCount: Int! pageInfo: PageInfo! edges: [EventEdge!] }\n"
    "type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: Cursor endCursor: Cursor }\n"
    "type EventEdge { node: Event cursor: Cursor! }\n"
    "type Event { id: ID! name: String! displayName: String template: String! severity: Severity eventCount: Float! byteCount: Float!\n"
    "  firstSeenAt: Time! lastSeenAt: Time! withheld: Boolean! service: Service! }\n"
    "type Service { id: ID! name: String! }\n";

static const char query[] =
    "query ListEvents($first: Int, $after: Cursor, $orderBy: EventOrder, $where: EventWhere, $total: Boolean! = true) {\n"
    "  events(first: $first, after: $after, orderBy: $orderBy, where: $where) {\n"
    "    totalCount @include(if: $total)\n"
    "    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n"
    "    edges { node { id name displayName template severity eventCount byteCount firstSeenAt lastSeenAt withheld service { id name } } "
    "}\n"
    "  }\n"
    "}\n";

static const char variables[] = "{\"first\":50,\"orderBy\":{\"field\":\"EVENT_COUNT\",\"direction\":\"DESC\"},"
                                "\"where\":{\"severityIn\":[\"WARN\",\"ERROR\"],\"nameContains\":\"time\"}}";

struct row {
    struct slice id, name, display, pattern, severity, service_id, service;
    int64_t events, bytes, first, last;
};

static struct row rows[ROWS];

static struct slice text_of(const char *format, int n)
{
    char text[128];
    int length = snprintf(text, sizeof text, format, n);
    return slice_of(xstrndup(text, (size_t)length), (size_t)length);
}

static void make_rows(void)
{
    for (int i = 0; i < ROWS; i++)
        rows[i] = (struct row){.id = text_of("0190d3c4-7a11-8f00-9c00-0000000%05d", i),
                               .name = text_of("payment_provider_timed_out_%d", i),
                               .display = text_of("payment provider timed out %d", i),
                               .pattern = text_of("payment provider <*> timed out after <*> ms, attempt %d of <*>", i),
                               .severity = SLICE("WARN"),
                               .service_id = text_of("0190d3c4-7a11-8f00-8c00-0000000%05d", i / 5),
                               .service = text_of("checkout-%d", i / 5),
                               .events = 1234567 - i,
                               .bytes = INT64_C(987654321) + i,
                               .first = INT64_C(1790000000) * NS_PER_SECOND,
                               .last = INT64_C(1790003600) * NS_PER_SECOND + i};
}

/* ---- resolvers ---- */

static const struct row *row_of(struct gql_call *call) { return gql_parent(call); }
static void *row_at(void *list, size_t i) { return &((struct row *)list)[i]; }
static void same(struct gql_call *call) { gql_object(call, rows); }
static void parent(struct gql_call *call) { gql_object(call, gql_parent(call)); }
static void edges(struct gql_call *call) { gql_list(call, ROWS, row_at, rows); }
static void total(struct gql_call *call) { gql_int(call, 1000000); }
static void yes(struct gql_call *call) { gql_bool(call, true); }
static void no(struct gql_call *call) { gql_bool(call, false); }
static void id(struct gql_call *call) { gql_string(call, row_of(call)->id); }
static void name(struct gql_call *call) { gql_string(call, row_of(call)->name); }
static void display(struct gql_call *call) { gql_string(call, row_of(call)->display); }
static void pattern(struct gql_call *call) { gql_string(call, row_of(call)->pattern); }
static void severity(struct gql_call *call) { gql_string(call, row_of(call)->severity); }
static void events(struct gql_call *call) { gql_int(call, row_of(call)->events); }
static void bytes(struct gql_call *call) { gql_int(call, row_of(call)->bytes); }
static void first(struct gql_call *call) { gql_time(call, row_of(call)->first); }
static void last(struct gql_call *call) { gql_time(call, row_of(call)->last); }
static void service_id(struct gql_call *call) { gql_string(call, row_of(call)->service_id); }
static void service(struct gql_call *call) { gql_string(call, row_of(call)->service); }

static const struct gql_binding bindings[] = {
    {"Query", "events", same},
    {"EventConnection", "totalCount", total},
    {"EventConnection", "pageInfo", same},
    {"EventConnection", "edges", edges},
    {"PageInfo", "hasNextPage", yes},
    {"PageInfo", "hasPreviousPage", no},
    {"PageInfo", "startCursor", id},
    {"PageInfo", "endCursor", id},
    {"EventEdge", "node", parent},
    {"EventEdge", "cursor", id},
    {"Event", "id", id},
    {"Event", "name", name},
    {"Event", "displayName", display},
    {"Event", "template", pattern},
    {"Event", "severity", severity},
    {"Event", "eventCount", events},
    {"Event", "byteCount", bytes},
    {"Event", "firstSeenAt", first},
    {"Event", "lastSeenAt", last},
    {"Event", "withheld", no},
    {"Event", "service", parent},
    {"Service", "id", service_id},
    {"Service", "name", service},
};

/* ---- by hand ---- */

static void text_field(struct buf *out, const char *key, struct slice value)
{
    buf_str(out, key);
    json_write_string(out, value);
}

static void time_field(struct buf *out, const char *key, int64_t ns)
{
    buf_str(out, key);
    buf_char(out, '"');
    clock_rfc3339(out, ns);
    buf_char(out, '"');
}

static void row_by_hand(struct buf *out, const struct row *r)
{
    text_field(out, "{\"node\":{\"id\":", r->id);
    text_field(out, ",\"name\":", r->name);
    text_field(out, ",\"displayName\":", r->display);
    text_field(out, ",\"template\":", r->pattern);
    text_field(out, ",\"severity\":", r->severity);
    buf_str(out, ",\"eventCount\":");
    buf_i64(out, r->events);
    buf_str(out, ",\"byteCount\":");
    buf_i64(out, r->bytes);
    time_field(out, ",\"firstSeenAt\":", r->first);
    time_field(out, ",\"lastSeenAt\":", r->last);
    buf_str(out, ",\"withheld\":false");
    text_field(out, ",\"service\":{\"id\":", r->service_id);
    text_field(out, ",\"name\":", r->service);
    buf_str(out, "}}}");
}

static void page_by_hand(struct buf *out)
{
    buf_str(out, "{\"data\":{\"events\":{\"totalCount\":1000000,\"pageInfo\":{\"hasNextPage\":true,\"hasPreviousPage\":false");
    text_field(out, ",\"startCursor\":", rows[0].id);
    text_field(out, ",\"endCursor\":", rows[0].id);
    buf_str(out, "},\"edges\":[");
    for (size_t i = 0; i < ROWS; i++) {
        if (i) buf_char(out, ',');
        row_by_hand(out, &rows[i]);
    }
    buf_str(out, "]}}}");
}

/* ---- measuring ---- */

struct bench {
    struct gql_schema *schema;
    struct gql_cache *cache;
    struct gql_document *doc;
    struct arena *arena;
    struct buf out, expected;
};

static void cold(struct bench *b) { gql_document_release(gql_document_new(b->schema, &gql_default_limits, SLICE(query), &b->out)); }

static void hit(struct bench *b) { gql_document_release(gql_cache_get(b->cache, SLICE(query), &b->out)); }

static void request(struct bench *b)
{
    struct gql_request r = {.doc = b->doc, .variables = SLICE(variables), .arena = b->arena};
    buf_clear(&b->out);
    arena_reset(b->arena);
    if (gql_execute(&r, &b->out) != GQL_DONE) die("%s", b->out.data);
}

static void by_hand(struct bench *b)
{
    buf_clear(&b->out);
    page_by_hand(&b->out);
}

static void hit_and_coerce(struct bench *b)
{
    static const char no_rows[] =
        "query ($first: Int, $after: Cursor, $orderBy: EventOrder, $where: EventWhere, $total: Boolean! = true) {\n"
        "  events(first: $first, after: $after, orderBy: $orderBy, where: $where) { totalCount @include(if: $total) } }";
    struct gql_document *doc = gql_cache_get(b->cache, SLICE(no_rows), &b->out);
    struct gql_request r = {.doc = doc, .variables = SLICE(variables), .arena = b->arena};
    buf_clear(&b->out);
    arena_reset(b->arena);
    if (gql_execute(&r, &b->out) != GQL_DONE) die("%s", b->out.data);
    gql_document_release(doc);
}

static double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double measure(void (*run)(struct bench *b), struct bench *b)
{
    double best = 1e9;
    for (int i = 0; i < BATCHES; i++) {
        double start = cpu();
        for (int j = 0; j < BATCH; j++) run(b);
        double spent = (cpu() - start) / BATCH;
        if (spent < best) best = spent;
    }
    return best;
}

static void check_same(struct bench *b)
{
    request(b);
    buf_clear(&b->expected);
    page_by_hand(&b->expected);
    if (!slice_eq(buf_view(&b->out), buf_view(&b->expected)))
        die("the engine and the floor write different pages:\n%s\n%s", b->out.data, b->expected.data);
}

int main(void)
{
    const char *problem;
    struct bench b = {.arena = arena_new((size_t)1 << 24)};
    make_rows();
    b.schema = gql_schema_new(SLICE(sdl), bindings, sizeof bindings / sizeof *bindings, &problem);
    if (!b.schema) die("%s", problem);
    b.cache = gql_cache_new(b.schema, &gql_default_limits, 64);
    buf_init(&b.out, (size_t)1 << 24);
    buf_init(&b.expected, (size_t)1 << 24);
    b.doc = gql_cache_get(b.cache, SLICE(query), &b.out);
    if (!b.doc) die("%s", b.out.data);
    check_same(&b);
    double floor = measure(by_hand, &b), ours = measure(request, &b), lookup = measure(hit, &b);
    printf("graphql parse+validate+plan (cold), us, %.1f, -, -\n", measure(cold, &b));
    printf("graphql cache hit, us, %.2f, -, -\n", lookup);
    printf("graphql cache hit + coerce, us, %.2f, -, -\n", measure(hit_and_coerce, &b));
    printf("graphql execute %d rows (%zu bytes), us, %.1f, %.1f, %.2fx\n", ROWS, b.expected.len, ours, floor, ours / floor);
    printf("graphql overhead of a page (hit + execute - floor), us, %.1f, 30.0, %.2fx\n", lookup + ours - floor,
           (lookup + ours - floor) / 30);
    gql_document_release(b.doc);
    gql_cache_free(b.cache);
    gql_schema_free(b.schema);
    buf_free(&b.out);
    buf_free(&b.expected);
    arena_free(b.arena);
    return 0;
}
