#include "tui/list_layout.h"

static int needed(const struct list_column *columns, const struct list_place *places, int count)
{
    int sum = 0;
    for (int i = 0; i < count; i++) sum += columns[places[i].column].min + (i ? LIST_GAP : 0);
    return sum;
}

/* The place to give up: highest priority, the last of equals; -1: none may go. */
static int victim(const struct list_column *columns, const struct list_place *places, int count)
{
    int worst = -1;
    for (int i = 0; i < count; i++) {
        int priority = columns[places[i].column].priority;
        if (priority > 0 && (worst < 0 || priority >= columns[places[worst].column].priority)) worst = i;
    }
    return worst;
}

static int drop(struct list_place *places, int count, int which)
{
    for (int i = which; i + 1 < count; i++) places[i] = places[i + 1];
    return count - 1;
}

/* Up to their maxima first; what takes the rest shares it evenly. */
static void share(const struct list_column *columns, struct list_place *places, int count, int spare)
{
    int takers = 0;
    for (int i = 0; i < count; i++) {
        const struct list_column *c = &columns[places[i].column];
        int more = c->max > c->min ? c->max - c->min : 0;
        if (more > spare) more = spare;
        places[i].width += more;
        spare -= more;
        takers += c->max == 0;
    }
    for (int i = 0; i < count && takers; i++) {
        if (columns[places[i].column].max) continue;
        int part = spare / takers--;
        places[i].width += part;
        spare -= part;
    }
}

int list_layout(const struct list_column *columns, int count, int x, int width, struct list_place *places)
{
    int shown = 0, end = x + width;
    for (int i = 0; i < count && shown < LIST_COLUMNS_MAX; i++)
        if (!columns[i].hidden) places[shown++] = (struct list_place){.column = i};
    for (int which; needed(columns, places, shown) > width && (which = victim(columns, places, shown)) >= 0;)
        shown = drop(places, shown, which);
    for (int i = 0; i < shown; i++) places[i].width = columns[places[i].column].min;
    int spare = width - needed(columns, places, shown);
    share(columns, places, shown, spare > 0 ? spare : 0);
    for (int i = 0; i < shown; i++) {
        places[i].x = x;
        int room = x < end ? end - x : 0;
        if (places[i].width > room) places[i].width = room;
        x += places[i].width + LIST_GAP;
    }
    return shown;
}
