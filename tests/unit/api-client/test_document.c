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

/* A field whose argument holds what is not offered goes: in objects, in lists, behind other fields. */
static void looks_into_literals(void **state)
{
    (void)state;
    static const char offered[] =
        "{\"query\":\"Q\",\"Q\":{\"fields\":{\"list\":{\"type\":\"L\",\"args\":{\"by\":\"Order\",\"n\":\"Int\"}},\"more\":{\"type\":\"L\","
        "\"args\":{}}}},"
        "\"L\":{\"fields\":{\"x\":{\"type\":\"Int\",\"args\":{}}}},\"Order\":{\"fields\":{\"field\":{\"type\":\"Field\",\"args\":{}},"
        "\"then\":{\"type\":\"Order\",\"args\":{}}}},\"Field\":{\"fields\":{\"NAME\":{},\"SIZE\":{}}},\"Int\":{\"fields\":{}}}";
    static const struct {
        const char *text;
        bool kept;
    } cases[] = {
        {"{ more { x } list(by: {field: NAME}) { x } }", true},
        {"{ more { x } list(n: 3, by: {field: NAME, then: [{field: SIZE}]}) { x } }", true},
        {"{ more { x } list(by: $by) { x } }", true},
        {"{ more { x } list(by: {field: $f}, n: 2) { x } }", true},
        {"{ more { x } list(by: null) { x } }", true},
        {"{ more { x } list(by: {field: COLOUR}) { x } }", false},
        {"{ more { x } list(by: {field: NAME, then: [{field: SIZE}, {field: COLOUR}]}, n: 1) { x } }", false},
        {"{ more { x } list(by: {field: NAME, down: true}) { x } }", false},
    };
    json_t *o = json_loads(offered, 0, NULL);
    assert_non_null(o);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *made = document_filter(cases[i].text, o);
        assert_non_null(made);
        if ((strstr(made, "list") != NULL) != cases[i].kept) fail_msg("%s: %s", cases[i].text, made);
        free(made);
    }
    json_decref(o);
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

/* Input fields, at any depth, and enum values. */
static void tells_what_in_the_variables_is_not_offered(void **state)
{
    (void)state;
    static const char text[] =
        "{\"W\":{\"fields\":{\"and\":{\"type\":\"W\",\"args\":{}},\"name\":{\"type\":\"String\",\"args\":{}},"
        "\"size\":{\"type\":\"Size\",\"args\":{}}}},\"Size\":{\"fields\":{\"SMALL\":{},\"BIG\":{}}},\"String\":{\"fields\":{}}}";
    static const char document[] = "query A($n: Int, $w: W, $sizes: [Size!]! = [BIG]) { x(n: $n, where: $w) { y } }";
    static const struct {
        const char *variables, *lacks;
    } cases[] = {
        {"{}", NULL},
        {"{\"n\":1,\"w\":{\"name\":\"anything\",\"size\":\"SMALL\"}}", NULL},
        {"{\"w\":null,\"unused\":{\"gone\":1}}", NULL},
        {"{\"w\":{\"gone\":1}}", "gone"},
        {"{\"w\":{\"and\":[{\"name\":\"x\"},{\"and\":[{\"nameGT\":\"x\"}]}]}}", "nameGT"},
        {"{\"w\":{\"size\":\"HUGE\"}}", "HUGE"},
        {"{\"sizes\":[\"BIG\",\"TINY\"]}", "TINY"},
    };
    json_t *o = json_loads(text, 0, NULL);
    assert_non_null(o);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *v = json_loads(cases[i].variables, 0, NULL);
        const char *lacks = document_lacks(document, v, o);
        if (cases[i].lacks) assert_non_null(lacks);
        if (!cases[i].lacks) assert_null(lacks);
        else assert_string_equal(lacks, cases[i].lacks);
        json_decref(v);
    }
    json_decref(o);
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
        cmocka_unit_test(looks_into_literals),
        cmocka_unit_test(drops_variables_that_nothing_uses),
        cmocka_unit_test(tells_what_in_the_variables_is_not_offered),
        cmocka_unit_test(every_document_has_its_file_name),
        cmocka_unit_test(anything_but_a_query_is_a_mutation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
