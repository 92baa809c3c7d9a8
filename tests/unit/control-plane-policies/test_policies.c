/* Policies in the store: four eyes, approvals bound to a payload, and that nothing changes without its audit row. */
#include "tests/unit/control-plane-store/fixture.h"

#include "control-plane/policies/policies.h"
#include "control-plane/policies/published.h"

static const char *const people[] = {"uid:1", "uid:2", "uid:3"};

struct step {
    struct policy_actor who;
    struct id128 id;
    enum { CREATE, EDIT, MOVE, ROLL_BACK, FOUR_EYES } kind;
    char text[600];
    struct policy_origin origin;
    struct policy_order order;
    int64_t version;
    bool wanted;
    struct policy_answer answer;
};

static bool run_step(struct db *db, void *context)
{
    struct step *s = context;
    switch (s->kind) {
    case CREATE: s->answer = policies_create(db, &s->who, slice_str(s->text), &s->origin); break;
    case EDIT: s->answer = policies_edit(db, &s->who, s->id, slice_str(s->text), SLICE("because")); break;
    case MOVE: s->answer = policies_move(db, &s->who, s->id, &s->order); break;
    case ROLL_BACK: s->answer = policies_roll_back(db, &s->who, s->id, s->version, SLICE("")); break;
    case FOUR_EYES: s->answer = policies_set_four_eyes(db, &s->who, (struct id128){1, 2}, s->wanted); break;
    }
    return s->answer.outcome != POLICY_STORE_FAILED;
}

static struct policy_actor actor(const char *name)
{
    static int64_t now = 1000;
    return (struct policy_actor){.name = slice_str(name), .account = 1, .now_ns = now++};
}

static void write_text(char *out, size_t size, const char *id, const char *keep)
{
    snprintf(out, size, "id: %s\nname: Name of %s\nlog:\n  match:\n    - log_field: body\n      contains: noise\n  keep: %s\n", id, id,
             keep);
}

static struct policy_answer run(struct fixture *f, struct step *s)
{
    assert_int_equal(in_writer(f->store, run_step, s), STORE_OK);
    return s->answer;
}

static struct policy_answer create(struct fixture *f, const char *who, const char *id, const char *keep)
{
    struct step s = {.who = actor(who), .kind = CREATE};
    write_text(s.text, sizeof s.text, id, keep);
    return run(f, &s);
}

static struct policy_answer edit(struct fixture *f, const char *who, struct id128 policy, const char *id, const char *keep)
{
    struct step s = {.who = actor(who), .kind = EDIT, .id = policy};
    write_text(s.text, sizeof s.text, id, keep);
    return run(f, &s);
}

static struct policy_answer move(struct fixture *f, const char *who, struct id128 id, enum policy_move m, const char *hash)
{
    struct step s = {.who = actor(who), .kind = MOVE, .id = id, .order = {.move = m, .hash = slice_str(hash), .reason = SLICE("why")}};
    return run(f, &s);
}

static struct policy_answer four_eyes(struct fixture *f, bool wanted)
{
    struct step s = {.who = actor("uid:9"), .kind = FOUR_EYES, .wanted = wanted};
    return run(f, &s);
}

static char *text_of(struct fixture *f, const char *column, struct id128 id)
{
    char *sql = xasprintf("SELECT %s FROM policies WHERE id = ?1", column);
    struct db *db = store_reader(f->store);
    sqlite3_stmt *st = db_prepare_text(db, slice_str(sql));
    db_bind(st, "u", id);
    char *text = NULL;
    if (db_step(db, st) == DB_ROW) text = xstrndup(db_text(st, 0).ptr, db_text(st, 0).len);
    sqlite3_reset(st);
    free(sql);
    return text;
}

static enum policy_outcome approve(struct fixture *f, const char *who, struct id128 id)
{
    char *hash = text_of(f, "hash", id);
    enum policy_outcome o = move(f, who, id, MOVE_APPROVE, hash ? hash : "").outcome;
    free(hash);
    return o;
}

static void requester_is_never_approver(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(four_eyes(f, true).outcome, POLICY_DONE);
    struct id128 id = create(f, "uid:1", "a", "none").id;
    assert_int_equal(approve(f, "uid:1", id), POLICY_FORBIDDEN);
    assert_int_equal(number(f->store, "SELECT count(*) FROM policy_decisions"), 0);
    assert_int_equal(approve(f, "uid:2", id), POLICY_DONE);
    assert_int_equal(edit(f, "uid:2", id, "a", "10%").outcome, POLICY_DONE);
    assert_int_equal(approve(f, "uid:2", id), POLICY_FORBIDDEN);
    assert_int_equal(approve(f, "uid:1", id), POLICY_DONE);
    assert_int_equal(four_eyes(f, false).outcome, POLICY_DONE);
    struct id128 other = create(f, "uid:1", "b", "none").id;
    assert_int_equal(approve(f, "uid:1", other), POLICY_DONE);
}

/* One wrote the draft, another proposed it: neither may approve. */
static void author_and_proposer_are_both_requesters(void **state)
{
    struct fixture *f = *state;
    four_eyes(f, true);
    struct step s = {.who = actor("uid:1"), .kind = CREATE, .origin = {.draft = true}};
    write_text(s.text, sizeof s.text, "c", "none");
    struct id128 id = run(f, &s).id;
    assert_int_equal(move(f, "uid:2", id, MOVE_PROPOSE, "").outcome, POLICY_DONE);
    assert_int_equal(approve(f, "uid:1", id), POLICY_FORBIDDEN);
    assert_int_equal(approve(f, "uid:2", id), POLICY_FORBIDDEN);
    assert_int_equal(approve(f, "uid:3", id), POLICY_DONE);
    four_eyes(f, false);
}

static void an_approval_is_of_one_payload(void **state)
{
    struct fixture *f = *state;
    struct id128 id = create(f, "uid:1", "d", "none").id;
    char *judged = text_of(f, "hash", id);
    assert_int_equal(edit(f, "uid:1", id, "d", "50%").outcome, POLICY_DONE);
    struct policy_answer a = move(f, "uid:2", id, MOVE_APPROVE, judged);
    assert_int_equal(a.outcome, POLICY_CONFLICT);
    assert_false(a.published);
    assert_int_equal(move(f, "uid:2", id, MOVE_APPROVE, "").outcome, POLICY_BAD_INPUT);
    assert_int_equal(number(f->store, "SELECT approved_version FROM policies WHERE wire_id = 'd'"), 0);
    assert_int_equal(edit(f, "uid:1", id, "d", "none").outcome, POLICY_DONE);
    assert_int_equal(move(f, "uid:2", id, MOVE_APPROVE, judged).outcome, POLICY_DONE);
    free(judged);
}

static void roll_back_needs_no_approval_for_what_was_approved(void **state)
{
    struct fixture *f = *state;
    struct id128 id = create(f, "uid:1", "e", "none").id;
    assert_int_equal(approve(f, "uid:2", id), POLICY_DONE);
    edit(f, "uid:1", id, "e", "20%");
    assert_int_equal(approve(f, "uid:2", id), POLICY_DONE);
    edit(f, "uid:1", id, "e", "30%");
    assert_int_equal(move(f, "uid:2", id, MOVE_REJECT, "").outcome, POLICY_DONE);
    struct step back = {.who = actor("uid:1"), .kind = ROLL_BACK, .id = id, .version = 1};
    struct policy_answer a = run(f, &back);
    assert_int_equal(a.outcome, POLICY_DONE);
    assert_true(a.published);
    assert_int_equal(number(f->store, "SELECT state * 100 + approved_version FROM policies WHERE wire_id = 'e'"), 304);
    struct step never = {.who = actor("uid:1"), .kind = ROLL_BACK, .id = id, .version = 3};
    a = run(f, &never);
    assert_int_equal(a.outcome, POLICY_DONE);
    assert_false(a.published);
    assert_int_equal(number(f->store, "SELECT state * 100 + approved_version FROM policies WHERE wire_id = 'e'"), 104);
    struct step absent = {.who = actor("uid:1"), .kind = ROLL_BACK, .id = id, .version = 77};
    assert_int_equal(run(f, &absent).outcome, POLICY_NOT_FOUND);
}

static void a_replacement_takes_the_place_when_approved(void **state)
{
    struct fixture *f = *state;
    struct id128 old = create(f, "uid:1", "f", "none").id;
    assert_int_equal(approve(f, "uid:2", old), POLICY_DONE);
    struct step s = {.who = actor("uid:1"), .kind = CREATE, .origin = {.supersedes = old}};
    write_text(s.text, sizeof s.text, "f2", "5%");
    struct id128 new = run(f, &s).id;
    assert_int_equal(number(f->store, "SELECT state FROM policies WHERE wire_id = 'f'"), POLICY_ACTIVE);
    int64_t audits = number(f->store, "SELECT count(*) FROM audit_log");
    assert_int_equal(approve(f, "uid:2", new), POLICY_DONE);
    assert_int_equal(number(f->store, "SELECT state FROM policies WHERE wire_id = 'f'"), POLICY_SUPERSEDED);
    assert_int_equal(number(f->store, "SELECT count(*) FROM audit_log"), audits + 2);
}

static void wrong_texts_are_refused_with_their_reason(void **state)
{
    struct fixture *f = *state;
    struct step s = {.who = actor("uid:1"), .kind = CREATE};
    snprintf(s.text, sizeof s.text, "id: x\nname: x\nlog:\n  match:\n    - log_field: body\n      regex: '('\n  keep: none\n");
    struct policy_answer a = run(f, &s);
    assert_int_equal(a.outcome, POLICY_BAD_INPUT);
    assert_non_null(strstr(a.message, "regex"));
    assert_int_equal(create(f, "uid:1", "g", "none").outcome, POLICY_DONE);
    assert_int_equal(create(f, "uid:1", "g", "none").outcome, POLICY_CONFLICT);
    struct id128 id = {0, 0};
    assert_true(policies_by_wire_id(store_reader(f->store), 1, SLICE("g"), &id));
    assert_int_equal(edit(f, "uid:1", id, "g", "none").outcome, POLICY_SAME);
    assert_int_equal(edit(f, "uid:1", id, "another", "none").outcome, POLICY_BAD_INPUT);
    assert_int_equal(move(f, "uid:1", (struct id128){9, 9}, MOVE_PROPOSE, "").outcome, POLICY_NOT_FOUND);
}

/* ---- property: no transition without an audit row ---- */

static uint64_t random_state = 0x9E3779B97F4A7C15u;
static unsigned pick(unsigned n)
{
    random_state = hash_mix(random_state, 0x2545F4914F6CDD1Du);
    return (unsigned)(random_state % n);
}

/* Everything about all policies that a transition could change. */
static uint64_t picture(struct fixture *f)
{
    struct db *db = store_reader(f->store);
    uint64_t h = 0;
    sqlite3_stmt *st = db_prepare(db, "SELECT p.wire_id || '|' || p.state || '|' || p.resting || '|' || p.version || '|' || p.last_version"
                                      " || '|' || p.approved_version || '|' || p.hash || '|' || p.requester || '|' || (SELECT count(*)"
                                      " FROM policy_versions v WHERE v.policy = p.row) || '|' || (SELECT count(*) FROM policy_decisions"
                                      " d WHERE d.policy = p.row) FROM policies p ORDER BY p.row");
    while (db_step(db, st) == DB_ROW) {
        struct slice row = db_text(st, 0);
        h = hash_mix(h, hash64(row.ptr, row.len, 7));
    }
    sqlite3_reset(st);
    return h;
}

enum { POLICIES = 5, STEPS = 1500 };

static struct policy_answer any_step(struct fixture *f, struct id128 *ids)
{
    static const char *const keeps[] = {"none", "10%", "50%", "5/s"};
    static const enum policy_move moves[] = {MOVE_PROPOSE, MOVE_APPROVE, MOVE_APPROVE_HELD, MOVE_REJECT, MOVE_DISABLE,
                                             MOVE_ENABLE,  MOVE_DELETE,  MOVE_APPROVE,      MOVE_APPROVE};
    const char *who = people[pick(3)];
    unsigned at = pick(POLICIES);
    char id[16];
    snprintf(id, sizeof id, "p%u", at);
    struct step s = {.who = actor(who), .id = ids[at]};
    unsigned kind = pick(10);
    char *hash = NULL;
    if (kind == 0) {
        s.kind = CREATE;
        s.origin.draft = pick(2);
        s.origin.supersedes = pick(3) == 0 ? ids[pick(POLICIES)] : (struct id128){0, 0};
        write_text(s.text, sizeof s.text, id, keeps[pick(4)]);
    } else if (kind < 4) {
        s.kind = EDIT;
        write_text(s.text, sizeof s.text, id, keeps[pick(4)]);
    } else if (kind < 5) {
        s.kind = ROLL_BACK;
        s.version = 1 + pick(4);
    } else {
        s.kind = MOVE;
        hash = text_of(f, "hash", ids[at]);
        s.order = (struct policy_order){.move = moves[pick(9)],
                                        .hash = pick(8) ? slice_str(hash ? hash : "") : SLICE(""),
                                        .reason = pick(8) ? SLICE("because") : SLICE("")};
    }
    struct policy_answer a = run(f, &s);
    free(hash);
    if (s.kind == CREATE && a.outcome == POLICY_DONE) ids[at] = a.id;
    return a;
}

static void no_transition_without_an_audit_row(void **state)
{
    struct fixture *f = *state;
    struct id128 ids[POLICIES] = {{0, 0}};
    size_t done = 0, refused = 0;
    four_eyes(f, true);
    for (int i = 0; i < STEPS; i++) {
        uint64_t before = picture(f);
        int64_t audits = number(f->store, "SELECT count(*) FROM audit_log");
        int64_t superseded = number(f->store, "SELECT count(*) FROM policies WHERE state = 5");
        struct policy_answer a = any_step(f, ids);
        int64_t more = number(f->store, "SELECT count(*) FROM audit_log") - audits;
        if (a.outcome == POLICY_DONE) {
            int64_t gone = number(f->store, "SELECT count(*) FROM policies WHERE state = 5") - superseded;
            assert_int_equal(more, 1 + gone);
            assert_true(picture(f) != before);
            done++;
        } else {
            assert_int_equal(more, 0);
            assert_true(picture(f) == before);
            refused++;
        }
    }
    assert_true(done > 100 && refused > 100);
    assert_int_equal(number(f->store, "SELECT count(*) FROM policies p WHERE p.approved_version > 0 AND NOT EXISTS (SELECT 1 FROM"
                                      " policy_decisions d JOIN policy_versions v ON v.policy = d.policy AND v.hash = d.hash"
                                      " WHERE d.policy = p.row AND d.approved = 1 AND v.version = p.approved_version)"),
                     0);
    assert_int_equal(number(f->store, "SELECT count(*) FROM policy_decisions d JOIN policy_versions v ON v.policy = d.policy"
                                      " AND v.version = d.version WHERE d.approved = 1 AND v.author = d.actor"),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(requester_is_never_approver, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(author_and_proposer_are_both_requesters, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(an_approval_is_of_one_payload, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(roll_back_needs_no_approval_for_what_was_approved, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_replacement_takes_the_place_when_approved, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(wrong_texts_are_refused_with_their_reason, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(no_transition_without_an_audit_row, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
