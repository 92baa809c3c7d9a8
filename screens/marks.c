#include "screens/marks.h"

#include "base/buf.h"
#include "base/die.h"

#include <stdlib.h>
#include <string.h>

void marks_free(struct marks *m)
{
    for (size_t i = 0; i < m->count; i++) free(m->all[i].id);
    free(m->all);
    *m = (struct marks){0};
}

/* Where the id stands or would stand. */
static size_t place(const struct marks *m, const char *id, bool *found)
{
    size_t low = 0, high = m->count;
    *found = false;
    while (low < high && !*found) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(m->all[middle].id, id);
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
    free(m->all[at].id);
    m->count--;
    memmove(m->all + at, m->all + at + 1, (m->count - at) * sizeof *m->all);
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
        m->all = xreallocarray(m->all, m->room, sizeof *m->all);
    }
    memmove(m->all + at + 1, m->all + at, (m->count - at) * sizeof *m->all);
    m->all[at] = (struct mark){xstrdup(id), m->turns++};
    m->count++;
    return true;
}

static int by_turn(const void *a, const void *b)
{
    const struct mark *const *x = a, *const *y = b;
    return ((*x)->turn > (*y)->turn) - ((*x)->turn < (*y)->turn);
}

char **marks_ids(const struct marks *m)
{
    const struct mark **turns = xcalloc(m->count + 1, sizeof *turns);
    char **ids = xcalloc(m->count + 1, sizeof *ids);
    for (size_t i = 0; i < m->count; i++) turns[i] = &m->all[i];
    qsort(turns, m->count, sizeof *turns, by_turn);
    for (size_t i = 0; i < m->count; i++) ids[i] = xstrdup(turns[i]->id);
    free(turns);
    return ids;
}

char *marks_text(const struct marks *m)
{
    struct buf out;
    char **ids = marks_ids(m);
    buf_init(&out, 1 << 20);
    for (size_t i = 0; i < m->count; i++) {
        if (i > 0) buf_char(&out, '\n');
        buf_str(&out, ids[i]);
        free(ids[i]);
    }
    free(ids);
    return out.data ? out.data : xstrdup("");
}
