/* Any text is a state of a list or a problem with a place; a printed state reads back as itself. */
#include "base/die.h"
#include "screens/list_state.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static char *printed(const struct list_state *s)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    list_state_print(s, &out);
    if (out.full) abort();
    return out.data;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *problem = NULL;
    struct list_state s, again;
    char *text = xstrndup((const char *)data, size);
    if (!list_state_parse(&s, size % 3 ? NULL : &resource_events, text, &problem)) {
        if (!problem || strncmp(problem, "column ", 7) != 0) abort();
        free(text);
        return 0;
    }
    char *once = printed(&s);
    if (strlen(once) <= LIST_STATE_MAX) {
        if (!list_state_parse(&again, NULL, once, &problem)) abort();
        char *twice = printed(&again);
        if (strcmp(once, twice) != 0) abort();
        free(twice);
        list_state_free(&again);
    }
    free(once);
    free(text);
    list_state_free(&s);
    return 0;
}
