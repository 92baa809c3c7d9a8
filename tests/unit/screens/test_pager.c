/* The pager against a list that lives in this file: nothing here opens a connection. */
#include "screens/pager.h"

#include "base/die.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A list of the numbers from, from + 1, ... to - 1; a row's cursor is its number. */
struct server {
    long from, to;
    bool fails, shapeless;
    uint64_t tickets, cancelled;
    uint64_t waiting; /* ticket of the request that waits */
    json_t *variables;
    api_done *done;
    void *context;
    unsigned requests;
};

struct owner {
    struct server server;
    struct pager *pager;
    unsigned changes, resets;
    long shift;
};

static uint64_t server_send(void *context, const char *operation, json_t *variables, api_done *done, void *done_context)
{
    struct server *s = context;
    assert_string_equal(operation, "ListThings");
    assert_int_equal(s->waiting, 0);
    s->waiting = ++s->tickets;
    s->variables = variables;
    s->done = done;
    s->context = done_context;
    s->requests++;
    return s->waiting;
}

static void server_cancel(void *context, uint64_t ticket)
{
    struct server *s = context;
    assert_int_equal(ticket, s->waiting);
    s->waiting = 0;
    s->cancelled = ticket;
    json_decref(s->variables);
}

static json_t *row_edge(long number)
{
    char id[24];
    snprintf(id, sizeof id, "%ld", number);
    return json_pack("{s:{s:s, s:i}}", "node", "id", id, "n", (int)number);
}

static json_t *page_of(const struct server *s)
{
    const json_t *v = s->variables;
    const char *cursor = json_string_value(json_object_get(v, "cursor"));
    bool back = json_is_true(json_object_get(v, "back"));
    long first, last; /* half open */
    if (back) last = cursor ? atol(cursor) : s->to, first = last - PAGER_PAGE;
    else first = cursor ? atol(cursor) + 1 : s->from, last = first + PAGER_PAGE;
    if (first < s->from) first = s->from;
    if (last > s->to) last = s->to;
    json_t *edges = json_array();
    for (long i = first; i < last; i++) json_array_append_new(edges, row_edge(i));
    char start[24], end[24];
    snprintf(start, sizeof start, "%ld", first);
    snprintf(end, sizeof end, "%ld", last - 1);
    json_t *connection = json_pack("{s:o, s:{s:b, s:b, s:s, s:s}}", "edges", edges, "pageInfo", "hasNextPage",
                                   last<s->to, "hasPreviousPage", first> s->from, "startCursor", start, "endCursor", end);
    if (json_is_true(json_object_get(v, "total"))) json_object_set_new(connection, "totalCount", json_integer(s->to - s->from));
    return json_pack("{s:o}", "things", connection);
}

static bool answer(struct owner *o)
{
    struct server *s = &o->server;
    if (!s->waiting) return false;
    json_t *data = s->shapeless ? json_object() : page_of(s);
    struct api_answer a = {
        .status = s->fails ? API_REFUSED : API_OK, .data = s->fails ? NULL : data, .message = s->fails ? "no" : "", .code = ""};
    s->waiting = 0;
    json_decref(s->variables);
    s->done(s->context, &a);
    json_decref(data);
    return true;
}

static void answer_all(struct owner *o)
{
    for (int i = 0; answer(o); i++) assert_in_range(i, 0, 100000);
}

static json_t *variables(void *context, const struct pager_page *page)
{
    (void)context;
    return json_pack("{s:s*, s:b, s:b}", "cursor", page->cursor, "back", page->back, "total", page->total);
}

static void changed(void *context, long shift, bool reset)
{
    struct owner *o = context;
    o->changes++;
    o->shift += shift;
    o->resets += reset;
}

static void open_list(struct owner *o, long count)
{
    *o = (struct owner){.server = {.to = count}};
    o->pager = pager_new((struct pager_source){&o->server, server_send, server_cancel}, "ListThings", "things",
                         &(struct pager_owner){o, variables, changed});
}

static void start_list(struct owner *o, long count)
{
    open_list(o, count);
    pager_restart(o->pager, false, 0);
    answer_all(o);
}

static long at(const struct owner *o, long row)
{
    const json_t *node = pager_row(o->pager, row);
    return node ? (long)json_integer_value(json_object_get(node, "n")) : -1;
}

static void holds(const struct owner *o, long first, long last)
{
    for (long i = first; i <= last; i++) assert_int_equal(at(o, i), i);
}

/* ---- the tests ---- */

static void first_page(void **state)
{
    struct owner o;
    (void)state;
    open_list(&o, 250);
    assert_false(pager_known(o.pager));
    assert_int_equal(pager_count(o.pager), 0);
    pager_restart(o.pager, false, 0);
    assert_true(pager_busy(o.pager) > 0);
    assert_null(pager_row(o.pager, 0));
    assert_true(answer(&o));
    assert_true(pager_known(o.pager));
    assert_int_equal(pager_count(o.pager), 250);
    assert_int_equal(o.resets, 1);
    holds(&o, 0, 99);
    assert_int_equal(at(&o, 100), -1);
    assert_int_equal(at(&o, -1), -1);
    pager_free(o.pager);
}

static void empty_list(void **state)
{
    struct owner o;
    (void)state;
    start_list(&o, 0);
    assert_true(pager_known(o.pager));
    assert_int_equal(pager_count(o.pager), 0);
    pager_want(o.pager, 0, 20);
    assert_int_equal(o.server.waiting, 0);
    pager_free(o.pager);
}

static void exactly_one_page(void **state)
{
    struct owner o;
    (void)state;
    start_list(&o, PAGER_PAGE);
    pager_want(o.pager, 80, 99);
    assert_int_equal(o.server.waiting, 0);
    holds(&o, 0, 99);
    pager_free(o.pager);
}

static void prefetches_the_next_page(void **state)
{
    struct owner o;
    (void)state;
    start_list(&o, 1000);
    pager_want(o.pager, 0, 19);
    answer_all(&o);
    holds(&o, 0, 199);
    pager_want(o.pager, 90, 110);
    answer_all(&o);
    holds(&o, 0, 299);
    pager_free(o.pager);
}

static void beyond_the_loaded_rows(void **state)
{
    struct owner o;
    long start, end;
    (void)state;
    start_list(&o, 1000);
    pager_want(o.pager, 380, 399);
    assert_int_equal(at(&o, 380), -1);
    answer_all(&o);
    holds(&o, 380, 399);
    pager_loaded(o.pager, &start, &end);
    assert_true(end - start <= PAGER_PAGE * PAGER_PAGES);
    pager_free(o.pager);
}

static void jump_to_the_end_and_back(void **state)
{
    struct owner o;
    (void)state;
    start_list(&o, 1000000);
    unsigned before = o.server.requests;
    pager_want(o.pager, 999980, 999999);
    answer_all(&o);
    holds(&o, 999980, 999999);
    assert_int_equal(at(&o, 1000000), -1);
    assert_true(o.server.requests - before <= 3);
    before = o.server.requests;
    pager_want(o.pager, 0, 19);
    answer_all(&o);
    holds(&o, 0, 19);
    assert_true(o.server.requests - before <= 3);
    pager_free(o.pager);
}

static void backwards_from_the_end(void **state)
{
    struct owner o;
    (void)state;
    start_list(&o, 5000);
    pager_want(o.pager, 4980, 4999);
    answer_all(&o);
    for (long top = 4980; top >= 0; top -= 20) {
        pager_want(o.pager, top, top + 19);
        answer_all(&o);
        holds(&o, top, top + 19);
    }
    assert_int_equal(o.shift, 0);
    assert_int_equal(pager_count(o.pager), 5000);
    pager_free(o.pager);
}

static void a_million_rows_in_constant_memory(void **state)
{
    struct owner o;
    size_t early = 0;
    (void)state;
    start_list(&o, 1000000);
    for (long top = 0; top < 999980; top += 97) {
        pager_want(o.pager, top, top + 19);
        answer_all(&o);
        assert_int_equal(at(&o, top), top);
        assert_int_equal(at(&o, top + 19), top + 19);
        if (top / 97 == 50) early = mallinfo2().uordblks;
    }
    assert_true(mallinfo2().uordblks <= early + early / 4 + 65536);
    pager_want(o.pager, 999980, 999999);
    answer_all(&o);
    holds(&o, 999980, 999999);
    assert_true(o.server.requests < 10100);
    pager_free(o.pager);
}

static void rows_that_come_while_scrolling(void **state)
{
    struct owner o;
    (void)state;
    start_list(&o, 1000);
    pager_want(o.pager, 980, 999);
    answer_all(&o);
    o.server.from = -30; /* thirty new rows in front of all */
    for (long top = 980; top > 0; top -= 20) {
        pager_want(o.pager, top, top + 19);
        answer_all(&o);
    }
    pager_want(o.pager, 0, 19);
    answer_all(&o);
    assert_int_equal(at(&o, 0), -30);
    assert_int_equal(at(&o, 30), 0);
    pager_free(o.pager);
}

static void rows_that_go_while_scrolling(void **state)
{
    struct owner o;
    (void)state;
    start_list(&o, 1000);
    o.server.to = 730;
    for (long top = 0; top < 980; top += 20) {
        pager_want(o.pager, top, top + 19);
        answer_all(&o);
    }
    assert_int_equal(pager_count(o.pager), 730);
    assert_int_equal(at(&o, 729), 729);
    pager_free(o.pager);
}

static void the_cursor_stays_on_its_row(void **state)
{
    struct owner o;
    long start, end;
    (void)state;
    start_list(&o, 1000);
    pager_want(o.pager, 980, 999);
    answer_all(&o);
    o.server.from = 60; /* sixty rows in front have gone */
    for (long row = 980; row > 0 && at(&o, row + o.shift) >= 60;) {
        long number = at(&o, row + o.shift), shift = o.shift;
        pager_want(o.pager, row + o.shift, row + o.shift + 19);
        answer_all(&o);
        assert_int_equal(at(&o, row + o.shift), number);
        if (o.shift == shift) row -= 20;
        else break;
    }
    pager_loaded(o.pager, &start, &end);
    assert_int_equal(o.shift, -60);
    assert_int_equal(start, 0);
    assert_int_equal(at(&o, 0), 60);
    pager_free(o.pager);
}

static void old_rows_stay_until_the_answer(void **state)
{
    struct owner o;
    (void)state;
    start_list(&o, 1000);
    o.server.from = 5000;
    o.server.to = 5010;
    pager_restart(o.pager, false, 0);
    assert_true(pager_stale(o.pager));
    holds(&o, 0, 50);
    pager_want(o.pager, 500, 519);
    assert_true(answer(&o));
    assert_false(pager_stale(o.pager));
    assert_int_equal(o.resets, 2);
    assert_int_equal(pager_count(o.pager), 10);
    assert_int_equal(at(&o, 0), 5000);
    answer_all(&o);
    assert_int_equal(at(&o, 9), 5009);
    pager_free(o.pager);
}

static void refresh_keeps_the_place(void **state)
{
    struct owner o;
    (void)state;
    start_list(&o, 100000);
    for (long top = 0; top <= 1000; top += 20) {
        pager_want(o.pager, top, top + 19);
        answer_all(&o);
    }
    pager_restart(o.pager, true, 1000);
    pager_want(o.pager, 1000, 1019);
    answer_all(&o);
    holds(&o, 1000, 1019);
    assert_int_equal(o.resets, 1);
    pager_want(o.pager, 0, 19);
    answer_all(&o);
    holds(&o, 0, 19);
    pager_free(o.pager);
}

static void refresh_of_rows_that_are_gone(void **state)
{
    struct owner o;
    (void)state;
    start_list(&o, 1000);
    pager_want(o.pager, 980, 999);
    answer_all(&o);
    o.server.to = 50;
    pager_restart(o.pager, true, 980);
    answer_all(&o);
    assert_int_equal(pager_count(o.pager), 50);
    pager_want(o.pager, 30, 49);
    answer_all(&o);
    holds(&o, 0, 49);
    pager_free(o.pager);
}

static void a_new_question_cancels_the_old(void **state)
{
    struct owner o;
    (void)state;
    open_list(&o, 1000);
    pager_restart(o.pager, false, 0);
    pager_restart(o.pager, false, 0);
    assert_int_equal(o.server.cancelled, 1);
    answer_all(&o);
    assert_int_equal(o.resets, 1);
    pager_free(o.pager);
}

static void leaving_cancels(void **state)
{
    struct owner o;
    (void)state;
    open_list(&o, 1000);
    pager_restart(o.pager, false, 0);
    pager_free(o.pager);
    assert_int_equal(o.server.cancelled, 1);
    assert_int_equal(o.server.waiting, 0);
    assert_int_equal(o.changes, 0);
}

static void an_error_is_told_and_not_repeated(void **state)
{
    struct owner o;
    (void)state;
    start_list(&o, 1000);
    o.server.fails = true;
    pager_want(o.pager, 180, 199);
    answer_all(&o);
    assert_string_equal(pager_error(o.pager), "no");
    holds(&o, 0, 99);
    unsigned before = o.server.requests;
    pager_want(o.pager, 180, 199);
    assert_int_equal(o.server.requests, before);
    o.server.fails = false;
    pager_restart(o.pager, true, 0);
    assert_string_equal(pager_error(o.pager), "");
    answer_all(&o);
    holds(&o, 0, 99);
    pager_free(o.pager);
}

static void an_answer_of_another_shape(void **state)
{
    struct owner o;
    (void)state;
    open_list(&o, 1000);
    o.server.shapeless = true;
    pager_restart(o.pager, false, 0);
    answer_all(&o);
    assert_true(strlen(pager_error(o.pager)) > 0);
    assert_false(pager_known(o.pager));
    pager_free(o.pager);
}

static void a_very_tall_terminal_comes_to_rest(void **state)
{
    struct owner o;
    (void)state;
    start_list(&o, 100000);
    for (long top = 0; top < 3000; top += 450) {
        pager_want(o.pager, top, top + 449);
        answer_all(&o);
        assert_int_equal(at(&o, top), top);
    }
    assert_true(o.server.requests < 60);
    pager_free(o.pager);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_page),
        cmocka_unit_test(empty_list),
        cmocka_unit_test(exactly_one_page),
        cmocka_unit_test(prefetches_the_next_page),
        cmocka_unit_test(beyond_the_loaded_rows),
        cmocka_unit_test(jump_to_the_end_and_back),
        cmocka_unit_test(backwards_from_the_end),
        cmocka_unit_test(a_million_rows_in_constant_memory),
        cmocka_unit_test(rows_that_come_while_scrolling),
        cmocka_unit_test(rows_that_go_while_scrolling),
        cmocka_unit_test(the_cursor_stays_on_its_row),
        cmocka_unit_test(old_rows_stay_until_the_answer),
        cmocka_unit_test(refresh_keeps_the_place),
        cmocka_unit_test(refresh_of_rows_that_are_gone),
        cmocka_unit_test(a_new_question_cancels_the_old),
        cmocka_unit_test(leaving_cancels),
        cmocka_unit_test(an_error_is_told_and_not_repeated),
        cmocka_unit_test(an_answer_of_another_shape),
        cmocka_unit_test(a_very_tall_terminal_comes_to_rest),
    };
    return cmocka_run_group_tests_name("pager", tests, NULL, NULL);
}
