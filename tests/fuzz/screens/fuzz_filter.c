/* Any text is a filter or a problem with a place; what comes out is a where object that prints. */
#include "base/die.h"
#include "base/utf8.h"
#include "screens/format.h"
#include "screens/resource.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *problem = NULL;
    char *text = xstrndup((const char *)data, size);
    json_t *where = filter_parse(size % 2 ? &resource_events : &resource_services, text, &problem);
    if (!where == !problem) abort();
    if (problem && strncmp(problem, "column ", 7) != 0) abort();
    char *printed = where ? json_dumps(where, JSON_COMPACT) : NULL;
    if (where && !printed) abort();
    double value;
    (void)format_parse_number(text, strlen(text), &value);
    free(printed);
    json_decref(where);
    free(text);
    return 0;
}
