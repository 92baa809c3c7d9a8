/* The state of a list as one text: read, refused with its place, printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "screens/list_state.h"

#include <stdlib.h>
#include <string.h>

static void check_canonical(const char *text, const char *expected)
{
    struct list_state s;
    struct buf out;
    const char *problem = NULL;
    if (!list_state_parse(&s, NULL, text, &problem)) fail_msg("%s: %s", text, problem);
    buf_init(&out, 1 << 14);
    list_state_print(&s, &out);
    assert_string_equal(out.data, expected);
    buf_free(&out);
    list_state_free(&s);
}

static void states_have_one_shortest_text(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"events", "events"},
        {"  events   severity:debug   -payment ", "events severity:debug -payment"},
        {"events order:cost", "events"},
        {"events order:cost:desc", "events"},
        {"events order:cost:asc", "events order:-cost"},
        {"events order:-name severity:debug", "events severity:debug order:-name"},
        {"events order:cost,-name columns:name,cost word", "events word order:cost,-name columns:name,cost"},
        {"events \"order:cost\" \"two  words\"", "events \"order:cost\" \"two  words\""},
        {"events columns:name,service,severity,rate,volume,cost,series", "events"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) check_canonical(cases[i][0], cases[i][1]);
}

static void problems_have_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *problem;
    } cases[] = {
        {"evnts", "column 1: no list \"evnts\"; did you mean events?"},
        {"events order:nmae", "column 8: no column \"nmae\" here; did you mean name?"},
        {"events a columns:name,cots", "column 10: no column \"cots\" here; did you mean cost?"},
        {"events order:team", "column 8: cannot sort by team"},
        {"events order:cost,cost", "column 8: the order names cost twice"},
        {"events order:cost,name,id,rate", "column 8: no more than three"},
        {"events order:-cost:asc", "column 8: the order of cost"},
        {"events order:cost order:name", "column 19: order: stands here twice"},
        {"events columns:name,name", "column 8: the columns name name twice"},
        {"events order:cost severity:loud", "column 19: severity: one of"},
        {"events \"open", "column 8: the quote does not end"},
        {"events a\nb", "column 9: a control character"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct list_state s;
        const char *problem = NULL;
        assert_false(list_state_parse(&s, NULL, cases[i].text, &problem));
        if (strncmp(problem, cases[i].problem, strlen(cases[i].problem)) != 0) fail_msg("%s: %s", cases[i].text, problem);
    }
}

static void without_the_name_of_its_list(void **state)
{
    (void)state;
    struct list_state s;
    const char *problem;
    assert_true(list_state_parse(&s, &resource_services, "services order:name", &problem));
    assert_string_equal(s.filter, "services");
    assert_int_equal(s.order_count, 1);
    assert_false(s.order[0].descending);
    list_state_free(&s);
}

/* A filter of that name would be taken for the order or the columns. */
static void no_filter_has_the_name_of_a_part(void **state)
{
    (void)state;
    size_t count;
    const struct resource *const *all = resources_all(&count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < all[i]->filter_count; k++)
            assert_true(strcmp(all[i]->filters[k].name, "order") != 0 && strcmp(all[i]->filters[k].name, "columns") != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_have_one_shortest_text),
        cmocka_unit_test(problems_have_their_place),
        cmocka_unit_test(without_the_name_of_its_list),
        cmocka_unit_test(no_filter_has_the_name_of_a_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
