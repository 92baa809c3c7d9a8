#include "control-plane/policies/preview.h"

#include "control-plane/api/items.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_rows.h"

enum { LISTED_DEFAULT = 20, NOTES = 6, PROBLEM_MAX = 4096 };
enum { PREVIEWED_MAX = 2 * PREVIEW_EVENTS }; /* log events in one request */

struct preview_answer {
    struct preview preview;
    struct slice notes[NOTES];
    size_t note_count;
};

static void note(struct preview_answer *a, const char *text)
{
    if (a->note_count < NOTES) a->notes[a->note_count++] = slice_str(text);
}

static bool looks_at_body(const struct policy *p)
{
    for (size_t i = 0; i < p->match_count; i++)
        if (p->match[i].selector.kind == POLICY_SELECT_FIELD && p->match[i].selector.field == POLICY_BODY) return true;
    return false;
}

static void add_notes(struct preview_answer *a, const struct policy *p)
{
    if (looks_at_body(p)) note(a, "Bodies are taken to be one line, spaced as the template shows it.");
    if (p->step_count) note(a, "What transforms save in bytes is not known before records are seen.");
    if (p->keep.kind == POLICY_KEEP_RATE) note(a, "Rates are averages of 7 days; bursts lose more than the average tells.");
    if (p->keep.kind == POLICY_KEEP_PERCENT && p->keep.sample_key.kind == POLICY_SELECT_NONE)
        note(a, "Without a sample key some edges keep every record: then a percentage removes nothing.");
    if (!a->preview.complete) note(a, "There are more log events than a preview looks at; the cheapest were left out.");
    if (!a->preview.overlaps_complete) note(a, "Not every pair of log event and policy in force could be compared.");
}

static void answer(struct gql_call *call, const struct policy *p, struct id128 self, struct id128 supersedes)
{
    struct request_context *x = context_of(call);
    const struct gql_value *first = gql_arg(call, "first");
    int64_t listed = first && first->kind == GQL_V_INT ? first->integer : LISTED_DEFAULT;
    if (p->signal != POLICY_LOG) {
        gql_fail(call, "BAD_USER_INPUT", "the catalog knows log events only: no preview of %s policies", policy_signal_name(p->signal));
        return;
    }
    if (listed < 0 || listed > PREVIEW_LISTED) {
        gql_fail(call, "BAD_USER_INPUT", "first: 0 to %d", PREVIEW_LISTED);
        return;
    }
    if (x->previewed > PREVIEWED_MAX) {
        gql_fail(call, "LIMIT_EXCEEDED", "too many previews in one request: %d log events were looked at", PREVIEWED_MAX);
        return;
    }
    struct preview_answer *a = arena_zero(x->arena, sizeof *a);
    struct preview_request request = {.db = x->db,
                                      .arena = x->arena,
                                      .account = x->account_row,
                                      .policy = p,
                                      .self = self,
                                      .supersedes = supersedes,
                                      .list = (size_t)listed};
    if (!a || !preview_make(&request, &a->preview)) {
        gql_fail(call, a ? "INTERNAL" : "LIMIT_EXCEEDED", "the catalog could not be read");
        return;
    }
    x->previewed += a->preview.scanned;
    add_notes(a, p);
    gql_object(call, a);
}

static void of_policy(struct gql_call *call)
{
    const struct policy_row *p = gql_parent(call);
    const struct gql_value *wanted = gql_arg(call, "version");
    bool chosen = wanted && wanted->kind == GQL_V_INT;
    int64_t version = chosen ? wanted->integer : p->standing.version;
    struct content c;
    if (!policy_version_content(context_of(call), p->row, version, &c)) {
        gql_fail(call, chosen ? "NOT_FOUND" : "INTERNAL", "version %lld could not be read: there is none", (long long)version);
        return;
    }
    answer(call, &c.policy, p->id, p->supersedes);
    content_free(&c);
}

static void of_text(struct gql_call *call)
{
    struct content c;
    struct buf problem;
    struct id128 self = {0, 0};
    buf_init(&problem, PROBLEM_MAX);
    if (content_read(&c, gql_arg(call, "text")->text, NULL, &problem)) {
        policies_by_wire_id(context_of(call)->db, context_of(call)->account_row, c.policy.id, &self);
        answer(call, &c.policy, self, (struct id128){0, 0});
    } else {
        gql_fail(call, "BAD_USER_INPUT", "%s", buf_view(&problem).ptr);
    }
    content_free(&c);
    buf_free(&problem);
}

/* ---- the answer ---- */

static const struct preview_answer *made(struct gql_call *call) { return gql_parent(call); }
static void scanned(struct gql_call *call) { gql_int(call, made(call)->preview.scanned); }
static void complete(struct gql_call *call) { gql_bool(call, made(call)->preview.complete); }
static void unmatched(struct gql_call *call) { gql_int(call, made(call)->preview.unmatched); }
static void certain(struct gql_call *call) { gql_object(call, (void *)&made(call)->preview.certain); }
static void possible(struct gql_call *call) { gql_object(call, (void *)&made(call)->preview.possible); }
static void least(struct gql_call *call) { gql_object(call, (void *)&made(call)->preview.least); }
static void most(struct gql_call *call) { gql_object(call, (void *)&made(call)->preview.most); }
static void notes(struct gql_call *call) { gql_strings(call, made(call)->note_count, made(call)->notes); }

static void *event_at(void *list, size_t i) { return (struct preview_event *)list + i; }
static void events(struct gql_call *call) { gql_list(call, made(call)->preview.event_count, event_at, made(call)->preview.events); }
static void *overlap_at(void *list, size_t i) { return (struct preview_overlap *)list + i; }
static void overlaps(struct gql_call *call) { gql_list(call, made(call)->preview.overlap_count, overlap_at, made(call)->preview.overlaps); }

static const struct preview_side *side(struct gql_call *call) { return gql_parent(call); }
static void side_events(struct gql_call *call) { gql_int(call, side(call)->events); }
static void side_volume(struct gql_call *call) { gql_object(call, (void *)&side(call)->volume); }

static const struct preview_amount *amount(struct gql_call *call) { return gql_parent(call); }
static void records(struct gql_call *call) { gql_float(call, amount(call)->records); }
static void bytes(struct gql_call *call) { gql_float(call, amount(call)->bytes); }
static void usd(struct gql_call *call) { gql_float(call, amount(call)->usd); }

static const struct preview_event *event(struct gql_call *call) { return gql_parent(call); }
static void event_node(struct gql_call *call) { gql_object(call, log_event_by_id(context_of(call), event(call)->id)); }
static void event_match(struct gql_call *call)
{
    gql_string(call, event(call)->match == MATCH_CERTAIN ? SLICE("CERTAIN") : SLICE("POSSIBLE"));
}
static void event_volume(struct gql_call *call) { gql_object(call, (void *)&event(call)->volume); }
static void event_removed(struct gql_call *call) { gql_object(call, (void *)&event(call)->removed); }

static void event_reasons(struct gql_call *call)
{
    struct items *lines = items_new(call, sizeof(struct slice));
    struct slice rest = event(call)->reasons;
    while (lines && rest.len) {
        const char *end = memchr(rest.ptr, '\n', rest.len);
        size_t n = end ? (size_t)(end - rest.ptr) : rest.len;
        struct slice *line = items_add(lines);
        if (line) *line = slice_of(rest.ptr, n);
        rest = slice_of(rest.ptr + n + (end != NULL), rest.len - n - (end != NULL));
    }
    if (lines) gql_strings(call, lines->count, (const struct slice *)lines->data);
}

static const struct preview_overlap *overlap(struct gql_call *call) { return gql_parent(call); }
static void overlap_policy(struct gql_call *call) { gql_object(call, policy_by_id(context_of(call), overlap(call)->policy)); }
static void overlap_certain(struct gql_call *call) { gql_int(call, overlap(call)->certain); }
static void overlap_possible(struct gql_call *call) { gql_int(call, overlap(call)->possible); }
static void overlap_volume(struct gql_call *call) { gql_object(call, (void *)&overlap(call)->volume); }

static void overlap_relation(struct gql_call *call)
{
    static const struct slice names[] = {{"REDUNDANT", 9}, {"DECIDES", 7}, {"COMBINED", 8}};
    gql_string(call, names[overlap(call)->relation]);
}

const struct gql_binding policy_preview_bindings[] = {
    {"Query", "previewPolicy", of_text},
    {"LogEventPolicy", "preview", of_policy},
    {"PolicyPreview", "scannedEventCount", scanned},
    {"PolicyPreview", "complete", complete},
    {"PolicyPreview", "unmatchedEventCount", unmatched},
    {"PolicyPreview", "certain", certain},
    {"PolicyPreview", "possible", possible},
    {"PolicyPreview", "removedAtLeast", least},
    {"PolicyPreview", "removedAtMost", most},
    {"PolicyPreview", "notes", notes},
    {"PolicyPreview", "events", events},
    {"PolicyPreview", "overlaps", overlaps},
    {"PolicyPreviewSide", "eventCount", side_events},
    {"PolicyPreviewSide", "volume", side_volume},
    {"PolicyAmount", "recordsPerYear", records},
    {"PolicyAmount", "bytesPerYear", bytes},
    {"PolicyAmount", "usdPerYear", usd},
    {"PolicyPreviewEvent", "logEvent", event_node},
    {"PolicyPreviewEvent", "match", event_match},
    {"PolicyPreviewEvent", "volume", event_volume},
    {"PolicyPreviewEvent", "removedAtMost", event_removed},
    {"PolicyPreviewEvent", "reasons", event_reasons},
    {"PolicyOverlap", "policy", overlap_policy},
    {"PolicyOverlap", "relation", overlap_relation},
    {"PolicyOverlap", "certainEventCount", overlap_certain},
    {"PolicyOverlap", "possibleEventCount", overlap_possible},
    {"PolicyOverlap", "volume", overlap_volume},
    {NULL, NULL, NULL},
};
