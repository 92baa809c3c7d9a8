/* Any query: refused with a reason, or a policy that is valid. */
#include "policy/datadog.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1024) return 0;
    char error[300];
    struct buf out;
    buf_init(&out, 16 << 20);
    struct datadog_filter f = {SLICE("id"), SLICE("name"), slice_of((const char *)data, size), 0.5, true};
    bool good = datadog_import(&out, &f, error, sizeof error);
    if (good == (*error != '\0')) abort();
    struct policy_set *s = policy_set_new();
    if (good) {
        if (!policy_set_read(s, buf_view(&out), POLICY_JSON, "imported")) abort();
        const struct policy *p = s->policies[0];
        if (!policy_valid(p)) {
            fprintf(stderr, "%s\n%s\n", out.data, p->errors[0].message.ptr);
            abort();
        }
    }
    policy_set_free(s);
    buf_free(&out);
    return 0;
}
