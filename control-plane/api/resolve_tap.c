#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_rows.h"
#include "control-plane/api/state.h"
#include "control-plane/api/tap_rows.h"

enum { PATH_SEGMENTS = 24, RECORDS_PAGE = 50, VIEWS_MOST = TAPS_MOST };

/* ---- permission ---- */

struct taps *tap_registry(struct gql_call *call)
{
    struct taps *taps = api_settings(context_of(call)->api)->taps;
    if (!taps) gql_fail(call, "FORBIDDEN", "this control plane was started without live previews (--no-tap)");
    return taps;
}

static enum tap_permission permission_in(struct db *db, int64_t account)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT permission FROM policy_tap_settings WHERE account = ?1");
    db_bind(st, "i", account);
    int64_t p = db_step(db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : TAP_OFF;
    sqlite3_reset(st);
    return p < TAP_OFF || p > TAP_REVEAL ? TAP_OFF : (enum tap_permission)p;
}

enum tap_permission tap_permission_of(struct request_context *x) { return permission_in(x->db, x->account_row); }

struct slice tap_permission_name(enum tap_permission p)
{
    static const char *const names[] = {"OFF", "MASKED", "REVEAL"};
    return slice_str(names[p]);
}

static void setting(struct gql_call *call)
{
    const struct account *a = gql_parent(call);
    bool none = !api_settings(context_of(call)->api)->taps;
    gql_string(call, tap_permission_name(none ? TAP_OFF : permission_in(context_of(call)->db, a->row)));
}

/* ---- taps ---- */

/* Records that were read for a request; their memory is wiped with it. */
struct shown {
    struct tap_view view;
    struct shown *next;
};

void tap_forget(struct request_context *x)
{
    for (struct shown *s = x->tap_views; s; s = s->next) tap_view_free(&s->view);
    x->tap_views = NULL;
}

static void too_large(struct gql_call *call) { gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory"); }
static void not_yours(struct gql_call *call) { gql_fail(call, "NOT_FOUND", "no such live preview of yours: it ended, or never was"); }

static void foresee(const struct request_context *x, struct tap_status *s)
{
    for (size_t i = 0; i < x->tap_order_count; i++) {
        const struct tap_order *o = &x->tap_orders[i];
        if (o->id.hi != s->id.hi || o->id.lo != s->id.lo) continue;
        if (o->kind == TAP_ORDER_REVEAL) s->revealed = true;
        if (o->kind != TAP_ORDER_STOP || s->state == TAP_ENDED) continue;
        s->state = TAP_ENDED;
        s->end = TAP_STOPPED;
    }
}

void tap_answer(struct gql_call *call, struct id128 id)
{
    struct request_context *x = context_of(call);
    struct taps *taps = tap_registry(call);
    struct tap_view *view = taps ? arena_zero(x->arena, sizeof *view) : NULL;
    if (!taps) return;
    if (!view) {
        too_large(call);
    } else if (!taps_view(taps, id, x->viewer, 0, 0, view)) {
        not_yours(call);
    } else {
        foresee(x, &view->status);
        gql_object(call, view);
    }
}

static void one(struct gql_call *call)
{
    struct id128 id;
    if (arg_id(call, "id", &id)) tap_answer(call, id);
    else not_yours(call);
}

static void *view_at(void *list, size_t i) { return (struct tap_view *)list + i; }

static void all(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    struct tap_status list[TAPS_MOST];
    struct taps *taps = tap_registry(call);
    if (!taps) return;
    size_t n = taps_list(taps, x->account_row, list);
    struct tap_view *views = arena_zero(x->arena, (n + 1) * sizeof *views);
    if (!views) {
        too_large(call);
        return;
    }
    for (size_t i = 0; i < n; i++) views[i].status = list[i];
    gql_list(call, n, view_at, views);
}

static const struct tap_status *status(struct gql_call *call) { return &((const struct tap_view *)gql_parent(call))->status; }
static void count(struct gql_call *call, uint64_t n) { gql_int(call, (int64_t)n); }

static void tap_id(struct gql_call *call) { leaf_id(call, status(call)->id); }
static void owner(struct gql_call *call) { gql_string(call, slice_str(status(call)->owner)); }
static void state(struct gql_call *call) { gql_string(call, status(call)->state == TAP_ENDED ? SLICE("ENDED") : SLICE("RUNNING")); }

static void ended(struct gql_call *call)
{
    static const char *const names[] = {[TAP_STOPPED] = "STOPPED",
                                        [TAP_EXPIRED] = "EXPIRED",
                                        [TAP_ABANDONED] = "ABANDONED",
                                        [TAP_FORBIDDEN] = "FORBIDDEN",
                                        [TAP_NEVER_BEGAN] = "ABANDONED"};
    if (status(call)->state == TAP_ENDED) gql_string(call, slice_str(names[status(call)->end]));
    else gql_null(call);
}

static void revealed(struct gql_call *call) { gql_bool(call, status(call)->revealed); }
static void started(struct gql_call *call) { gql_time(call, status(call)->started_ns); }
static void expires(struct gql_call *call) { gql_time(call, status(call)->expires_ns); }
static void lease(struct gql_call *call) { gql_int(call, TAP_LEASE_SECONDS); }
static void kept_most(struct gql_call *call) { count(call, status(call)->records_most); }
static void last(struct gql_call *call) { count(call, status(call)->last_sequence); }
static void seen(struct gql_call *call) { count(call, status(call)->counts.seen); }
static void skipped(struct gql_call *call) { count(call, status(call)->counts.skipped); }
static void unshown(struct gql_call *call) { count(call, status(call)->counts.unkept); }
static void matched(struct gql_call *call) { count(call, status(call)->counts.matched); }
static void changed(struct gql_call *call) { count(call, status(call)->counts.changed); }
static void kept(struct gql_call *call) { count(call, status(call)->counts.outcomes[TAP_KEPT]); }
static void dropped(struct gql_call *call) { count(call, status(call)->counts.outcomes[TAP_DROPPED]); }
static void sampled_out(struct gql_call *call) { count(call, status(call)->counts.outcomes[TAP_SAMPLED_OUT]); }
static void limited(struct gql_call *call) { count(call, status(call)->counts.outcomes[TAP_RATE_LIMITED]); }
static void undecided(struct gql_call *call) { count(call, status(call)->counts.outcomes[TAP_UNDECIDED]); }
static void redacted(struct gql_call *call) { count(call, status(call)->counts.redacted); }
static void removed(struct gql_call *call) { count(call, status(call)->counts.removed); }
static void moved(struct gql_call *call) { count(call, status(call)->counts.moved); }
static void added(struct gql_call *call) { count(call, status(call)->counts.added); }

/* ---- records ---- */

static void *record_at(void *list, size_t i) { return (void *)(uintptr_t)((const struct tap_view *)list)->records[i]; }

static struct shown *shown_new(struct request_context *x)
{
    unsigned n = 0;
    for (const struct shown *s = x->tap_views; s; s = s->next) n++;
    struct shown *s = n < VIEWS_MOST ? arena_zero(x->arena, sizeof *s) : NULL;
    if (!s) return NULL;
    s->next = x->tap_views;
    return x->tap_views = s;
}

static void records(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    const struct gql_value *after = gql_arg(call, "after"), *first = gql_arg(call, "first");
    int64_t from = after && after->kind == GQL_V_INT ? after->integer : 0;
    int64_t most = first && first->kind == GQL_V_INT ? first->integer : RECORDS_PAGE;
    struct shown *s;
    if (from < 0 || most < 0 || most > TAP_RECORDS_MOST)
        gql_fail(call, "BAD_USER_INPUT", "after: 0 or more; first: 0 to %d", TAP_RECORDS_MOST);
    else if (strcmp(status(call)->owner, x->viewer) != 0)
        gql_fail(call, "FORBIDDEN", "records are for the one who started the live preview");
    else if (!(s = shown_new(x))) too_large(call);
    else if (!taps_view(tap_registry(call), status(call)->id, x->viewer, (uint64_t)from, (size_t)most, &s->view)) not_yours(call);
    else gql_list(call, s->view.count, record_at, &s->view);
}

static const struct tap_record *record(struct gql_call *call) { return gql_parent(call); }
static void text_or_null(struct gql_call *call, struct slice text) { leaf_optional(call, text); }

static void sequence(struct gql_call *call) { count(call, record(call)->sequence); }
static void received(struct gql_call *call) { gql_time(call, record(call)->received_ns); }
static void record_time(struct gql_call *call) { gql_time(call, record(call)->time_ns); }
static void service(struct gql_call *call) { text_or_null(call, tap_text(record(call), record(call)->service)); }
static void bytes(struct gql_call *call) { count(call, record(call)->bytes); }
static void masked(struct gql_call *call) { gql_bool(call, record(call)->masked); }
static void truncated(struct gql_call *call) { gql_bool(call, record(call)->truncated); }
static void decided_by(struct gql_call *call) { text_or_null(call, tap_text(record(call), record(call)->decided_by)); }
static void matched_policies(struct gql_call *call) { gql_int(call, record(call)->matched); }
static void fraction(struct gql_call *call) { gql_float(call, record(call)->fraction); }

static void severity(struct gql_call *call)
{
    static const int stored[SEVERITIES] = {0, 1, 1, 2, 3, 4, 4};
    leaf_severity(call, stored[record(call)->severity]);
}

static void outcome(struct gql_call *call)
{
    static const char *const names[] = {
        [TAP_UNMATCHED] = "UNMATCHED",       [TAP_KEPT] = "KEPT",        [TAP_DROPPED] = "DROPPED", [TAP_SAMPLED_OUT] = "SAMPLED_OUT",
        [TAP_RATE_LIMITED] = "RATE_LIMITED", [TAP_UNDECIDED] = "SAMPLED"};
    gql_string(call, slice_str(names[record(call)->outcome]));
}

/* A field with the block that its texts are in. */
struct shown_field {
    const struct tap_record *record;
    const struct tap_field *field;
};

static void *field_at(void *list, size_t i) { return (struct shown_field *)list + i; }
static void fields(struct gql_call *call)
{
    const struct tap_record *r = record(call);
    struct shown_field *list = arena_alloc(gql_arena(call), (r->field_count + 1) * sizeof *list);
    if (!list) {
        too_large(call);
        return;
    }
    for (uint32_t i = 0; i < r->field_count; i++) list[i] = (struct shown_field){r, &r->fields[i]};
    gql_list(call, r->field_count, field_at, list);
}

static const struct shown_field *field(struct gql_call *call) { return gql_parent(call); }

static void answer_path(struct gql_call *call, struct tap_text t)
{
    struct slice path = tap_text(field(call)->record, t), segments[PATH_SEGMENTS];
    size_t n = 0;
    if (!path.ptr) {
        gql_null(call);
        return;
    }
    for (size_t at = 0; at < path.len && n < PATH_SEGMENTS;) {
        size_t len = strnlen(path.ptr + at, path.len - at);
        segments[n++] = slice_of(path.ptr + at, len);
        at += len + 1;
    }
    gql_strings(call, n, segments);
}

static void field_path(struct gql_call *call) { answer_path(call, field(call)->field->path); }
static void field_moved(struct gql_call *call) { answer_path(call, field(call)->field->moved_to); }
static void field_before(struct gql_call *call) { text_or_null(call, tap_text(field(call)->record, field(call)->field->before)); }
static void field_after(struct gql_call *call) { text_or_null(call, tap_text(field(call)->record, field(call)->field->after)); }

static void field_change(struct gql_call *call)
{
    static const char *const names[] = {
        [TAP_SAME] = "SAME", [TAP_CHANGED] = "CHANGED", [TAP_REMOVED] = "REMOVED", [TAP_ADDED] = "ADDED", [TAP_MOVED] = "MOVED"};
    gql_string(call, slice_str(names[field(call)->field->change]));
}

const struct gql_binding tap_bindings[] = {
    {"Query", "policyTap", one},
    {"Query", "policyTaps", all},
    {"PolicySettings", "liveTap", setting},
    {"PolicyTap", "id", tap_id},
    {"PolicyTap", "owner", owner},
    {"PolicyTap", "state", state},
    {"PolicyTap", "endedBecause", ended},
    {"PolicyTap", "revealed", revealed},
    {"PolicyTap", "startedAt", started},
    {"PolicyTap", "expiresAt", expires},
    {"PolicyTap", "leaseSeconds", lease},
    {"PolicyTap", "maxRecords", kept_most},
    {"PolicyTap", "lastSequence", last},
    {"PolicyTap", "seenCount", seen},
    {"PolicyTap", "skippedCount", skipped},
    {"PolicyTap", "unshownCount", unshown},
    {"PolicyTap", "matchedCount", matched},
    {"PolicyTap", "changedCount", changed},
    {"PolicyTap", "keptCount", kept},
    {"PolicyTap", "droppedCount", dropped},
    {"PolicyTap", "sampledOutCount", sampled_out},
    {"PolicyTap", "rateLimitedCount", limited},
    {"PolicyTap", "sampledCount", undecided},
    {"PolicyTap", "redactedFieldCount", redacted},
    {"PolicyTap", "removedFieldCount", removed},
    {"PolicyTap", "movedFieldCount", moved},
    {"PolicyTap", "addedFieldCount", added},
    {"PolicyTap", "records", records},
    {"PolicyTapRecord", "sequence", sequence},
    {"PolicyTapRecord", "receivedAt", received},
    {"PolicyTapRecord", "time", record_time},
    {"PolicyTapRecord", "service", service},
    {"PolicyTapRecord", "severity", severity},
    {"PolicyTapRecord", "bytes", bytes},
    {"PolicyTapRecord", "outcome", outcome},
    {"PolicyTapRecord", "masked", masked},
    {"PolicyTapRecord", "truncated", truncated},
    {"PolicyTapRecord", "decidedBy", decided_by},
    {"PolicyTapRecord", "matchedPolicyCount", matched_policies},
    {"PolicyTapRecord", "keptFraction", fraction},
    {"PolicyTapRecord", "fields", fields},
    {"PolicyTapField", "path", field_path},
    {"PolicyTapField", "movedTo", field_moved},
    {"PolicyTapField", "before", field_before},
    {"PolicyTapField", "after", field_after},
    {"PolicyTapField", "change", field_change},
    {NULL, NULL, NULL},
};
