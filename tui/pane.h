/* A scrollable text: help, details, request log. Lines carry a role each; `/` searches, n and N go on. */
#ifndef TUI_PANE_H
#define TUI_PANE_H

#include "tui/paint.h"

#include <stdbool.h>

struct pane;
struct pane *pane_new(void);
void pane_free(struct pane *p);
void pane_clear(struct pane *p);
/* Adds one line (cleaned text; copied). A line is wrapped to the width where `wrap`, with the given indent. */
void pane_add(struct pane *p, enum role role, const char *text);
void pane_add_pair(struct pane *p, const char *label, enum role role, const char *text);
void pane_wrap(struct pane *p, bool wrap);

void pane_paint(struct pane *p, int y, int height);
bool pane_scroll(struct pane *p, long lines);
bool pane_go(struct pane *p, bool end);
/* Marks every match (case folded); gives the number; scrolls to the first at or after the top. "" clears. */
int pane_search(struct pane *p, const char *text);
bool pane_next_match(struct pane *p, int direction);
/* The whole text, lines ended by \n; xmalloc'd. */
char *pane_text(const struct pane *p);

#endif
