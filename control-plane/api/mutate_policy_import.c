/* Policy files and Datadog exclusion filters, as new policies or new versions of those that are there. */
#include "base/json_read.h"
#include "control-plane/api/items.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_rows.h"
#include "policy/datadog.h"

enum { IMPORT_MAX = 5000, CONVERTED_MAX = 8 * 1024 * 1024, WHY_MAX = 512 };

enum import_result { IMPORT_CREATED, IMPORT_CHANGED, IMPORT_UNCHANGED, IMPORT_FAILED, IMPORT_RESULTS };

struct import_item {
    struct slice wire_id, message;
    enum import_result result;
    unsigned line;
    struct id128 id;
};

struct import {
    struct gql_call *call;
    struct request_context *x;
    struct items *items;
    size_t counts[IMPORT_RESULTS];
    enum policy_source source;
    bool draft;
    struct slice reason;
};

static struct import_item *note(struct import *in, struct slice wire_id, unsigned line, enum import_result result, struct slice message)
{
    struct import_item *item = items_add(in->items);
    if (!item) return NULL;
    *item = (struct import_item){
        .wire_id = arena_slice(in->x, wire_id), .message = arena_slice(in->x, message), .result = result, .line = line};
    in->counts[result]++;
    return item;
}

static enum import_result outcome(const struct policy_answer *a, bool there)
{
    if (a->outcome == POLICY_SAME) return IMPORT_UNCHANGED;
    if (a->outcome != POLICY_DONE) return IMPORT_FAILED;
    return there ? IMPORT_CHANGED : IMPORT_CREATED;
}

static void take(struct import *in, const struct policy *p)
{
    struct policy_actor who = policy_actor_of(in->call);
    struct policy_origin origin = {.source = in->source, .draft = in->draft || !p->enabled, .reason = in->reason};
    struct id128 id;
    bool there = policies_by_wire_id(in->x->db, in->x->account_row, p->id, &id);
    struct policy_answer a = there ? policies_edit_of(in->x->db, &who, id, p, in->reason) : policies_create_of(in->x->db, &who, p, &origin);
    policy_note(in->x, &a);
    bool said = a.outcome != POLICY_DONE && a.outcome != POLICY_SAME;
    struct import_item *item = note(in, p->id, p->line, outcome(&a, there), said ? slice_str(a.message) : SLICE(""));
    if (item && (there || a.outcome == POLICY_DONE)) item->id = there ? id : a.id;
}

static void import_policies(struct import *in, struct slice text, const char *source)
{
    struct policy_set *set = policy_set_new();
    policy_set_read(set, text, POLICY_ANY, source);
    for (size_t i = 0; i < set->error_count; i++) note(in, SLICE(""), set->errors[i].line, IMPORT_FAILED, set->errors[i].message);
    for (size_t i = 0; i < set->count && i < IMPORT_MAX && !in->x->failed; i++) take(in, set->policies[i]);
    if (set->count > IMPORT_MAX) note(in, SLICE(""), 0, IMPORT_FAILED, SLICE("too many policies in one import"));
    policy_set_free(set);
}

/* ---- Datadog ---- */

struct filter_text {
    struct buf id, name, query;
    double rate;
    bool enabled, has_query;
};

static void filter_text_init(struct filter_text *f)
{
    *f = (struct filter_text){.rate = 1, .enabled = true};
    buf_init(&f->id, 1024);
    buf_init(&f->name, 1024);
    buf_init(&f->query, 64 * 1024);
}

static void filter_text_free(struct filter_text *f)
{
    buf_free(&f->id);
    buf_free(&f->name);
    buf_free(&f->query);
}

static bool read_text(struct json_reader *r, struct buf *out)
{
    if (json_next(r) != JSON_STRING) return r->token == JSON_NULL;
    buf_clear(out);
    json_unescape(out, r->text);
    return true;
}

static bool read_flag(struct json_reader *r, bool *out)
{
    enum json_token t = json_next(r);
    *out = t == JSON_TRUE;
    return t == JSON_TRUE || t == JSON_FALSE;
}

/* After its JSON_OBJECT. `filter` holds query and sample_rate in Datadog's own files. */
static bool read_filter(struct json_reader *r, struct filter_text *f)
{
    while (json_next(r) == JSON_KEY) {
        bool ok;
        if (slice_is(r->text, "id")) ok = read_text(r, &f->id);
        else if (slice_is(r->text, "name")) ok = read_text(r, &f->name);
        else if (slice_is(r->text, "query")) ok = f->has_query = read_text(r, &f->query);
        else if (slice_is(r->text, "is_enabled")) ok = read_flag(r, &f->enabled);
        else if (slice_is(r->text, "sample_rate")) {
            ok = json_next(r) == JSON_NUMBER;
            if (ok) f->rate = json_double(r);
        } else if (slice_is(r->text, "filter")) ok = json_next(r) == JSON_OBJECT && read_filter(r, f);
        else ok = json_skip(r);
        if (!ok) return false;
    }
    return r->token == JSON_OBJECT_END;
}

static void write_default_id(struct filter_text *f)
{
    if (f->id.len || !f->name.len) return;
    buf_str(&f->id, "datadog-");
    for (size_t i = 0; i < f->name.len; i++) {
        char c = f->name.data[i];
        buf_char(&f->id, (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : '-');
    }
}

static void convert(struct import *in, struct filter_text *f)
{
    char error[WHY_MAX] = "";
    struct buf json;
    write_default_id(f);
    struct datadog_filter filter = {.id = buf_view(&f->id),
                                    .name = buf_view(f->name.len ? &f->name : &f->id),
                                    .query = buf_view(&f->query),
                                    .sample_rate = f->rate,
                                    .enabled = f->enabled};
    buf_init(&json, CONVERTED_MAX);
    if (!f->has_query) note(in, filter.id, 0, IMPORT_FAILED, SLICE("the filter has no query"));
    else if (datadog_import(&json, &filter, error, sizeof error)) import_policies(in, buf_view(&json), "Datadog exclusion filter");
    else note(in, filter.id, 0, IMPORT_FAILED, slice_str(error));
    buf_free(&json);
}

static bool read_filters(struct import *in, struct json_reader *r)
{
    while (json_next(r) == JSON_OBJECT) {
        struct filter_text f;
        filter_text_init(&f);
        bool ok = read_filter(r, &f);
        if (ok) convert(in, &f);
        filter_text_free(&f);
        if (!ok) return false;
    }
    return r->token == JSON_ARRAY_END;
}

/* Objects and lists on the way to "exclusion_filters" (an index of Datadog's API, a list of indexes) are walked. */
static bool walk(struct import *in, struct json_reader *r, bool *found)
{
    enum json_token t;
    while ((t = json_next(r)) != JSON_END && t != JSON_ERROR) {
        if (t != JSON_KEY || !slice_is(r->text, "exclusion_filters")) continue;
        *found = true;
        if (json_next(r) != JSON_ARRAY || !read_filters(in, r)) return false;
    }
    return t == JSON_END;
}

static void import_datadog(struct import *in, struct slice text)
{
    struct json_reader r;
    bool found = false, ok;
    size_t start = 0;
    while (start < text.len && strchr(" \t\r\n", text.ptr[start])) start++;
    json_begin(&r, text);
    if (start < text.len && text.ptr[start] == '[' && !memmem(text.ptr, text.len, "\"exclusion_filters\"", 19)) {
        found = true;
        ok = json_next(&r) == JSON_ARRAY && read_filters(in, &r);
    } else {
        ok = walk(in, &r, &found);
    }
    if (!ok)
        note(in, SLICE(""), 0, IMPORT_FAILED, slice_str(r.error ? r.error : "not the JSON of Datadog's log indexes or exclusion filters"));
    else if (!found) note(in, SLICE(""), 0, IMPORT_FAILED, SLICE("the text holds no exclusion_filters"));
}

/* ---- resolvers ---- */

static void import(struct gql_call *call)
{
    const struct gql_value *input = gql_arg(call, "input");
    struct import *in = arena_zero(gql_arena(call), sizeof *in);
    if (!policy_may_write(call)) return;
    if (in) in->items = items_new(call, sizeof(struct import_item));
    if (!in || !in->items) return;
    in->call = call;
    in->x = context_of(call);
    bool datadog = slice_is(optional_text(gql_entry(input, "format")), "DATADOG_EXCLUSION_FILTERS");
    in->source = datadog ? SOURCE_DATADOG : SOURCE_MANUAL;
    in->draft = optional_bool(gql_entry(input, "draft"), false);
    in->reason = optional_text(gql_entry(input, "reason"));
    struct slice text = gql_entry(input, "text")->text;
    if (datadog) import_datadog(in, text);
    else import_policies(in, text, "import");
    gql_object(call, in);
}

static const struct import *result(struct gql_call *call) { return gql_parent(call); }
static const struct import_item *item(struct gql_call *call) { return gql_parent(call); }
static void results(struct gql_call *call) { items_answer(call, result(call)->items); }
static void created(struct gql_call *call) { gql_int(call, (int64_t)result(call)->counts[IMPORT_CREATED]); }
static void changed(struct gql_call *call) { gql_int(call, (int64_t)result(call)->counts[IMPORT_CHANGED]); }
static void same(struct gql_call *call) { gql_int(call, (int64_t)result(call)->counts[IMPORT_UNCHANGED]); }
static void failed(struct gql_call *call) { gql_int(call, (int64_t)result(call)->counts[IMPORT_FAILED]); }
static void item_wire_id(struct gql_call *call) { leaf_optional(call, item(call)->wire_id.len ? item(call)->wire_id : slice_of(NULL, 0)); }

static void item_outcome(struct gql_call *call)
{
    static const struct slice names[IMPORT_RESULTS] = {{"CREATED", 7}, {"CHANGED", 7}, {"UNCHANGED", 9}, {"FAILED", 6}};
    gql_string(call, names[item(call)->result]);
}

static void item_message(struct gql_call *call) { leaf_optional(call, item(call)->message.len ? item(call)->message : slice_of(NULL, 0)); }

static void item_line(struct gql_call *call)
{
    if (item(call)->line) gql_int(call, item(call)->line);
    else gql_null(call);
}

static void item_policy(struct gql_call *call)
{
    bool there = item(call)->id.hi || item(call)->id.lo;
    gql_object(call, there ? policy_by_id(context_of(call), item(call)->id) : NULL);
}

const struct gql_binding policy_import_bindings[] = {
    {"Mutation", "importPolicies", import},         {"PolicyImportResult", "results", results},
    {"PolicyImportResult", "created", created},     {"PolicyImportResult", "changed", changed},
    {"PolicyImportResult", "unchanged", same},      {"PolicyImportResult", "failed", failed},
    {"PolicyImportItem", "policyID", item_wire_id}, {"PolicyImportItem", "outcome", item_outcome},
    {"PolicyImportItem", "message", item_message},  {"PolicyImportItem", "line", item_line},
    {"PolicyImportItem", "policy", item_policy},    {NULL, NULL, NULL},
};
