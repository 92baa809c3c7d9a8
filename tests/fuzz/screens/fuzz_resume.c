/* Any text is a session file or a problem with a line; what is written reads back as itself. */
#include "base/die.h"
#include "screens/resume.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static char *printed(const struct resume_file *f)
{
    struct buf out;
    buf_init(&out, 4 * RESUME_MAX);
    resume_print(f, &out);
    if (out.full) abort();
    return out.data;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *problem = NULL;
    struct resume_file f;
    char *text = xstrndup((const char *)data, size);
    if (!resume_parse(&f, text, &problem)) {
        if (!problem || strncmp(problem, "line ", 5) != 0 || f.count) abort();
        free(text);
        return 0;
    }
    char *once = printed(&f), *copy = xstrdup(once);
    resume_free(&f);
    if (!resume_parse(&f, copy, &problem)) abort();
    char *twice = printed(&f);
    if (strcmp(once, twice) != 0) abort();
    resume_free(&f);
    free(once);
    free(twice);
    free(copy);
    free(text);
    return 0;
}
