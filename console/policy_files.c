#include "console/policy_files.h"

#include "console/headless.h"

#include <errno.h>
#include <string.h>

enum { CHUNK = 64 * 1024 };

static bool read_all(FILE *in, struct buf *text)
{
    size_t n;
    do {
        if (!buf_reserve(text, CHUNK)) return errno = EFBIG, false;
        n = fread(text->data + text->len, 1, CHUNK, in);
        text->len += n;
    } while (n == CHUNK);
    return !ferror(in);
}

bool file_read(const char *path, struct buf *text)
{
    bool stdin_wanted = !strcmp(path, "-");
    FILE *in = stdin_wanted ? stdin : fopen(path, "rb");
    bool good = in && read_all(in, text);
    if (!good) complain("%s: %s", path, strerror(errno));
    if (in && !stdin_wanted) fclose(in);
    return good;
}

static bool ends(const char *path, const char *end)
{
    size_t n = strlen(path), m = strlen(end);
    return n >= m && !strcmp(path + n - m, end);
}

bool policy_file_read(struct policy_set *set, const char *path)
{
    struct buf text;
    buf_init(&text, POLICY_TEXT_MAX + CHUNK);
    enum policy_format format = ends(path, ".pb") || ends(path, ".bin") ? POLICY_PROTOBUF : ends(path, ".json") ? POLICY_JSON : POLICY_ANY;
    bool good = file_read(path, &text);
    if (good) (void)policy_set_read(set, buf_view(&text), format, path);
    buf_free(&text);
    return good;
}

bool policy_files_complain(const struct policy_set *set)
{
    for (size_t i = 0; i < set->error_count; i++) {
        const struct policy_set_error *e = &set->errors[i];
        complain("%.*s:%u: %.*s", (int)e->source.len, e->source.ptr, e->line, (int)e->message.len, e->message.ptr);
    }
    return set->error_count == 0;
}
