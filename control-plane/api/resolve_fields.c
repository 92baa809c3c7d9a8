#include "control-plane/api/items.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/resolvers.h"
#include "control-plane/catalog/fields.h"
#include "control-plane/catalog/sensitive.h"
#include "control-plane/store/field_rows.h"

enum { TYPES = 8, CLASSES = 9, FIELD_NUMBERS = 13, SHAPE_NUMBERS = 20 };

/* Columns as in FIELD_SELECT. */
struct field_item {
    int64_t event, scope, role, types, classes, records, bytes, length_min, length_max, length_sum, length_p95, distinct, event_records;
    struct slice path;
};

struct exposure_item {
    const struct sensitive_detector *detector;
    int64_t scope, records, first_seen, last_seen;
    struct slice path; /* path[0]: the scope, path[1]: the field */
};

struct twin_item {
    int64_t scope, records, equal;
    struct slice path;
};

struct shape_item {
    int64_t n[SHAPE_NUMBERS];
};

static const struct slice scopes[FIELD_SCOPES] = {{"body", 4}, {"attribute", 9}, {"resource", 8}, {"record", 6}};
static struct slice scope_name(int64_t scope) { return scopes[scope >= 0 && scope < FIELD_SCOPES ? scope : 0]; }

static struct slice kept(struct gql_call *call, struct slice text)
{
    const char *copy = arena_copy(gql_arena(call), text);
    return copy ? slice_of(copy, text.len) : SLICE("");
}

/* ---- sensitive data ---- */

static void read_exposures(struct gql_call *call, sqlite3_stmt *st)
{
    struct items *l = items_new(call, sizeof(struct exposure_item));
    struct db *db = context_of(call)->db;
    while (l && db_step(db, st) == DB_ROW) {
        int detector = sensitive_find(db_text(st, 2));
        if (detector < 0) continue;
        struct exposure_item *x = items_add(l);
        if (!x) break;
        *x = (struct exposure_item){&sensitive_detectors[detector], sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 3),
                                    sqlite3_column_int64(st, 4),    sqlite3_column_int64(st, 5), kept(call, db_text(st, 1))};
    }
    sqlite3_reset(st);
    if (l) items_answer(call, l);
}

#define EXPOSURE_SELECT "SELECT scope, path, detector, records, first_seen, last_seen FROM event_exposures WHERE event = ?1"

static void event_exposures(struct gql_call *call)
{
    const struct log_event *e = gql_parent(call);
    sqlite3_stmt *st = db_prepare(context_of(call)->db, EXPOSURE_SELECT " ORDER BY records DESC, scope, path, detector");
    db_bind(st, "i", e->row);
    read_exposures(call, st);
}

static void field_exposures(struct gql_call *call)
{
    const struct field_item *f = gql_parent(call);
    sqlite3_stmt *st = db_prepare(context_of(call)->db, EXPOSURE_SELECT " AND scope = ?2 AND path = ?3 ORDER BY records DESC, detector");
    db_bind(st, "iit", f->event, f->scope, f->path);
    read_exposures(call, st);
}

static const struct exposure_item *exposure(struct gql_call *call) { return gql_parent(call); }
static void exposure_family(struct gql_call *call)
{
    gql_string(call, slice_str(sensitive_family_names[exposure(call)->detector->family]));
}
static void exposure_element(struct gql_call *call) { gql_string(call, slice_str(exposure(call)->detector->element)); }
static void exposure_detector(struct gql_call *call) { gql_string(call, slice_str(exposure(call)->detector->name)); }
static void exposure_scope(struct gql_call *call) { gql_string(call, scope_name(exposure(call)->scope)); }
static void exposure_count(struct gql_call *call) { gql_float(call, (double)exposure(call)->records); }
static void exposure_first(struct gql_call *call) { gql_time(call, exposure(call)->first_seen); }
static void exposure_last(struct gql_call *call) { gql_time(call, exposure(call)->last_seen); }

static void exposure_path(struct gql_call *call)
{
    const struct exposure_item *x = exposure(call);
    gql_string(call, x->path);
}

/* ---- fields ---- */

static void event_fields(struct gql_call *call)
{
    const struct log_event *e = gql_parent(call);
    struct items *l = items_new(call, sizeof(struct field_item));
    struct db *db = context_of(call)->db;
    sqlite3_stmt *st = db_prepare(db, "SELECT event, scope, role, types, classes, records, bytes, length_min, length_max, length_sum,"
                                      " length_p95, distinct_values, (SELECT records FROM event_shapes s WHERE s.event = f.event), path"
                                      " FROM event_fields f WHERE event = ?1 ORDER BY scope, path");
    db_bind(st, "i", e->row);
    while (l && db_step(db, st) == DB_ROW) {
        struct field_item *f = items_add(l);
        if (!f) break;
        int64_t n[FIELD_NUMBERS];
        for (int i = 0; i < FIELD_NUMBERS; i++) n[i] = sqlite3_column_int64(st, i);
        *f = (struct field_item){n[0], n[1], n[2], n[3],  n[4],  n[5],  n[6],
                                 n[7], n[8], n[9], n[10], n[11], n[12], kept(call, db_text(st, 13))};
    }
    sqlite3_reset(st);
    if (l) items_answer(call, l);
}

static const struct field_item *field(struct gql_call *call) { return gql_parent(call); }
static double average(int64_t sum, int64_t n) { return n ? (double)sum / (double)n : 0; }
static double share(int64_t part, int64_t all) { return all > 0 && part < all ? (double)part / (double)all : 1; }

static void field_path(struct gql_call *call) { gql_string(call, field(call)->path); }
static void field_scope(struct gql_call *call) { gql_string(call, scope_name(field(call)->scope)); }
static void field_records(struct gql_call *call) { gql_float(call, (double)field(call)->records); }
static void field_presence(struct gql_call *call) { gql_float(call, share(field(call)->records, field(call)->event_records)); }
static void field_bytes(struct gql_call *call) { gql_float(call, (double)field(call)->bytes); }
static void field_distinct(struct gql_call *call) { gql_float(call, (double)field(call)->distinct); }
static void field_shortest(struct gql_call *call) { gql_float(call, (double)field(call)->length_min); }
static void field_longest(struct gql_call *call) { gql_float(call, (double)field(call)->length_max); }
static void field_average(struct gql_call *call) { gql_float(call, average(field(call)->length_sum, field(call)->records)); }
static void field_p95(struct gql_call *call) { gql_float(call, (double)field(call)->length_p95); }

static void names_of_bits(struct gql_call *call, int64_t bits, const struct slice *names, size_t n)
{
    struct slice *list = arena_alloc(gql_arena(call), n * sizeof *list);
    size_t count = 0;
    for (size_t i = 0; list && i < n; i++)
        if (bits >> i & 1) list[count++] = names[i];
    gql_strings(call, count, list);
}

static void field_types(struct gql_call *call)
{
    static const struct slice names[TYPES] = {{"empty", 5},  {"string", 6}, {"bool", 4},  {"int", 3},
                                              {"double", 6}, {"bytes", 5},  {"array", 5}, {"map", 3}};
    names_of_bits(call, field(call)->types, names, TYPES);
}

static void field_characters(struct gql_call *call)
{
    static const struct slice names[CLASSES] = {{"lower", 5}, {"upper", 5},        {"hex", 3},     {"letter", 6},       {"digit", 5},
                                                {"blank", 5}, {"punctuation", 11}, {"control", 7}, {"beyond_ascii", 12}};
    names_of_bits(call, field(call)->classes, names, CLASSES);
}

/* ---- fields that say the same ---- */

static void field_twins(struct gql_call *call)
{
    const struct field_item *f = gql_parent(call);
    struct items *l = items_new(call, sizeof(struct twin_item));
    struct db *db = context_of(call)->db;
    sqlite3_stmt *st =
        db_prepare(db, "SELECT other_scope, records, equal, other_path FROM event_field_pairs WHERE event = ?1 AND scope = ?2"
                       " AND path = ?3 ORDER BY equal DESC, other_scope, other_path");
    db_bind(st, "iit", f->event, f->scope, f->path);
    while (l && db_step(db, st) == DB_ROW) {
        struct twin_item *t = items_add(l);
        if (!t) break;
        *t = (struct twin_item){sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1), sqlite3_column_int64(st, 2),
                                kept(call, db_text(st, 3))};
    }
    sqlite3_reset(st);
    if (l) items_answer(call, l);
}

static const struct twin_item *twin(struct gql_call *call) { return gql_parent(call); }
static void twin_path(struct gql_call *call) { gql_string(call, twin(call)->path); }
static void twin_scope(struct gql_call *call) { gql_string(call, scope_name(twin(call)->scope)); }
static void twin_records(struct gql_call *call) { gql_float(call, (double)twin(call)->records); }
static void twin_equal(struct gql_call *call) { gql_float(call, share(twin(call)->equal, twin(call)->records)); }

/* ---- shapes ---- */

static void event_shape(struct gql_call *call)
{
    const struct log_event *e = gql_parent(call);
    struct db *db = context_of(call)->db;
    sqlite3_stmt *st = db_prepare(db, "SELECT records, fields_dropped, severity_given, body_text, body_structured, body_bytes, body_max,"
                                      " body_p50, body_p95, binary_bodies, truncated_bodies, unparsable_bodies, bots, bots_seen, probes,"
                                      " health_ok, placeholder, active_minutes, peak_minute, median_minute FROM event_shapes"
                                      " WHERE event = ?1");
    db_bind(st, "i", e->row);
    struct shape_item *s = db_step(db, st) == DB_ROW ? arena_zero(gql_arena(call), sizeof *s) : NULL;
    for (int i = 0; s && i < SHAPE_NUMBERS; i++) s->n[i] = sqlite3_column_int64(st, i);
    sqlite3_reset(st);
    gql_object(call, s);
}

#define SHAPE(name, column)                                                                                                                \
    static void shape_##name(struct gql_call *call) { gql_float(call, (double)((const struct shape_item *)gql_parent(call))->n[column]); }
SHAPE(records, 0)
SHAPE(dropped, 1)
SHAPE(severity, 2)
SHAPE(text, 3)
SHAPE(structured, 4)
SHAPE(max, 6)
SHAPE(p50, 7)
SHAPE(p95, 8)
SHAPE(binary, 9)
SHAPE(truncated, 10)
SHAPE(unparsable, 11)
SHAPE(bots, 12)
SHAPE(probes, 14)
SHAPE(health, 15)
SHAPE(active, 17)
SHAPE(peak, 18)
SHAPE(median, 19)

static void shape_placeholder(struct gql_call *call) { gql_bool(call, ((const struct shape_item *)gql_parent(call))->n[16] != 0); }

static void shape_average(struct gql_call *call)
{
    const struct shape_item *s = gql_parent(call);
    gql_float(call, average(s->n[5], s->n[0]));
}

static void shape_bot_names(struct gql_call *call)
{
    const struct shape_item *s = gql_parent(call);
    struct slice names[64];
    size_t n = 0;
    for (unsigned i = 0; n < 64 && bot_name(i); i++)
        if (s->n[13] >> i & 1) names[n++] = slice_str(bot_name(i));
    gql_strings(call, n, names);
}

const struct gql_binding field_bindings[] = {
    {"LogEvent", "fields", event_fields},
    {"LogEvent", "exposures", event_exposures},
    {"LogEvent", "shape", event_shape},
    {"LogEventField", "path", field_path},
    {"LogEventField", "scope", field_scope},
    {"LogEventField", "types", field_types},
    {"LogEventField", "characters", field_characters},
    {"LogEventField", "recordCount", field_records},
    {"LogEventField", "presence", field_presence},
    {"LogEventField", "distinct", field_distinct},
    {"LogEventField", "minLength", field_shortest},
    {"LogEventField", "maxLength", field_longest},
    {"LogEventField", "averageLength", field_average},
    {"LogEventField", "p95Length", field_p95},
    {"LogEventField", "bytes", field_bytes},
    {"LogEventField", "sensitive", field_exposures},
    {"LogEventField", "twins", field_twins},
    {"LogEventFieldTwin", "path", twin_path},
    {"LogEventFieldTwin", "scope", twin_scope},
    {"LogEventFieldTwin", "recordCount", twin_records},
    {"LogEventFieldTwin", "equal", twin_equal},
    {"LogEventExposure", "family", exposure_family},
    {"LogEventExposure", "element", exposure_element},
    {"LogEventExposure", "detector", exposure_detector},
    {"LogEventExposure", "scope", exposure_scope},
    {"LogEventExposure", "path", exposure_path},
    {"LogEventExposure", "count", exposure_count},
    {"LogEventExposure", "firstSeenAt", exposure_first},
    {"LogEventExposure", "lastSeenAt", exposure_last},
    {"LogEventShape", "recordCount", shape_records},
    {"LogEventShape", "fieldsDroppedCount", shape_dropped},
    {"LogEventShape", "severityGivenCount", shape_severity},
    {"LogEventShape", "textBodyCount", shape_text},
    {"LogEventShape", "structuredBodyCount", shape_structured},
    {"LogEventShape", "averageBodyLength", shape_average},
    {"LogEventShape", "maxBodyLength", shape_max},
    {"LogEventShape", "p50BodyLength", shape_p50},
    {"LogEventShape", "p95BodyLength", shape_p95},
    {"LogEventShape", "binaryBodyCount", shape_binary},
    {"LogEventShape", "truncatedBodyCount", shape_truncated},
    {"LogEventShape", "unparsableBodyCount", shape_unparsable},
    {"LogEventShape", "botCount", shape_bots},
    {"LogEventShape", "bots", shape_bot_names},
    {"LogEventShape", "probeCount", shape_probes},
    {"LogEventShape", "healthCheckOkCount", shape_health},
    {"LogEventShape", "isPlaceholder", shape_placeholder},
    {"LogEventShape", "activeMinuteCount", shape_active},
    {"LogEventShape", "peakMinuteCount", shape_peak},
    {"LogEventShape", "medianMinuteCount", shape_median},
    {NULL, NULL, NULL},
};
