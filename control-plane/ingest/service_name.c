#include "control-plane/ingest/service_name.h"

#include <ctype.h>

static bool ends(struct slice s, const char *suffix)
{
    size_t n = strlen(suffix);
    return s.len >= n && memcmp(s.ptr + s.len - n, suffix, n) == 0;
}

/* Digits and the marks of dates at the end, with the dot, dash or underscore before them. */
static struct slice without_number(struct slice s)
{
    size_t n = s.len;
    while (n && (isdigit((unsigned char)s.ptr[n - 1]) || strchr("-._:T", s.ptr[n - 1]))) n--;
    while (n < s.len && !strchr("-._", s.ptr[n])) n++;
    return n ? slice_of(s.ptr, n) : s;
}

static struct slice stem(struct slice name)
{
    static const char *const endings[] = {".gz", ".log", ".txt", ".json", ".jsonl", ".ndjson", ".out", ".err"};
    for (bool cut = true; cut && name.len;) {
        cut = false;
        for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
            if (!ends(name, endings[i]) || name.len == strlen(endings[i])) continue;
            name.len -= strlen(endings[i]);
            cut = true;
        }
        struct slice shorter = without_number(name);
        if (shorter.len < name.len) {
            name = shorter;
            cut = true;
        }
    }
    return name;
}

/* The next part of the path; false at the end. */
static bool part(const char **at, struct slice *out)
{
    while (**at == '/') (*at)++;
    size_t n = strcspn(*at, "/");
    *out = slice_of(*at, n);
    *at += n;
    return n > 0;
}

static struct slice container_of_file(struct slice name)
{
    struct slice s = stem(name);
    const char *last = memrchr(s.ptr, '_', s.len);
    if (!last) return s;
    s = slice_of(last + 1, s.len - (size_t)(last + 1 - s.ptr));
    const char *dash = memrchr(s.ptr, '-', s.len);
    return dash && dash > s.ptr ? slice_of(s.ptr, (size_t)(dash - s.ptr)) : s;
}

void service_of_path(struct buf *out, const char *path)
{
    struct slice one, before = {0}, folder = {0}, kind = {0}, name = {0};
    bool below_log = false;
    for (const char *at = path; part(&at, &one); before = name, name = one) {
        if (below_log) {
            kind = one;
            below_log = false;
        }
        if (slice_is(one, "log") || slice_is(one, "logs")) below_log = true;
    }
    if (kind.ptr && kind.ptr != name.ptr) folder = kind;
    struct slice service = stem(name);
    if (slice_is(folder, "pods") && before.ptr != kind.ptr) service = before;
    else if (slice_is(folder, "containers")) service = container_of_file(name);
    else if (folder.len) service = folder;
    size_t letters = 0;
    for (size_t i = 0; i < service.len; i++) letters += isalpha((unsigned char)service.ptr[i]) != 0;
    buf_slice(out, letters ? service : before.len ? before : SLICE("unknown_service"));
}

struct slice service_of_unit(struct slice unit)
{
    if (!ends(unit, ".service") || slice_starts(unit, "user@") || slice_starts(unit, "session-")) return (struct slice){0};
    unit.len -= strlen(".service");
    const char *at = memchr(unit.ptr, '@', unit.len);
    if (at && at > unit.ptr) unit.len = (size_t)(at - unit.ptr);
    return unit;
}
