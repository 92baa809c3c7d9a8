/* Datadog exclusion filters as policies. */
#include "tests/unit/policy/lib.h"

#include "policy/datadog.h"

static struct buf imported;

static const char *import_rate(const char *query, double rate)
{
    static char error[300];
    buf_free(&imported);
    buf_init(&imported, 1 << 20);
    struct datadog_filter f = {SLICE("dd"), SLICE("filter"), slice_str(query), rate, true};
    return datadog_import(&imported, &f, error, sizeof error) ? "" : error;
}

/* Imported, and read back as a valid policy; then the record is judged. */
static bool drops(const char *query, const char *record)
{
    const char *error = import_rate(query, 1);
    if (*error) fail_msg("%s: %s", query, error);
    use(imported.data, POLICY_LOG);
    return !judge(record).keep;
}

#define DROPS(query, record) assert_true(drops(query, record))
#define KEEPS(query, record) assert_false(drops(query, record))
#define BODY(text)           "{'body':{'stringValue':'" text "'},'severityText':'ERROR'}"
#define WITH(key, value)     "{'body':{'stringValue':'x'},'attributes':[{'key':'" key "','value':" value "}]}"

static void test_message(void **unused)
{
    (void)unused;
    DROPS("timeout", BODY("request TIMEOUT now"));
    KEEPS("timeout", BODY("timeouts"));
    DROPS("time*", BODY("timeouts"));
    DROPS("\"could not connect\"", BODY("it Could not connect."));
    DROPS("(timeout OR refused)", BODY("refused"));
    KEEPS("timeout refused", BODY("refused"));
    DROPS("timeout AND refused", BODY("refused: timeout"));
    DROPS("-timeout", BODY("refused"));
    KEEPS("NOT timeout", BODY("timeout"));
    DROPS("*", BODY("anything"));
    DROPS("", BODY("anything"));
    DROPS("message:a.b", BODY("a.b"));
    KEEPS("message:a.b", BODY("axb"));
}

static void test_attributes(void **unused)
{
    (void)unused;
    DROPS("service:shop", BODY("b"));
    KEEPS("service:sho", BODY("b"));
    DROPS("service:sh*", BODY("b"));
    DROPS("service:*op", BODY("b"));
    DROPS("service:s*p", BODY("b"));
    DROPS("service:(cart OR shop)", BODY("b"));
    DROPS("(service:cart OR service:shop)", BODY("b"));
    DROPS("service:cart OR service:shop", BODY("b"));
    KEEPS("-service:(cart OR shop)", BODY("b"));
    DROPS("service:shop status:error", BODY("b"));
    DROPS("service:shop AND (status:error AND -timeout)", BODY("b"));
    DROPS("@http.status_code:200", WITH("http.status_code", "{'intValue':'200'}"));
    DROPS("@http.status_code:>=200", WITH("http.status_code", "{'intValue':'200'}"));
    KEEPS("@http.status_code:>200", WITH("http.status_code", "{'intValue':'200'}"));
    DROPS("@http.status_code:[200 TO 299]", WITH("http.status_code", "{'intValue':'204'}"));
    KEEPS("@http.status_code:{200 TO 204}", WITH("http.status_code", "{'intValue':'204'}"));
    DROPS("@http.status_code:[* TO 299]", WITH("http.status_code", "{'intValue':'204'}"));
    DROPS("@code:\"200\"", WITH("code", "{'stringValue':'200'}"));
    DROPS("@version:1.2.3", WITH("version", "{'stringValue':'1.2.3'}"));
    DROPS("@path:\\/health*", WITH("path", "{'stringValue':'/healthz'}"));
    DROPS("@user:*", WITH("user", "{'intValue':'1'}"));
    DROPS("-@user:*", WITH("other", "{'intValue':'1'}"));
    DROPS("@path:a\\*b", WITH("path", "{'stringValue':'a*b'}"));
}

static void test_refused(void **unused)
{
    (void)unused;
    static const char *const queries[] = {
        "service:a OR host:b", "a b OR c",   "-(a b)", "-@x:[1 TO 5]", "@x:(1 OR 2)", "\"open", "(a", "a)", "@x:[1 5]", "@x:>abc", "@x:",
        "service:(a -b)",      "@x:[1 TO 2", "-a OR b"};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        const char *error = import_rate(queries[i], 1);
        if (!*error || strncmp(error, "at character ", 13) != 0) fail_msg("%s: %s", queries[i], error);
    }
    assert_true(*import_rate("a", 1.5) != '\0');
}

static void test_sampling(void **unused)
{
    (void)unused;
    assert_string_equal(import_rate("service:shop", 0.9), "");
    use(imported.data, POLICY_LOG);
    const struct policy *p = the_set->policies[0];
    assert_true(p->keep.kind == POLICY_KEEP_PERCENT && p->keep.percent > 9.9999 && p->keep.percent < 10.0001);
    assert_int_equal(p->keep.sample_key.field, POLICY_TRACE_ID);
    assert_true(p->description.len > 0);
}

static int done(void **unused)
{
    (void)unused;
    buf_free(&imported);
    forget();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_message), cmocka_unit_test(test_attributes), cmocka_unit_test(test_refused),
                                       cmocka_unit_test(test_sampling)};
    return cmocka_run_group_tests(tests, NULL, done);
}
