/* Which patterns are one event, whatever the order; and what is forgotten under memory pressure. */
#include "tests/unit/control-plane-catalog/lib.h"

#include <stdio.h>
#include <stdlib.h>

static void opposites_stay_apart(void **state)
{
    (void)state;
    assert_false(same("upload of part 1 succeeded", "upload of part 2 failed"));
    static const char *const verbs[] = {"started", "stopped", "paused", "resumed", "deleted", "created"};
    char line[100];
    for (int i = 0; i < 6; i++) {
        snprintf(line, sizeof line, "the machine was %s by request", verbs[i]);
        mined(slice_str(line));
    }
    assert_false(same("the machine was started by request", "the machine was stopped by request"));
    assert_false(same("ok", "done"));
}

static void one_varying_word_is_a_value(void **state)
{
    (void)state;
    static const char *const names[] = {"alice", "bob", "carol", "dave", "erin"};
    char line[100];
    for (int i = 0; i < 4; i++) {
        snprintf(line, sizeof line, "%s changed colour", names[i]);
        mined(slice_str(line));
    }
    assert_false(same("alice changed colour", "bob changed colour"));
    snprintf(line, sizeof line, "%s changed colour", names[4]);
    mined(slice_str(line));
    assert_true(same("alice changed colour", "bob changed colour"));
    assert_string_equal(shown("zoe changed colour"), "<*> changed colour");
}

static void words_once_values_merge_elsewhere(void **state)
{
    (void)state;
    static const char *const names[] = {"alice", "bob", "carol", "dave", "erin"};
    char line[100];
    assert_false(same("door opened for alice again", "door opened for bob again"));
    for (int i = 0; i < 5; i++) {
        snprintf(line, sizeof line, "%s changed colour", names[i]);
        mined(slice_str(line));
    }
    assert_true(same("door opened for alice again", "door opened for bob again"));
}

static void a_value_and_a_word_merge(void **state)
{
    (void)state;
    assert_true(same("listening on port 8080 now", "listening on port http now"));
}

enum { LINES = 300 };

static void make_line(char *out, size_t size, unsigned i)
{
    static const char *const who[] = {"alice", "bob", "carol", "dave", "erin", "frank", "grace"};
    static const char *const what[] = {"table", "chair", "lamp", "sofa", "desk", "shelf"};
    switch (i % 5) {
    case 0: snprintf(out, size, "%s moved the %s today", who[i % 7], what[i % 6]); break;
    case 1: snprintf(out, size, "the %s is broken", what[i % 6]); break;
    case 2: snprintf(out, size, "%s moved the %u today", who[i / 5 % 7], i); break;
    case 3: snprintf(out, size, "unique line about %s %s", who[i % 3], what[i % 2]); break;
    default: snprintf(out, size, "count %u of %s", i, who[i % 7]);
    }
}

static void groups_of(const unsigned *order, struct id128 *ids)
{
    struct pattern *patterns[LINES];
    char line[128];
    miner_begin(NULL);
    for (unsigned i = 0; i < LINES; i++) {
        make_line(line, sizeof line, order[i]);
        patterns[order[i]] = mined(slice_str(line));
    }
    miner_settle(miner);
    for (unsigned i = 0; i < LINES; i++) ids[i] = pattern_id(pattern_root(patterns[i]));
    miner_end(NULL);
}

static void order_does_not_matter(void **state)
{
    (void)state;
    unsigned order[LINES];
    static struct id128 first[LINES], again[LINES];
    for (unsigned i = 0; i < LINES; i++) order[i] = i;
    groups_of(order, first);
    for (unsigned round = 1; round <= 20; round++) {
        for (unsigned i = LINES - 1; i > 0; i--) {
            unsigned k = (unsigned)(hash_mix(round, i) % (i + 1)), t = order[i];
            order[i] = order[k];
            order[k] = t;
        }
        groups_of(order, again);
        assert_memory_equal(first, again, sizeof first);
    }
}

static struct id128 id_of(const char *line) { return pattern_id(pattern_root(mined(slice_str(line)))); }

static void forgetting_keeps_ids(void **state)
{
    (void)state;
    miner_free(miner);
    miner = miner_new(1, 256 * 1024);
    struct id128 before = id_of("a line that must keep its id");
    char line[100];
    size_t most = 0;
    for (unsigned i = 0; i < 20000; i++) {
        uint64_t h = hash_mix(i, 5);
        char a[9] = {0}, b[9] = {0};
        for (int k = 0; k < 8; k++) {
            a[k] = (char)('a' + (h >> (k * 4)) % 15);
            b[k] = (char)('g' + (h >> (k * 4 + 2)) % 15);
        }
        snprintf(line, sizeof line, "%s told %s of it", a, b);
        mined(slice_str(line));
        if (miner_patterns(miner) > most) most = miner_patterns(miner);
    }
    assert_in_range(most, 10, 2000);
    struct id128 after = id_of("a line that must keep its id");
    assert_memory_equal(&before, &after, sizeof before);
}

static struct merge merges[64];
static size_t merge_count;

static void on_merge(void *context, struct id128 from, struct id128 to)
{
    (void)context;
    if (merge_count < 64) merges[merge_count++] = (struct merge){from, to};
}

static struct id128 resolved(struct id128 id)
{
    for (size_t hops = 0; hops < 64; hops++) {
        size_t i = 0;
        while (i < merge_count && (merges[i].from.hi != id.hi || merges[i].from.lo != id.lo)) i++;
        if (i == merge_count) return id;
        id = merges[i].to;
    }
    fail_msg("the chain of aliases has a loop");
    return id;
}

static void aliases_lead_to_the_event(void **state)
{
    (void)state;
    static const char *const who[] = {"alice", "bob", "carol", "dave", "erin"}, *const what[] = {"lamp", "sofa", "desk", "rug", "vase"};
    char line[100];
    struct id128 ids[25];
    merge_count = 0;
    miner_on_merge(miner, on_merge, NULL);
    for (int i = 0; i < 25; i++) {
        snprintf(line, sizeof line, "%s moved the %s today", who[i % 5], what[i / 5]);
        ids[i] = pattern_id(mined(slice_str(line)));
    }
    struct id128 last = id_of("alice moved the lamp today");
    assert_string_equal(shown("alice moved the lamp today"), "<*> moved the <*> today");
    for (int i = 0; i < 25; i++) {
        struct id128 to = resolved(ids[i]);
        assert_memory_equal(&to, &last, sizeof to);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(opposites_stay_apart, miner_begin, miner_end),
        cmocka_unit_test_setup_teardown(one_varying_word_is_a_value, miner_begin, miner_end),
        cmocka_unit_test_setup_teardown(words_once_values_merge_elsewhere, miner_begin, miner_end),
        cmocka_unit_test_setup_teardown(a_value_and_a_word_merge, miner_begin, miner_end),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test_setup_teardown(forgetting_keeps_ids, miner_begin, miner_end),
        cmocka_unit_test_setup_teardown(aliases_lead_to_the_event, miner_begin, miner_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
