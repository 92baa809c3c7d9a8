/* The page of one object: asked for by its id, shown as a sheet, scrolled, searched, left for the row before or after in
 * the list below. What differs from page to page is a const table of operations and, where it needs state, a struct
 * whose first member is struct detail. Texts go into d->texts, which is reset before each build. */
#ifndef SCREENS_DETAIL_BASE_H
#define SCREENS_DETAIL_BASE_H

#include "base/arena.h"
#include "screens/fetch.h"
#include "screens/resource.h"
#include "screens/sheet.h"
#include "screens/view.h"

/* Headings of a page that a key goes to; their meaning is the page's. */
enum { DETAIL_PARTS = 4 };

struct detail;

/* Where a page is longer than one sheet: what l and h go through. */
struct detail_section {
    const char *name;
    void (*build)(struct detail *d, int width);
    const char *count; /* path of the array of the object whose length stands beside the name, NULL: none */
};

struct detail_ops {
    size_t size;                           /* of the page's struct, 0: struct detail alone */
    unsigned context;                      /* beside CONTEXT_DETAIL */
    const char *noun;                      /* for the counter line: "edge instance" */
    const char *more;                      /* operation with $id alone, sent beside the resource's own; NULL: none */
    const struct detail_section *sections; /* instead of `build`; NULL: none */
    int section_count;
    /* First line of the page, without sheet_end(); stays in sight where there are sections. NULL: the title. */
    void (*head)(struct detail *d, struct sheet *sheet, int width);
    /* The rest, of an object that is there. */
    void (*build)(struct detail *d, int width);
    /* What the page's struct needs beyond zeros. NULL: nothing. */
    void (*open)(struct detail *d);
    /* Another object is shown from now on. NULL: nothing to forget. */
    void (*moved)(struct detail *d);
    /* Own actions, before the common ones; false: not this page's. NULL: none. */
    bool (*action)(struct detail *d, int action);
    /* Why one of them cannot be had now, or NULL. NULL: all can. */
    const char *(*disabled)(const struct detail *d, int action);
    /* For the breadcrumbs and the counter line; NULL: the title, the noun. */
    void (*title)(const struct detail *d, struct buf *out);
    void (*status)(const struct detail *d, struct buf *out);
    /* Frees what `open` made; the rest is the base's. */
    void (*close)(struct detail *d);
};

/* A line that Enter opens. */
struct detail_link {
    int line;
    const struct resource *resource;
    char *id, *text; /* of an object and its title; id NULL: a list with the filter `text` */
};

struct detail {
    struct view v;
    const struct detail_ops *ops;
    const struct resource *resource;
    struct fetch get, more;
    struct sheet *sheet, *pinned;
    struct arena *texts;
    char *id, *title;
    struct detail_link *links;
    int link_count, link; /* link: under the cursor, -1: none */
    int parts[DETAIL_PARTS], wanted;
    int section;
    int width, height; /* width: what the sheet was built for, 0: build it anew */
};

struct view *detail_open(const struct detail_ops *ops, struct app *app, const struct resource *resource, const char *id, const char *title);
/* The object, NULL while it is not there. */
const json_t *detail_node(const struct detail *d);
/* Of the object; cleaned, "" where absent, in d->texts. */
const char *detail_text(const struct detail *d, const char *path);
/* What a node is called: display name, name, title or the like; "" where it has none. */
const char *detail_name(struct arena *texts, const json_t *node);
/* Asks the control plane again. */
void detail_ask(struct detail *d);
/* The sheet is built anew with the next frame. */
void detail_stale(struct detail *d);
/* Shows another object of the same resource. */
void detail_go(struct detail *d, const char *id, const char *title);
/* Goes to the row before or after in the list below, says so where there is none. */
void detail_step(struct detail *d, int by);

/* A heading after a blank line, which detail_show() goes to. */
void detail_heading(struct detail *d, int part, const char *text);
/* Brings the part to the top, once the object is there. */
void detail_show(struct detail *d, int part);

/* ---- detail_links.c ---- */
/* The line that the next sheet_end() ends opens an object, a list with a filter. An id that is NULL or "" makes none. */
void detail_link(struct detail *d, const struct resource *resource, const char *id, const char *title);
void detail_link_list(struct detail *d, const struct resource *resource, const char *filter);
/* "label   text" as such a line. */
void detail_pair_link(struct detail *d, const char *label, const char *text, const struct resource *resource, const char *id);
void detail_pair_list(struct detail *d, const char *label, const char *text, const struct resource *resource, const char *filter);
void detail_links_clear(struct detail *d);
/* To the next line that can be opened, where one is in sight; else scrolls by one line. */
void detail_links_move(struct detail *d, int by);
/* Line under the cursor, -1: none. */
int detail_links_line(const struct detail *d);
/* Opens it. */
void detail_follow(struct detail *d);
/* Why there is nothing to open, or NULL. */
const char *detail_follow_disabled(const struct detail *d);

#endif
