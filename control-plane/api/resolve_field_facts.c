/* Sensitive data of a log event by the names of Tero's public API: element and path. What that API has no element for
 * (addresses of machines) is in LogEvent.exposures only. */
#include "control-plane/api/items.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/resolvers.h"
#include "control-plane/catalog/fields.h"
#include "control-plane/catalog/sensitive.h"

enum { SEGMENTS = 2 };

struct fact {
    const char *element;
    struct slice path[SEGMENTS];
    size_t segments;
};

static bool has_element(const char *element) { return strcmp(element, "ip_address") != 0 && strcmp(element, "mac_address") != 0; }

static bool told(const struct items *l, const struct fact *f)
{
    const struct fact *facts = (const void *)l->data;
    for (size_t i = 0; i < l->count; i++) {
        bool path = slice_eq(facts[i].path[0], f->path[0]) && slice_eq(facts[i].path[1], f->path[1]);
        if (path && strcmp(facts[i].element, f->element) == 0) return true;
    }
    return false;
}

static bool read_fact(struct gql_call *call, sqlite3_stmt *st, enum sensitive_family family, struct fact *f)
{
    static const struct slice scopes[FIELD_SCOPES] = {{"body", 4}, {"attributes", 10}, {"resource_attributes", 19}, {"record", 6}};
    int detector = sensitive_find(db_text(st, 2));
    int64_t scope = sqlite3_column_int64(st, 0);
    if (detector < 0 || sensitive_detectors[detector].family != family || scope < 0 || scope >= FIELD_SCOPES) return false;
    *f = (struct fact){.element = sensitive_detectors[detector].element, .path = {scopes[scope]}, .segments = 1};
    if (!has_element(f->element)) return false;
    struct slice path = db_text(st, 1);
    const char *copy = arena_copy(gql_arena(call), path);
    if (path.len && copy) f->path[f->segments++] = slice_of(copy, path.len);
    return true;
}

static void exposures_of(struct gql_call *call, enum sensitive_family family)
{
    const struct log_event *e = gql_parent(call);
    struct db *db = context_of(call)->db;
    struct items *l = items_new(call, sizeof(struct fact));
    sqlite3_stmt *st =
        db_prepare(db, "SELECT scope, path, detector FROM event_exposures WHERE event = ?1 ORDER BY records DESC, scope, path");
    db_bind(st, "i", e->row);
    while (l && db_step(db, st) == DB_ROW) {
        struct fact one, *f;
        if (!read_fact(call, st, family, &one) || told(l, &one)) continue;
        f = items_add(l);
        if (!f) break;
        *f = one;
    }
    sqlite3_reset(st);
    if (l) items_answer(call, l);
}

static void secrets(struct gql_call *call) { exposures_of(call, FAMILY_SECRET); }
static void payment(struct gql_call *call) { exposures_of(call, FAMILY_PAYMENT); }
static void pii(struct gql_call *call) { exposures_of(call, FAMILY_PII); }
static void phi(struct gql_call *call) { exposures_of(call, FAMILY_PHI); }

static void itself(struct gql_call *call) { gql_object(call, gql_parent(call)); }
static void element(struct gql_call *call) { gql_string(call, slice_str(((const struct fact *)gql_parent(call))->element)); }

static void path(struct gql_call *call)
{
    const struct fact *f = gql_parent(call);
    gql_strings(call, f->segments, f->path);
}

#define EXPOSURES(name)                                                                                                                    \
    {"SensitiveDataProfile" name "Exposures", "element", element}, {"SensitiveDataProfile" name "Exposures", "path", itself},              \
        {"SensitiveDataProfile" name "ExposuresPath", "path", path},                                                                       \
    {                                                                                                                                      \
        "SensitiveDataProfile" name "ExposuresPath", "pathFamily", path                                                                    \
    }

const struct gql_binding field_fact_bindings[] = {
    {"LogEvent", "logEventFacts", itself},
    {"LogEventFacts", "sensitiveDataProfile", itself},
    {"SensitiveDataProfile", "secretExposures", secrets},
    {"SensitiveDataProfile", "paymentExposures", payment},
    {"SensitiveDataProfile", "piiExposures", pii},
    {"SensitiveDataProfile", "phiExposures", phi},
    EXPOSURES("Secret"),
    EXPOSURES("Payment"),
    EXPOSURES("PII"),
    EXPOSURES("PHI"),
    {NULL, NULL, NULL},
};
