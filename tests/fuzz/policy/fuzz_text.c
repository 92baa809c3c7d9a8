/* Any text as JSON or YAML: valid policies print to texts that read back as the same. */
#include "tests/fuzz/policy/policy_fuzz.h"

#include "policy/lint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 8192) return 0;
    struct policy_set *s = policy_set_new();
    (void)policy_set_read(s, slice_of((const char *)data, size), POLICY_ANY, "fuzz");
    (void)policy_lint(s, NULL, NULL);
    for (size_t i = 0; i < s->count; i++) check_round_trip(s->policies[i]);
    check_evaluation(s);
    policy_set_free(s);
    return 0;
}
