/* Any bytes as a Policy message. */
#include "tests/fuzz/policy/policy_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 8192) return 0;
    struct policy_set *s = policy_set_new();
    (void)policy_set_read_message(s, slice_of((const char *)data, size), "fuzz");
    (void)policy_set_read(s, slice_of((const char *)data, size), POLICY_PROTOBUF, "fuzz");
    for (size_t i = 0; i < s->count; i++) check_round_trip(s->policies[i]);
    check_evaluation(s);
    policy_set_free(s);
    return 0;
}
