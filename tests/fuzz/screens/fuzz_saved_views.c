/* Any text is a file of saved views: what is read is a view that can be opened, the rest is counted. */
#include "base/die.h"
#include "screens/list_state.h"
#include "screens/saved_views.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct saved_views v = {0};
    char *text = xstrndup((const char *)data, size);
    saved_views_parse(&v, text);
    if (v.count > SAVED_VIEWS_MAX) abort();
    for (size_t i = 0; i < v.count; i++) {
        const char *problem;
        struct list_state s;
        if (strlen(v.items[i].name) > SAVED_NAME_MAX || !saved_views_find(&v, v.items[i].name)) abort();
        if (!list_state_parse(&s, NULL, v.items[i].text, &problem)) abort();
        list_state_free(&s);
    }
    saved_views_free(&v);
    free(text);
    return 0;
}
