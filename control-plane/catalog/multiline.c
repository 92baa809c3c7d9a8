#include "control-plane/catalog/multiline.h"

static struct slice strip(struct slice s)
{
    while (s.len && (unsigned char)s.ptr[0] <= ' ') s = slice_of(s.ptr + 1, s.len - 1);
    while (s.len && (unsigned char)s.ptr[s.len - 1] <= ' ') s.len--;
    return s;
}

/* Cuts the first line off `rest`. */
static struct slice next_line(struct slice *rest, bool escapes)
{
    const char *end = rest->ptr + rest->len, *p = rest->ptr;
    size_t skip = 0;
    for (; p < end && !skip; p++) {
        if (*p == '\n') skip = 1;
        else if (escapes && *p == '\\' && p + 1 < end && p[1] == 'n') skip = 2;
        if (skip) break;
    }
    struct slice line = slice_of(rest->ptr, (size_t)(p - rest->ptr));
    *rest = slice_of(p + skip, (size_t)(end - p) - skip);
    return line;
}

static bool indent_at(const char *p, const char *end)
{
    return p < end && (*p == ' ' || *p == '\t' || (*p == '\\' && p + 1 < end && p[1] == 't'));
}

static bool has_escaped_lines(struct slice text)
{
    const char *p = text.ptr, *end = text.ptr + text.len;
    while ((p = memchr(p, '\\', (size_t)(end - p)))) {
        if (p + 1 < end && p[1] == 'n' && indent_at(p + 2, end)) return true;
        p += 2;
        if (p >= end) break;
    }
    return false;
}

static struct slice last_outer_line(struct slice text, bool escapes)
{
    struct slice last = {text.ptr, 0};
    while (text.len) {
        struct slice line = next_line(&text, escapes);
        if (line.len && !indent_at(line.ptr, line.ptr + line.len)) last = line;
    }
    return last;
}

struct slice multiline_head(struct slice text)
{
    if (text.len == 0) return text;
    bool escapes = has_escaped_lines(text);
    if (!escapes && !memchr(text.ptr, '\n', text.len)) return text;
    struct slice rest = text, head = {text.ptr, 0};
    while (rest.len && head.len == 0) head = strip(next_line(&rest, escapes));
    if (slice_starts(head, "Traceback (most recent call last)") && rest.len) {
        struct slice last = last_outer_line(rest, escapes);
        if (last.len) return last;
    }
    return head;
}

static bool may_start(char c) { return c == 'a' || c == '.' || c == 'C' || c == 'S' || c == 'F' || c == 'g' || c == 'T'; }

bool multiline_fragment(struct slice line)
{
    static const char *const starts[] = {"at ", "... ", "Caused by:", "Suppressed:", "File \"", "goroutine ", "Traceback (most recent",
                                         NULL};
    if (line.len == 0) return false;
    if ((line.ptr[0] == ' ' || line.ptr[0] == '\t') && line.len > 1) return true;
    if (line.ptr[0] == '}' || line.ptr[0] == ')') return true;
    if (!may_start(line.ptr[0])) return false;
    for (size_t i = 0; starts[i]; i++) {
        if (!slice_starts(line, starts[i])) continue;
        if (i > 1) return true;
        return i == 0 ? memchr(line.ptr, '(', line.len) != NULL : line.len > 5 && line.ptr[line.len - 1] == 'e';
    }
    return false;
}
