/* A sliding window over a relay connection: the rows around the cursor are in memory, the rest is on the server. No
 * curses here.
 *
 * pager_new -> pager_restart() -> pager_want(rows in view) after every move and every `changed` -> pager_free.
 * pager_row() gives NULL for rows that are not loaded yet; the pager fetches what pager_want() asked for. Where that is
 * loaded, pager_want() fetches one page beyond either end of it, so call it after painting. At most PAGER_PAGES pages
 * are held, whatever the list's length.
 *
 * Positions are the client's count from the start of the list. A row that appears or goes on the server while somebody
 * scrolls makes them wrong by that much; they are put right when an end of the list is reached, and `changed` tells by
 * how many rows the loaded rows moved, so that the cursor stays on its row. */
#ifndef SCREENS_PAGER_H
#define SCREENS_PAGER_H

#include "api-client/api.h"

enum { PAGER_PAGE = 100, PAGER_PAGES = 4 };

/* Where pages come from: api_send and api_cancel, or a test's own. */
struct pager_source {
    void *context;
    uint64_t (*send)(void *context, const char *operation, json_t *variables, api_done *done, void *done_context);
    void (*cancel)(void *context, uint64_t ticket);
};
struct pager_source pager_source_api(struct api *api);

struct pager_page {
    const char *cursor; /* NULL: from the end or the start of the list */
    bool back;          /* the rows before the cursor, else those after it */
    bool total;         /* with the count of the whole list */
};

/* Who uses the pager. */
struct pager_owner {
    void *context;
    /* The variables that ask for PAGER_PAGE rows; new reference. */
    json_t *(*variables)(void *context, const struct pager_page *page);
    /* `shift`: rows moved by this much; `reset`: the rows answer a pager_restart() that did not keep the position. */
    void (*changed)(void *context, long shift, bool reset);
};

struct pager;
/* `connection` is the field of the operation's answer. */
struct pager *pager_new(struct pager_source source, const char *operation, const char *connection, const struct pager_owner *owner);
/* Cancels what is under way. */
void pager_free(struct pager *p);

/* Asks anew. The old rows stay, stale, until the answer is there. keep: from the page of `row` on instead of the
 * start. */
void pager_restart(struct pager *p, bool keep, long row);
/* Rows first..last (inclusive, clamped) are in view: fetches what is missing. */
void pager_want(struct pager *p, long first, long last);

/* The node; borrowed until the next pager call or `changed`. */
const json_t *pager_row(const struct pager *p, long row);
/* Goes up whenever a row may stand for another node than before. */
unsigned pager_generation(const struct pager *p);
/* Rows of the whole list; 0 while nothing is known (pager_known says). */
long pager_count(const struct pager *p);
bool pager_known(const struct pager *p);
/* First and one past the last row in memory. */
void pager_loaded(const struct pager *p, long *start, long *end);
bool pager_stale(const struct pager *p);
/* Monotonic time when the request under way was sent; 0: none. */
int64_t pager_busy(const struct pager *p);
/* Monotonic time of the last good answer; 0: none. */
int64_t pager_answered(const struct pager *p);
/* One line, "" when all is well. After an error nothing more is fetched until pager_restart(). */
const char *pager_error(const struct pager *p);

#endif
