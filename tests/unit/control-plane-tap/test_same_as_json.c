/* Records of OTLP as the live preview sees them are judged and changed as the evaluator over JSON does it. */
#include "base/die.h"
#include "control-plane/ingest/otlp.h"
#include "control-plane/tap/tree.h"
#include "policy/evaluate.h"
#include "policy/otlp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <dirent.h>

/* ---- a tree as OTLP in JSON ---- */

static json_t *any_json(const struct tree_value *v);

static json_t *pairs_json(const struct tree_pair *list)
{
    json_t *out = json_array();
    for (; list; list = list->next) {
        json_t *pair = json_pack("{s:o}", "key", json_stringn_nocheck(list->key.ptr, list->key.len));
        if (list->there) json_object_set_new(pair, "value", any_json(&list->value));
        json_array_append_new(out, pair);
    }
    return out;
}

static json_t *values_json(const struct tree_pair *list)
{
    json_t *out = json_array();
    for (; list; list = list->next) json_array_append_new(out, any_json(&list->value));
    return out;
}

static json_t *any_json(const struct tree_value *v)
{
    switch (v->type) {
    case VALUE_STRING: return json_pack("{s:o}", "stringValue", json_stringn_nocheck(v->text.ptr ? v->text.ptr : "", v->text.len));
    case VALUE_BOOL: return json_pack("{s:b}", "boolValue", v->boolean);
    case VALUE_INT: return json_pack("{s:I}", "intValue", (json_int_t)v->integer);
    case VALUE_DOUBLE: return json_pack("{s:f}", "doubleValue", v->real);
    case VALUE_ARRAY: return json_pack("{s:{s:o}}", "arrayValue", "values", values_json(v->pairs));
    case VALUE_MAP: return json_pack("{s:{s:o}}", "kvlistValue", "values", pairs_json(v->pairs));
    case VALUE_BYTES: return json_pack("{s:i}", "bytes", (int)v->text.len);
    default: return json_object();
    }
}

static void put_text(json_t *out, const char *key, struct slice s)
{
    if (s.len) json_object_set_new(out, key, json_stringn_nocheck(s.ptr, s.len));
}

static json_t *tree_json(const struct tree *t)
{
    json_t *out = json_object();
    bool body = t->has_body && t->body.type != VALUE_EMPTY;
    if (body) json_object_set_new(out, "body", any_json(&t->body));
    put_text(out, "severityText", t->fields[POLICY_SEVERITY_TEXT]);
    put_text(out, "eventName", t->fields[POLICY_EVENT_NAME]);
    put_text(out, "traceId", t->fields[POLICY_TRACE_ID]);
    put_text(out, "spanId", t->fields[POLICY_SPAN_ID]);
    put_text(out, "resourceUrl", t->fields[POLICY_RESOURCE_SCHEMA_URL]);
    put_text(out, "scopeUrl", t->fields[POLICY_SCOPE_SCHEMA_URL]);
    json_object_set_new(out, "record", pairs_json(t->attributes[POLICY_RECORD]));
    json_object_set_new(out, "resource", pairs_json(t->attributes[POLICY_RESOURCE]));
    json_object_set_new(out, "scope", pairs_json(t->attributes[POLICY_SCOPE]));
    return out;
}

/* ---- the document's record in the same form ---- */

/* Numbers as strings become numbers, bytes their length; empty messages stay. */
static json_t *normal(json_t *value)
{
    json_t *v = json_object_get(value, "intValue"), *list = json_object_get(json_object_get(value, "kvlistValue"), "values");
    json_t *array = json_object_get(json_object_get(value, "arrayValue"), "values"), *item;
    size_t i;
    if (json_is_string(v)) return json_pack("{s:I}", "intValue", (json_int_t)strtoll(json_string_value(v), NULL, 10));
    if (json_is_real(v)) return json_pack("{s:I}", "intValue", (json_int_t)json_real_value(v));
    v = json_object_get(value, "doubleValue");
    if (json_is_integer(v)) return json_pack("{s:f}", "doubleValue", json_number_value(v));
    v = json_object_get(value, "bytesValue");
    if (v) {
        size_t n = json_string_length(v);
        while (n && json_string_value(v)[n - 1] == '=') n--;
        return json_pack("{s:i}", "bytes", (int)(n * 3 / 4));
    }
    if (json_object_get(value, "kvlistValue")) {
        json_t *pairs = json_array();
        json_array_foreach(list, i, item)
        {
            json_t *pair = json_pack("{s:O}", "key", json_object_get(item, "key")), *inner = json_object_get(item, "value");
            if (inner && !json_is_null(inner)) json_object_set_new(pair, "value", normal(inner));
            json_array_append_new(pairs, pair);
        }
        return json_pack("{s:{s:o}}", "kvlistValue", "values", pairs);
    }
    if (json_object_get(value, "arrayValue")) {
        json_t *values = json_array();
        json_array_foreach(array, i, item) json_array_append_new(values, normal(item));
        return json_pack("{s:{s:o}}", "arrayValue", "values", values);
    }
    return json_incref(value);
}

static json_t *normal_pairs(json_t *list)
{
    json_t *whole = json_pack("{s:{s:O}}", "kvlistValue", "values", json_is_array(list) ? list : json_null());
    json_t *out = normal(whole), *pairs = json_incref(json_object_get(json_object_get(out, "kvlistValue"), "values"));
    json_decref(out);
    json_decref(whole);
    return pairs;
}

static void take_text(json_t *out, const char *key, json_t *from, const char *member)
{
    json_t *v = json_object_get(from, member);
    if (json_is_string(v) && json_string_length(v)) json_object_set(out, key, v);
}

static json_t *first_of(json_t *object, const char *key) { return json_array_get(json_object_get(object, key), 0); }

/* Where every id is lower case and not zero, as the cases below have them. */
static json_t *document_json(json_t *document)
{
    json_t *out = json_object(), *in_resource = first_of(document, "resourceLogs"), *in_scope = first_of(in_resource, "scopeLogs");
    json_t *record = first_of(in_scope, "logRecords"), *body = json_object_get(record, "body");
    if (json_object_size(body)) json_object_set_new(out, "body", normal(body));
    take_text(out, "severityText", record, "severityText");
    take_text(out, "eventName", record, "eventName");
    take_text(out, "traceId", record, "traceId");
    take_text(out, "spanId", record, "spanId");
    take_text(out, "resourceUrl", in_resource, "schemaUrl");
    take_text(out, "scopeUrl", in_scope, "schemaUrl");
    json_object_set_new(out, "record", normal_pairs(json_object_get(record, "attributes")));
    json_object_set_new(out, "resource", normal_pairs(json_object_get(json_object_get(in_resource, "resource"), "attributes")));
    json_object_set_new(out, "scope", normal_pairs(json_object_get(json_object_get(in_scope, "scope"), "attributes")));
    return out;
}

/* ---- both ---- */

struct both {
    struct policy_set *set;
    struct evaluator *evaluator;
    struct evaluation *json, *tree;
    struct otlp *otlp;
    struct catalog *catalog;
    struct batch *batch;
    struct vault vault;
    struct verdict by_json, by_tree;
    json_t *after; /* of the tree */
    unsigned records, kept, matched, seen;
};

static void both_begin(struct both *b, struct slice policies, const char *name)
{
    *b = (struct both){.set = policy_set_new()};
    if (!policy_set_read(b->set, policies, POLICY_ANY, name)) fail_msg("%s: no policies", name);
    b->evaluator = evaluator_new(b->set, POLICY_LOG);
    b->json = evaluation_new(b->evaluator, 0);
    b->tree = evaluation_new(b->evaluator, 0);
    b->otlp = otlp_new();
    b->catalog = catalog_new(NULL);
    b->batch = batch_new(b->catalog);
    assert_true(vault_init(&b->vault, 1 << 20));
}

static void both_end(struct both *b)
{
    evaluation_free(b->json);
    evaluation_free(b->tree);
    evaluator_free(b->evaluator);
    policy_set_free(b->set);
    otlp_free(b->otlp);
    batch_free(b->batch);
    catalog_free(b->catalog);
    vault_free(&b->vault);
}

static void note_json(void *context, const json_t *record, const struct verdict *d)
{
    (void)record;
    ((struct both *)context)->by_json = *d;
}

static void see(void *context, const struct otlp_sight *sight)
{
    struct both *b = context;
    struct tree before, after;
    tree_read(&before, &b->vault, sight);
    tree_copy(&after, &before);
    assert_false(before.lost || after.lost);
    json_t *untouched = tree_json(&before);
    b->by_tree = evaluate_log(b->tree, &tree_ops, &after, 7);
    b->after = tree_json(&after);
    b->seen++;
    json_t *still = tree_json(&before);
    assert_true(json_equal(untouched, still));
    json_decref(untouched);
    json_decref(still);
    vault_release(&b->vault, 0);
    for (size_t i = 0; i < b->vault.size; i++)
        if (b->vault.bytes[i]) fail_msg("byte %zu of the vault was not wiped", i);
}

static void fail_with(const char *name, json_t *document, json_t *a, json_t *b)
{
    char *d = json_dumps(document, JSON_COMPACT), *x = json_dumps(a, JSON_COMPACT | JSON_SORT_KEYS),
         *y = json_dumps(b, JSON_COMPACT | JSON_SORT_KEYS);
    fail_msg("%s\n%s\njson %s\ntree %s", name, d, x, y);
}

/* A document of one record. */
static void both_judge(struct both *b, const char *name, json_t *document)
{
    struct otlp_watch watch = {see, b};
    struct otlp_outcome outcome;
    char *text = json_dumps(document, 0);
    unsigned seen = b->seen;
    otlp_logs_watched(slice_str(text), OTLP_JSON, 1, b->batch, &outcome, &watch);
    if (!outcome.ok || b->seen != seen + 1) fail_msg("%s: %s %s", name, outcome.message, text);
    otlp_filter(b->otlp, document, b->json, POLICY_LOG, 7, note_json, b);
    const struct verdict *x = &b->by_json, *y = &b->by_tree;
    if (x->keep != y->keep || x->decided_by != y->decided_by || x->matched_count != y->matched_count || x->fraction != y->fraction)
        fail_msg("%s: %s\njson keep %d by %ld of %zu, tree %d by %ld of %zu", name, text, x->keep, (long)x->decided_by, x->matched_count,
                 y->keep, (long)y->decided_by, y->matched_count);
    if (y->keep) {
        json_t *left = document_json(document);
        if (!json_equal(left, b->after)) fail_with(name, document, left, b->after);
        json_decref(left);
    }
    b->records++;
    b->kept += y->keep;
    b->matched += y->matched_count > 0;
    json_decref(b->after);
    free(text);
}

/* Every record of the document in one of its own. */
static void both_judge_each(struct both *b, const char *name, json_t *document)
{
    json_t *in_resource, *in_scope, *record;
    size_t i, k, n;
    json_array_foreach(json_object_get(document, "resourceLogs"), i, in_resource)
        json_array_foreach(json_object_get(in_resource, "scopeLogs"), k, in_scope)
            json_array_foreach(json_object_get(in_scope, "logRecords"), n, record)
    {
        json_t *r = json_deep_copy(in_resource), *s = json_deep_copy(in_scope);
        json_object_set_new(s, "logRecords", json_pack("[o]", json_deep_copy(record)));
        json_object_set_new(r, "scopeLogs", json_pack("[o]", s));
        json_t *one = json_pack("{s:[o]}", "resourceLogs", r);
        both_judge(b, name, one);
        json_decref(one);
    }
}

/* ---- made up ---- */

static const char policies[] =
    "policies:\n"
    "- {id: a-drop, name: a, log: {match: [{log_field: body, regex: 'health|ping [0-9]+'}], keep: none}}\n"
    "- {id: b-half, name: b, log: {match: [{log_attribute: user, exists: true}], keep: '50%', sample_key: {log_field: trace_id}}}\n"
    "- {id: c-key, name: c, log: {match: [{log_attribute: n, gte: 5}], keep: '30%', sample_key: {log_attribute: user}}}\n"
    "- {id: d-rate, name: d, log: {match: [{log_field: severity_text, exact: WARN}], keep: 3/s}}\n"
    "- {id: e-lost, name: e, log: {match: [{scope_attribute: team, exact: red}], keep: '10%'}}\n"
    "- {id: f-remove, name: f, log: {match: [{resource_attribute: service.name, starts_with: s}], transform: {remove: [{log_attribute: n},"
    " {log_attribute: [deep, er]}, {resource_attribute: host}, {log_field: event_name}, {scope_attribute: none}]}}}\n"
    "- {id: g-redact, name: g, log: {match: [{log_field: body, exists: true}], transform: {redact: [{log_field: body, regex: "
    "'([0-9]{2})[0-9]+',"
    " replacement: '$1..'}, {log_attribute: user, replacement: who}, {log_attribute: [deep, text], regex: e, replacement: EE}]}}}\n"
    "- {id: h-rename, name: h, log: {match: [{log_attribute: user, exists: true}], transform: {rename: [{from_log_attribute: user, to: "
    "who},"
    " {from_log_attribute: [deep, text], to: n, upsert: true}, {from_resource_attribute: host, to: service.name},"
    " {from_log_attribute: tags, to: deep, upsert: true}]}}}\n"
    "- {id: i-add, name: i, log: {match: [{log_field: scope_schema_url, negate: true, exact: none}], transform: {add: [{log_attribute: [x, "
    "y, z],"
    " value: '1'}, {log_attribute: n, value: put, upsert: true}, {log_field: severity_text, value: INFO, upsert: true},"
    " {scope_attribute: new, value: s}, {resource_attribute: [service.name, deep], value: no}]}}}\n"
    "- {id: j-ids, name: j, log: {match: [{log_field: span_id, exists: true}], transform: {redact: [{log_field: trace_id, regex: 'ab',"
    " replacement: zz}], remove: [{log_field: span_id}]}}}\n"
    "- {id: k-body, name: k, log: {match: [{log_field: event_name, contains: gone}], transform: {remove: [{log_field: body}],"
    " add: [{log_field: body, value: new}]}}}\n";

static uint64_t state = 42;
static unsigned below(unsigned n)
{
    state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (unsigned)(state >> 33) % n;
}
static const char *pick(const char *const *of, unsigned n) { return of[below(n)]; }

static json_t *any_text(const char *text) { return json_pack("{s:s}", "stringValue", text); }

static json_t *random_value(unsigned depth)
{
    static const char *const texts[] = {"", "alice", "bob 12345", "eleven e", "x"};
    switch (below(depth ? 8 : 6)) {
    case 0: return json_pack("{s:i}", "intValue", (int)below(10));
    case 1: return json_pack("{s:s}", "intValue", "7");
    case 2: return json_pack("{s:f}", "doubleValue", 2.5 * below(4));
    case 3: return json_pack("{s:b}", "boolValue", (int)below(2));
    case 4: return json_pack("{s:s}", "bytesValue", "AAECAw==");
    case 6: return json_pack("{s:{s:[o,o]}}", "arrayValue", "values", random_value(depth - 1), random_value(depth - 1));
    case 7:
        return json_pack("{s:{s:[{s:s,s:o},{s:s,s:o}]}}", "kvlistValue", "values", "key", "text", "value", any_text(pick(texts, 5)), "key",
                         "er", "value", random_value(depth - 1));
    default: return any_text(pick(texts, 5));
    }
}

static json_t *random_pairs(const char *const *keys, unsigned n)
{
    json_t *list = json_array();
    for (unsigned i = 0, count = below(n + 1); i < count; i++)
        json_array_append_new(list, json_pack("{s:s,s:o}", "key", pick(keys, n), "value", random_value(2)));
    return list;
}

static json_t *random_document(void)
{
    static const char *const of_record[] = {"user", "n", "deep", "tags", "who", "x"}, *const of_resource[] = {"host", "zone"},
                             *const of_scope[] = {"team", "none"};
    static const char *const bodies[] = {"health check", "ping 12", "order 123456 of 99887766 paid", "nothing to see"};
    static const char *const levels[] = {"WARN", "INFO", ""}, *const names[] = {"", "it.gone", "order.made"};
    static const char *const services[] = {"shop", "pay", "s"}, *const ids[] = {"", "ab000000000000000000000000cdefab"};
    static const char hex[] = "0123456789abcdef";
    char id[33] = "";
    for (unsigned i = 0; i < 32; i++) id[i] = hex[1 + below(15)];
    json_t *body = below(4) ? any_text(pick(bodies, 4)) : random_value(2), *resource = random_pairs(of_resource, 2);
    json_array_append_new(resource, json_pack("{s:s,s:o}", "key", "service.name", "value", any_text(pick(services, 3))));
    json_t *record = json_pack("{s:s,s:s,s:s,s:s,s:s,s:o}", "timeUnixNano", "1795442706123456789", "severityText", pick(levels, 3),
                               "eventName", pick(names, 3), "traceId", below(4) ? id : pick(ids, 2), "spanId",
                               below(2) ? "" : "00f067aa0ba902b7", "attributes", random_pairs(of_record, 6));
    if (below(8)) json_object_set_new(record, "body", body);
    else json_decref(body);
    json_t *scope = json_pack("{s:s,s:o}", "name", "lib", "attributes", random_pairs(of_scope, 2));
    return json_pack("{s:[{s:{s:o},s:s,s:[{s:o,s:s,s:[o]}]}]}", "resourceLogs", "resource", "attributes", resource, "schemaUrl",
                     "https://r", "scopeLogs", "scope", scope, "schemaUrl", below(2) ? "https://s" : "", "logRecords", record);
}

static void made_up_records(void **unused)
{
    struct both b;
    (void)unused;
    both_begin(&b, slice_str(policies), "policies");
    for (size_t i = 0; i < b.set->count; i++)
        if (!policy_valid(b.set->policies[i])) fail_msg("%s", b.set->policies[i]->errors[0].message.ptr);
    for (int i = 0; i < 5000; i++) {
        json_t *document = random_document();
        both_judge(&b, "made up", document);
        json_decref(document);
    }
    assert_true(b.kept > 1000 && b.kept < b.records && b.matched > b.kept / 2);
    both_end(&b);
}

/* ---- the specification's cases, where they are at hand ---- */

static bool read_file(const char *folder, const char *name, struct buf *out)
{
    char path[4096], block[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "r");
    buf_init(out, 1 << 20);
    if (!f) return false;
    for (size_t n; (n = fread(block, 1, sizeof block, f));) buf_add(out, block, n);
    fclose(f);
    return true;
}

static bool judge_case(const char *folder, const char *name)
{
    struct buf rules, input;
    bool ok = read_file(folder, "policies.json", &rules);
    ok = read_file(folder, "input.json", &input) && ok;
    json_t *document = ok ? json_loadb(input.data, input.len, 0, NULL) : NULL;
    if (document && json_object_get(document, "resourceLogs")) {
        struct both b;
        both_begin(&b, buf_view(&rules), name);
        both_judge_each(&b, name, document);
        both_end(&b);
    } else ok = false;
    json_decref(document);
    buf_free(&rules);
    buf_free(&input);
    return ok;
}

static void the_specifications_cases(void **unused)
{
    (void)unused;
    const char *shared = getenv("TERO_SHARED");
    char folder[3000], one[4000];
    unsigned cases = 0;
    snprintf(folder, sizeof folder, "%s/data/policy-conformance/testcases", shared ? shared : "../shared");
    DIR *d = opendir(folder);
    if (!d) skip();
    for (struct dirent *e; (e = readdir(d));) {
        if (strncmp(e->d_name, "logs_", 5) != 0) continue;
        snprintf(one, sizeof one, "%s/%s", folder, e->d_name);
        cases += judge_case(one, e->d_name);
    }
    closedir(d);
    assert_true(cases > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(made_up_records), cmocka_unit_test(the_specifications_cases)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
