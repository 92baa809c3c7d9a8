/* Any bytes as an OTLP request while it is looked at live: no access outside, blocks are sound, nothing stays in the scratch memory. */
#include "control-plane/ingest/otlp.h"
#include "control-plane/tap/session.h"

#include "base/clock.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char policies[] =
    "policies:\n"
    "- {id: a, name: a, log: {match: [{log_field: body, regex: 'a.c'}], keep: none}}\n"
    "- {id: b, name: b, log: {match: [{log_attribute: [a, b], exists: true}], keep: '50%', sample_key: {log_field: trace_id}}}\n"
    "- {id: c, name: c, log: {match: [{log_field: body, exists: true}], transform: {remove: [{log_attribute: a}, {resource_attribute: [a, "
    "b]}],"
    " redact: [{log_field: body, regex: '[a-m]+', replacement: 'text$0'}, {log_attribute: [b, c], replacement: gone}],"
    " rename: [{from_log_attribute: b, to: a, upsert: true}, {from_scope_attribute: [a, b], to: c}], add: [{log_attribute: [b, d], value: "
    "'new'}]}}}\n";

static struct session *open_session(struct catalog *c, bool reveal)
{
    struct tap_options o = {.single = true, .seconds = 60, .records = 20, .reveal = reveal, .set = policy_set_new()};
    if (!policy_set_read(o.set, slice_str(policies), POLICY_ANY, "fuzz")) abort();
    return session_new(&o, catalog_words(c));
}

static struct session *sessions[2];
static int64_t now;

static void check_text(const struct tap_record *r, struct tap_text t)
{
    if (t.at && (t.at < sizeof *r + r->field_count * sizeof *r->fields || (size_t)t.at + t.len > r->size)) abort();
}

static void check(const struct session *s)
{
    for (size_t i = 0; i < s->ring.count; i++) {
        const struct tap_record *r = ring_at(&s->ring, i);
        if (r->size > TAP_RECORD_BYTES || r->field_count > ROWS_MOST) abort();
        for (uint32_t k = 0; k < r->field_count; k++) {
            check_text(r, r->fields[k].path);
            check_text(r, r->fields[k].moved_to);
            check_text(r, r->fields[k].before);
            check_text(r, r->fields[k].after);
        }
    }
    if (s->scratch.used) abort();
}

static void see(void *unused, const struct otlp_sight *sight)
{
    (void)unused;
    now += NS_PER_SECOND;
    for (int i = 0; i < 2; i++) {
        session_see(sessions[i], sight, now);
        check(sessions[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct catalog *catalog;
    static struct batch *batch;
    static const struct otlp_watch watch = {see, NULL};
    struct otlp_outcome o;
    if (!catalog) {
        catalog = catalog_new(NULL);
        batch = batch_new(catalog);
        for (int i = 0; i < 2; i++) sessions[i] = open_session(catalog, i == 1);
    }
    if (!size) return 0;
    otlp_logs_watched(slice_of((const char *)data + 1, size - 1), data[0] & 1 ? OTLP_JSON : OTLP_PROTOBUF, 1, batch, &o, &watch);
    batch_clear(batch);
    return 0;
}
