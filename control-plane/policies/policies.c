#include "control-plane/policies/policies.h"

#include "control-plane/policies/ledger.h"
#include "control-plane/store/audit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { REASON_MAX = 2000, UNIQUE_TRIES = 10000 };

const char *policy_outcome_code(enum policy_outcome o)
{
    static const char *const codes[] = {"", "NOT_FOUND", "BAD_USER_INPUT", "CONFLICT", "CONFLICT", "FORBIDDEN", "INTERNAL"};
    return codes[o];
}

/* One change on its way. */
struct change {
    struct db *db;
    const struct policy_actor *who;
    struct policy_answer answer;
};

__attribute__((format(printf, 3, 4))) static bool refuse(struct change *c, enum policy_outcome outcome, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(c->answer.message, sizeof c->answer.message, format, args);
    va_end(args);
    c->answer.outcome = outcome;
    return false;
}

static bool stored(struct change *c, bool ok) { return ok || refuse(c, POLICY_STORE_FAILED, "the change could not be stored"); }

static struct change begin(struct db *db, const struct policy_actor *who)
{
    struct change c = {.db = db, .who = who};
    stored(&c, db_run(db, db_prepare(db, "SAVEPOINT policy")));
    return c;
}

static struct policy_answer end(struct change *c, bool ok)
{
    if (!ok && c->answer.outcome == POLICY_DONE) refuse(c, POLICY_STORE_FAILED, "the change could not be stored");
    if (sqlite3_get_autocommit(db_handle(c->db))) return c->answer;
    if (c->answer.outcome != POLICY_DONE) db_run(c->db, db_prepare(c->db, "ROLLBACK TO policy"));
    if (!db_run(c->db, db_prepare(c->db, "RELEASE policy"))) stored(c, false);
    if (c->answer.outcome != POLICY_DONE) c->answer.published = false;
    return c->answer;
}

static bool find(struct change *c, struct id128 id, struct policy_record *r)
{
    if (!ledger_find(c->db, c->who->account, id, r)) return refuse(c, POLICY_NOT_FOUND, "no such policy");
    c->answer.id = r->id;
    c->answer.row = r->row;
    return true;
}

static bool check_reason(struct change *c, struct slice reason)
{
    return reason.len <= REASON_MAX || refuse(c, POLICY_BAD_INPUT, "a reason has at most %d bytes", REASON_MAX);
}

static bool wire_id_free(struct change *c, struct slice wire_id)
{
    if (ledger_wire_id(c->db, c->who->account, wire_id) == 0) return true;
    return refuse(c, POLICY_CONFLICT, "another policy has the id %.*s", (int)wire_id.len, wire_id.ptr);
}

static bool in_force(const struct policy_record *r) { return lifecycle_in_force(&r->standing); }

/* What edges get changed: it came, went, or is another version now. */
static void note_published(struct change *c, const struct policy_record *before, const struct policy_record *after)
{
    bool was = before && in_force(before), is = after && in_force(after);
    if (was != is || (is && before->standing.approved_version != after->standing.approved_version)) c->answer.published = true;
}

/* ---- creating ---- */

/* A free id: the wanted one, or with a number at its end; `room` holds it. */
static struct slice free_id(struct change *c, struct slice wanted, char *room, size_t size)
{
    struct slice id = wanted;
    for (int n = 2; n < UNIQUE_TRIES && ledger_wire_id(c->db, c->who->account, id); n++)
        id = slice_of(room, (size_t)snprintf(room, size, "%.*s-%d", (int)wanted.len, wanted.ptr, n));
    return id;
}

static bool rename_content(struct content *content, const struct policy *p, struct content_links links, struct slice id,
                           struct buf *problem)
{
    struct policy_set *set = content->set;
    links.id = id;
    buf_free(&content->text);
    bool ok = content_of(content, p, &links, problem);
    content->set = set;
    return ok;
}

static bool insert(struct change *c, const struct content *content, const struct policy_origin *origin)
{
    enum policy_state state = origin->draft ? POLICY_DRAFT : POLICY_PROPOSED;
    struct policy_record r = {.id = store_new_id(), .standing = {.state = state, .version = 1, .last_version = 1}};
    bool ok = wire_id_free(c, content->policy.id) && stored(c, ledger_insert(c->db, c->who, content, origin, &r)) &&
              stored(c, ledger_add_version(c->db, c->who, content, &r, origin->reason)) &&
              stored(c, ledger_audit(c->db, c->who, "create", NULL, &r, origin->reason));
    c->answer.id = r.id;
    c->answer.row = r.row;
    return ok;
}

static bool check_superseded(struct change *c, struct id128 id)
{
    struct policy_record r;
    if (!id.hi && !id.lo) return true;
    if (!ledger_find(c->db, c->who->account, id, &r)) return refuse(c, POLICY_BAD_INPUT, "the policy to supersede is not there");
    return true;
}

static struct policy_answer create(struct change *c, struct content *content, bool read, const struct policy *p,
                                   const struct policy_origin *origin, struct buf *problem)
{
    char room[CONTENT_ID_MAX + 16];
    bool ok = read && check_reason(c, origin->reason) && check_superseded(c, origin->supersedes);
    if (ok && origin->unique_id) {
        struct slice id = free_id(c, content->policy.id, room, sizeof room);
        if (id.ptr == room) ok = rename_content(content, p, origin->links, id, problem);
    }
    if (problem->len) ok = refuse(c, POLICY_BAD_INPUT, "%s", buf_view(problem).ptr);
    ok = ok && insert(c, content, origin);
    content_free(content);
    buf_free(problem);
    return end(c, ok);
}

enum { PROBLEM_MAX = 64 * 1024 };

struct policy_answer policies_create(struct db *db, const struct policy_actor *who, struct slice text, const struct policy_origin *origin)
{
    struct change c = begin(db, who);
    struct content content;
    struct buf problem;
    buf_init(&problem, PROBLEM_MAX);
    bool read = content_read(&content, text, &origin->links, &problem);
    const struct policy *p = read ? content.set->policies[0] : NULL;
    return create(&c, &content, read, p, origin, &problem);
}

struct policy_answer policies_create_of(struct db *db, const struct policy_actor *who, const struct policy *p,
                                        const struct policy_origin *origin)
{
    struct change c = begin(db, who);
    struct content content;
    struct buf problem;
    buf_init(&problem, PROBLEM_MAX);
    bool read = content_of(&content, p, &origin->links, &problem);
    return create(&c, &content, read, p, origin, &problem);
}

/* ---- editing ---- */

static void set_text(char *out, size_t size, struct slice text) { snprintf(out, size, "%.*s", (int)text.len, text.ptr); }

/* A new version of r with this content, after `move`. */
static bool revise(struct change *c, struct policy_record *r, const struct content *content, enum policy_move move, const char *action,
                   struct slice reason)
{
    struct policy_record before = *r;
    const char *why;
    if (ledger_wire_id(c->db, c->who->account, content->policy.id) != r->row)
        return refuse(c, POLICY_BAD_INPUT, "the id of a policy stays: edges know it by its id");
    if (!strcmp(content->hash, r->hash)) return refuse(c, POLICY_SAME, "nothing changes: the content is the same");
    if (!lifecycle_move(&r->standing, move, &why)) return refuse(c, POLICY_CONFLICT, "%s", why);
    set_text(r->hash, sizeof r->hash, slice_str(content->hash));
    set_text(r->requester, sizeof r->requester, c->who->name);
    note_published(c, &before, r);
    return check_reason(c, reason) && stored(c, ledger_add_version(c->db, c->who, content, r, reason)) &&
           stored(c, ledger_save_content(c->db, c->who, content, r)) && stored(c, ledger_save(c->db, c->who, r)) &&
           stored(c, ledger_audit(c->db, c->who, action, &before, r, reason));
}

static struct content_links links_of(const struct policy_record *r)
{
    return (struct content_links){
        .issue = r->issue, .log_event = r->log_event, .category = slice_str(r->category), .risk = r->risk, .only_missing = true};
}

static bool edit(struct change *c, struct policy_record *r, struct content *content, bool read, struct buf *problem, struct slice reason)
{
    bool ok = read ? revise(c, r, content, MOVE_EDIT, "edit", reason) : refuse(c, POLICY_BAD_INPUT, "%s", buf_view(problem).ptr);
    content_free(content);
    return ok;
}

/* Of a text, or of a policy that was read. */
static struct policy_answer edit_any(struct change *c, struct id128 id, struct slice text, const struct policy *p, struct slice reason)
{
    struct policy_record r;
    struct content content;
    struct buf problem;
    if (!find(c, id, &r)) return end(c, false);
    struct content_links links = links_of(&r);
    buf_init(&problem, PROBLEM_MAX);
    bool read = p ? content_of(&content, p, &links, &problem) : content_read(&content, text, &links, &problem);
    bool ok = edit(c, &r, &content, read, &problem, reason);
    buf_free(&problem);
    return end(c, ok);
}

struct policy_answer policies_edit(struct db *db, const struct policy_actor *who, struct id128 id, struct slice text, struct slice reason)
{
    struct change c = begin(db, who);
    return edit_any(&c, id, text, NULL, reason);
}

struct policy_answer policies_edit_of(struct db *db, const struct policy_actor *who, struct id128 id, const struct policy *p,
                                      struct slice reason)
{
    struct change c = begin(db, who);
    return edit_any(&c, id, SLICE(""), p, reason);
}

static bool roll_back(struct change *c, struct policy_record *r, int64_t version, struct slice reason)
{
    struct content content;
    char hash[CONTENT_HASH + 1];
    struct buf text;
    buf_init(&text, CONTENT_TEXT_MAX);
    bool found = ledger_version_text(c->db, r->row, version, &text, hash);
    bool known = found && ledger_was_approved(c->db, r->row, hash);
    bool ok = found && stored(c, content_load(&content, buf_view(&text)));
    if (!found) refuse(c, POLICY_NOT_FOUND, "there is no version %lld", (long long)version);
    ok = ok && revise(c, r, &content, known ? MOVE_ROLL_BACK : MOVE_EDIT, "roll-back", reason);
    if (found) content_free(&content);
    buf_free(&text);
    return ok;
}

struct policy_answer policies_roll_back(struct db *db, const struct policy_actor *who, struct id128 id, int64_t version,
                                        struct slice reason)
{
    struct change c = begin(db, who);
    struct policy_record r;
    return end(&c, find(&c, id, &r) && roll_back(&c, &r, version, reason));
}

/* ---- moves ---- */

static bool same(const char *a, struct slice b) { return slice_is(b, a); }

static bool second_person(struct change *c, const struct policy_record *r)
{
    char author[LEDGER_ACTOR];
    if (!policies_four_eyes(c->db, c->who->account)) return true;
    if (!ledger_version_author(c->db, r->row, r->standing.version, author)) return stored(c, false);
    if (!same(author, c->who->name) && !same(r->requester, c->who->name)) return true;
    return refuse(c, POLICY_FORBIDDEN, "four eyes: %.*s wrote or proposed this; another person must approve it", (int)c->who->name.len,
                  c->who->name.ptr);
}

static bool is_approval(enum policy_move m) { return m == MOVE_APPROVE || m == MOVE_APPROVE_HELD; }

static bool may(struct change *c, const struct policy_record *r, const struct policy_order *order)
{
    if (order->move == MOVE_REJECT && order->reason.len == 0) return refuse(c, POLICY_BAD_INPUT, "a rejection needs a reason");
    if (is_approval(order->move) && order->hash.len == 0) return refuse(c, POLICY_BAD_INPUT, "an approval names the content hash");
    if (!check_reason(c, order->reason)) return false;
    if (order->hash.len && !same(r->hash, order->hash))
        return refuse(c, POLICY_CONFLICT, "this is not the current payload: version %lld has the content hash %s",
                      (long long)r->standing.version, r->hash);
    return true;
}

/* After a fall back the version's own hash and content are shown again. */
static bool restore_content(struct change *c, struct policy_record *r)
{
    struct content content;
    struct buf text;
    buf_init(&text, CONTENT_TEXT_MAX);
    bool ok = stored(c, ledger_version_text(c->db, r->row, r->standing.version, &text, r->hash));
    if (ok) {
        ok = stored(c, content_load(&content, buf_view(&text))) && stored(c, ledger_save_content(c->db, c->who, &content, r));
        content_free(&content);
    }
    buf_free(&text);
    return ok;
}

static bool decide(struct change *c, const struct policy_record *before, const struct policy_order *order)
{
    if (order->move == MOVE_REJECT) return stored(c, ledger_decide(c->db, c->who, before, false, order->reason));
    if (!is_approval(order->move)) return true;
    return second_person(c, before) && stored(c, ledger_decide(c->db, c->who, before, true, order->reason));
}

static bool move(struct change *c, struct policy_record *r, const struct policy_order *order);

static bool supersede(struct change *c, const struct policy_record *r)
{
    struct policy_record old;
    if ((!r->supersedes.hi && !r->supersedes.lo) || !ledger_find(c->db, c->who->account, r->supersedes, &old)) return true;
    if (old.standing.state == POLICY_SUPERSEDED) return true;
    return move(c, &old, &(struct policy_order){.move = MOVE_SUPERSEDE});
}

static bool move(struct change *c, struct policy_record *r, const struct policy_order *order)
{
    struct policy_record before = *r;
    const char *why;
    if (!may(c, r, order)) return false;
    if (!lifecycle_move(&r->standing, order->move, &why)) return refuse(c, POLICY_CONFLICT, "%s", why);
    if (!decide(c, &before, order)) return false;
    if (order->move == MOVE_PROPOSE) set_text(r->requester, sizeof r->requester, c->who->name);
    if (r->standing.version != before.standing.version && !restore_content(c, r)) return false;
    note_published(c, &before, r);
    const char *action = policy_move_name(order->move);
    if (order->move == MOVE_DELETE)
        return stored(c, ledger_delete(c->db, r)) && stored(c, ledger_audit(c->db, c->who, action, &before, NULL, order->reason));
    if (!stored(c, ledger_save(c->db, c->who, r)) || !stored(c, ledger_audit(c->db, c->who, action, &before, r, order->reason)))
        return false;
    return order->move != MOVE_APPROVE || supersede(c, r);
}

struct policy_answer policies_move(struct db *db, const struct policy_actor *who, struct id128 id, const struct policy_order *order)
{
    struct change c = begin(db, who);
    struct policy_record r;
    return end(&c, find(&c, id, &r) && move(&c, &r, order));
}

/* ---- settings ---- */

bool policies_four_eyes(struct db *db, int64_t account)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT four_eyes FROM policy_settings WHERE account = ?1");
    db_bind(st, "i", account);
    bool wanted = db_step(db, st) == DB_ROW && sqlite3_column_int(st, 0) != 0;
    sqlite3_reset(st);
    return wanted;
}

struct policy_answer policies_set_four_eyes(struct db *db, const struct policy_actor *who, struct id128 account_id, bool wanted)
{
    struct change c = begin(db, who);
    bool had = policies_four_eyes(db, who->account);
    sqlite3_stmt *st = db_prepare(db, "INSERT INTO policy_settings (account, four_eyes, updated_at) VALUES (?1, ?2, ?3)"
                                      " ON CONFLICT (account) DO UPDATE SET four_eyes = ?2, updated_at = ?3");
    db_bind(st, "ibi", who->account, wanted, who->now_ns);
    bool ok = stored(&c, db_run(db, st));
    struct audit_entry entry = {.at_ns = who->now_ns,
                                .account = who->account,
                                .actor = who->name,
                                .action = "account.policy-settings.update",
                                .type = "Account",
                                .object = account_id,
                                .before = had ? SLICE("{\"fourEyes\":true}") : SLICE("{\"fourEyes\":false}"),
                                .after = wanted ? SLICE("{\"fourEyes\":true}") : SLICE("{\"fourEyes\":false}")};
    return end(&c, ok && stored(&c, audit_write(db, &entry)));
}

/* ---- lookups ---- */

bool policies_by_wire_id(struct db *db, int64_t account, struct slice wire_id, struct id128 *id)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT id FROM policies WHERE account = ?1 AND wire_id = ?2");
    db_bind(st, "it", account, wire_id);
    bool found = db_step(db, st) == DB_ROW;
    if (found) *id = db_id(st, 0);
    sqlite3_reset(st);
    return found;
}

bool policies_id(struct db *db, int64_t account, struct slice text, struct id128 *id)
{
    if (id_parse(text, id)) return true;
    if (!slice_starts(text, "POL-") || text.len > 4 + 18 || text.len == 4) return false;
    int64_t number = 0;
    for (size_t i = 4; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
        number = number * 10 + (text.ptr[i] - '0');
    }
    sqlite3_stmt *st = db_prepare(db, "SELECT id FROM policies WHERE account = ?1 AND number = ?2");
    db_bind(st, "ii", account, number);
    bool found = db_step(db, st) == DB_ROW;
    if (found) *id = db_id(st, 0);
    sqlite3_reset(st);
    return found;
}
