#include "control-plane/ingest/otlp_wire.h"

#include "control-plane/ingest/otlp.h"

enum message { LEAF, REQUEST, RESOURCE_LOGS, RESOURCE, SCOPE_LOGS, SCOPE, RECORD, KEY_VALUE, ANY, LIST, MAP, MESSAGES };

/* What a known field is; wire is kept one higher, so that 0 means an unknown field. */
struct rule {
    unsigned char wire;
    unsigned char child; /* enum message */
};
#define KIND(w)                                                                                                                            \
    {                                                                                                                                      \
        (w) + 1, LEAF                                                                                                                      \
    }
#define CHILD(m)                                                                                                                           \
    {                                                                                                                                      \
        PROTO_BYTES + 1, (m)                                                                                                               \
    }
enum { KNOWN = 13 };

static const struct rule rules[MESSAGES][KNOWN] = {
    [REQUEST] = {[REQUEST_RESOURCE_LOGS] = CHILD(RESOURCE_LOGS)},
    [RESOURCE_LOGS] = {[RESOURCE_LOGS_RESOURCE] = CHILD(RESOURCE),
                       [RESOURCE_LOGS_SCOPE_LOGS] = CHILD(SCOPE_LOGS),
                       [RESOURCE_LOGS_SCHEMA_URL] = KIND(PROTO_BYTES)},
    [RESOURCE] = {[RESOURCE_ATTRIBUTES] = CHILD(KEY_VALUE), [RESOURCE_DROPPED] = KIND(PROTO_VARINT)},
    [SCOPE_LOGS] = {[SCOPE_LOGS_SCOPE] = CHILD(SCOPE), [SCOPE_LOGS_RECORDS] = CHILD(RECORD), [SCOPE_LOGS_SCHEMA_URL] = KIND(PROTO_BYTES)},
    [SCOPE] = {[SCOPE_NAME] = KIND(PROTO_BYTES),
               [SCOPE_VERSION] = KIND(PROTO_BYTES),
               [SCOPE_ATTRIBUTES] = CHILD(KEY_VALUE),
               [SCOPE_DROPPED] = KIND(PROTO_VARINT)},
    [RECORD] = {[RECORD_TIME] = KIND(PROTO_FIXED64),
                [RECORD_SEVERITY_NUMBER] = KIND(PROTO_VARINT),
                [RECORD_SEVERITY_TEXT] = KIND(PROTO_BYTES),
                [RECORD_BODY] = CHILD(ANY),
                [RECORD_ATTRIBUTES] = CHILD(KEY_VALUE),
                [RECORD_DROPPED] = KIND(PROTO_VARINT),
                [RECORD_FLAGS] = KIND(PROTO_FIXED32),
                [RECORD_TRACE_ID] = KIND(PROTO_BYTES),
                [RECORD_SPAN_ID] = KIND(PROTO_BYTES),
                [RECORD_OBSERVED_TIME] = KIND(PROTO_FIXED64),
                [RECORD_EVENT_NAME] = KIND(PROTO_BYTES)},
    [KEY_VALUE] = {[KEY_VALUE_KEY] = KIND(PROTO_BYTES), [KEY_VALUE_VALUE] = CHILD(ANY)},
    [ANY] = {[ANY_STRING] = KIND(PROTO_BYTES),
             [ANY_BOOL] = KIND(PROTO_VARINT),
             [ANY_INT] = KIND(PROTO_VARINT),
             [ANY_DOUBLE] = KIND(PROTO_FIXED64),
             [ANY_ARRAY] = CHILD(LIST),
             [ANY_MAP] = CHILD(MAP),
             [ANY_BYTES] = KIND(PROTO_BYTES)},
    [LIST] = {[VALUES] = CHILD(ANY)},
    [MAP] = {[VALUES] = CHILD(KEY_VALUE)},
};

struct place {
    const char *why;
    const char *at;
};

static bool check(enum message m, struct slice bytes, unsigned depth, struct place *place)
{
    struct proto p;
    struct proto_field f;
    if (m == ANY && ++depth > OTLP_DEPTH) return true;
    proto_begin(&p, bytes);
    for (const char *start = p.at; proto_next(&p, &f); start = p.at) {
        if (f.number >= KNOWN || !rules[m][f.number].wire) continue;
        const struct rule *rule = &rules[m][f.number];
        if (rule->wire != f.wire + 1) {
            *place = (struct place){"wrong wire type", start};
            return false;
        }
        if (rule->child != LEAF && !check((enum message)rule->child, f.bytes, depth, place)) return false;
    }
    if (p.error) *place = (struct place){p.error, p.at};
    return !p.error;
}

bool otlp_check(struct slice request, const char **why, size_t *at)
{
    struct place place = {0};
    if (check(REQUEST, request, 0, &place)) return true;
    *why = place.why;
    *at = place.at && request.ptr ? (size_t)(place.at - request.ptr) : 0;
    return false;
}
