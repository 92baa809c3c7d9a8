/* The documents that the console sends, cut to what a control plane offers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api-client/internal.h"

#include <stdlib.h>

static json_t *offers(void)
{
    static const char text[] =
        "{'query':'Query','mutation':'Mutation',"
        "'Query':{'fields':{'logEvents':{'type':'C','args':{'first':true,'where':true}},'viewer':{'type':'Viewer','args':{}}}},"
        "'Mutation':{'fields':{'set':{'type':'S','args':{'id':true}}}},"
        "'C':{'fields':{'totalCount':{'type':'Int','args':{}},'edges':{'type':'E','args':{}}}},"
        "'E':{'fields':{'node':{'type':'N','args':{}}}},"
        "'N':{'fields':{'id':{'type':'ID','args':{}},'name':{'type':'String','args':{}},'volume':{'type':'V','args':{'input':true}}}},"
        "'V':{'fields':{'points':{'type':'P','args':{}}}},'Viewer':{'fields':{'id':{'type':'ID','args':{}}}},'S':{'fields':{'id':{'type':'"
        "ID','args':{}}}}}";
    char *json = strdup(text);
    for (char *c = json; *c; c++)
        if (*c == '\'') *c = '"';
    json_t *made = json_loads(json, 0, NULL);
    free(json);
    assert_non_null(made);
    return made;
}

static void check(const char *text, const char *expected)
{
    json_t *o = offers();
    char *made = document_filter(text, o);
    if (expected) assert_non_null(made);
    if (!expected) assert_null(made);
    else assert_string_equal(made, expected);
    free(made);
    json_decref(o);
}

static void keeps_what_is_known(void **state)
{
    (void)state;
    check("query A { viewer { id } }", "query A{viewer{id}}");
    check("{viewer{id}}", "{viewer{id}}");
    check("# words\nquery A($n: Int = 5) { logEvents(first: $n) { total: totalCount __typename } }",
          "query A($n:Int=5 ){logEvents( first : $ n ){total:totalCount __typename}}");
}

static void leaves_out_what_is_not(void **state)
{
    (void)state;
    check("query A { viewer { id email teams { id } } serverInfo { version } }", "query A{viewer{id}}");
    check("query A { logEvents { edges { node { id eventCount name } } facets(limit: 3) { x { y } } } }",
          "query A{logEvents{edges{node{id name}}}}");
    check("query A { viewer { email } }", "query A{viewer{__typename}}");
    check("query A { serverInfo { version } }", NULL);
    check("query A { logEvents(search: \"a } b\") { totalCount } }", NULL);
    check("mutation M($id: ID!) { set(id: $id) { id more } }", "mutation M($id:ID! ){set( id : $ id ){id}}");
    check("mutation M { viewer { id } }", NULL);
}

static void drops_variables_that_nothing_uses(void **state)
{
    (void)state;
    check("query A($n: Int, $o: Thing! = {a: [1, 2]}) { viewer { id } logEvents(first: $n) { totalCount } other(o: $o) }",
          "query A($n:Int ){viewer{id}logEvents( first : $ n ){totalCount}}");
    check("query A($o: Thing!) { viewer { id } other(o: $o) }", "query A{viewer{id}}");
    check(
        "query A($s: Boolean! = false, $i: I!) { logEvents { edges { node { id volume(input: $i) @include(if: $s) { points gone } } } } }",
        "query A($s:Boolean!=false $i:I! ){logEvents{edges{node{id volume( input : $ i )@include( if : $ s ){points}}}}}");
}

static void every_document_has_its_file_name(void **state)
{
    (void)state;
    unsigned seen = 0;
    for (const struct embedded *e = embedded_operations; e->name; e++, seen++) {
        char name[80];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(e->name, "."), e->name);
        assert_ptr_equal(document_find(name), e);
        const char *at = strstr(e->text, document_is_query(e->text) ? "query " : "mutation ");
        assert_non_null(at);
        at = strchr(at, ' ') + 1;
        assert_int_equal(strncmp(at, name, strlen(name)), 0);
        assert_int_equal(strlen(e->text), e->len);
    }
    assert_true(seen >= 10);
    assert_null(document_find("Nothing"));
    assert_null(document_find(""));
    assert_null(document_find("Home.graphql"));
}

static void anything_but_a_query_is_a_mutation(void **state)
{
    (void)state;
    assert_true(document_is_query("query A { a }"));
    assert_true(document_is_query("# mutation\n  { a }"));
    assert_false(document_is_query("mutation A { a }"));
    assert_false(document_is_query("subscription A { a }"));
    assert_false(document_is_query("queryA { a }"));
    assert_false(document_is_query(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_is_known),
        cmocka_unit_test(leaves_out_what_is_not),
        cmocka_unit_test(drops_variables_that_nothing_uses),
        cmocka_unit_test(every_document_has_its_file_name),
        cmocka_unit_test(anything_but_a_query_is_a_mutation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
