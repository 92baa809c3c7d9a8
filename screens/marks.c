#include "screens/marks.h"

#include "base/buf.h"
#include "base/die.h"

#include <stdlib.h>
#include <string.h>

void marks_free(struct marks *m)
{
    for (size_t i = 0; i < m->count; i++) free(m->ids[i]);
    free(m->ids);
    *m = (struct marks){0};
}

/* Where the id stands or would stand. */
static size_t place(const struct marks *m, const char *id, bool *found)
{
    size_t low = 0, high = m->count;
    *found = false;
    while (low < high && !*found) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(m->ids[middle], id);
        if (order == 0) *found = true, low = middle;
        else if (order < 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

bool marks_has(const struct marks *m, const char *id)
{
    bool found;
    place(m, id, &found);
    return found;
}

static void take_off(struct marks *m, size_t at)
{
    free(m->ids[at]);
    m->count--;
    memmove(m->ids + at, m->ids + at + 1, (m->count - at) * sizeof *m->ids);
}

bool marks_turn(struct marks *m, const char *id)
{
    bool found;
    size_t at = place(m, id, &found);
    if (found) {
        take_off(m, at);
        return true;
    }
    if (m->count == MARKS_MAX) return false;
    if (m->count == m->room) {
        m->room = m->room ? m->room * 2 : 16;
        m->ids = xreallocarray(m->ids, m->room, sizeof *m->ids);
    }
    memmove(m->ids + at + 1, m->ids + at, (m->count - at) * sizeof *m->ids);
    m->ids[at] = xstrdup(id);
    m->count++;
    return true;
}

char *marks_text(const struct marks *m)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    for (size_t i = 0; i < m->count; i++) {
        if (i > 0) buf_char(&out, '\n');
        buf_str(&out, m->ids[i]);
    }
    return out.data ? out.data : xstrdup("");
}
