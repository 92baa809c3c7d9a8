#include "screens/detail_base.h"

#include "base/die.h"
#include "screens/kind.h"
#include "screens/views.h"

#include <stdlib.h>

enum { LINKS_MAX = 500 };

static void add(struct detail *d, const struct resource *resource, char *id, const char *text)
{
    if (d->link_count == LINKS_MAX) {
        free(id);
        return;
    }
    if (d->link_count % 16 == 0) d->links = xreallocarray(d->links, (size_t)d->link_count + 16, sizeof *d->links);
    d->links[d->link_count++] = (struct detail_link){sheet_lines(d->sheet), resource, id, xstrdup(text ? text : "")};
    sheet_span(d->sheet, 0, ROLE_KEY, glyph(GLYPH_ARROW));
}

void detail_link(struct detail *d, const struct resource *resource, const char *id, const char *title)
{
    if (id && *id) add(d, resource, xstrdup(id), title);
}

void detail_link_list(struct detail *d, const struct resource *resource, const char *filter) { add(d, resource, NULL, filter); }

static void pair(struct detail *d, const char *label, const char *text) { sheet_pair(d->sheet, label, ROLE_TEXT, text); }

void detail_pair_link(struct detail *d, const char *label, const char *text, const struct resource *resource, const char *id)
{
    detail_link(d, resource, id, text);
    pair(d, label, text);
}

void detail_pair_list(struct detail *d, const char *label, const char *text, const struct resource *resource, const char *filter)
{
    detail_link_list(d, resource, filter);
    pair(d, label, text);
}

void detail_links_clear(struct detail *d)
{
    for (int i = 0; i < d->link_count; i++) {
        free(d->links[i].id);
        free(d->links[i].text);
    }
    free(d->links);
    d->links = NULL;
    d->link_count = 0;
}

/* ---- the cursor ---- */

int detail_links_line(const struct detail *d) { return d->link >= 0 && d->link < d->link_count ? d->links[d->link].line : -1; }

static bool in_sight(const struct detail *d, int link) { return sheet_in_sight(d->sheet, d->links[link].line); }

/* A cursor that was scrolled away begins anew with what is in sight. */
static int next(const struct detail *d, int by)
{
    if (detail_links_line(d) >= 0 && in_sight(d, d->link)) {
        int at = d->link + by;
        return at >= 0 && at < d->link_count && in_sight(d, at) ? at : -1;
    }
    for (int i = by > 0 ? 0 : d->link_count - 1; i >= 0 && i < d->link_count; i += by)
        if (in_sight(d, i)) return i;
    return -1;
}

void detail_links_move(struct detail *d, int by)
{
    int at = next(d, by);
    if (at >= 0) d->link = at;
    else sheet_scroll(d->sheet, by);
}

const char *detail_follow_disabled(const struct detail *d)
{
    if (d->link_count == 0) return "nothing here opens";
    return detail_links_line(d) < 0 || !in_sight(d, d->link) ? "j goes to a line with an arrow first" : NULL;
}

void detail_follow(struct detail *d)
{
    const struct detail_link *l = &d->links[d->link];
    if (l->id) kind_open(d->v.app, l->resource, l->id, l->text);
    else app_push(d->v.app, list_view_new(d->v.app, l->resource, l->text));
}
