/* What the prompt knows of the objects of the control plane: the rows of the open lists, and what a bounded query in the
 * background found. Nothing here waits: what has arrived is told. */
#ifndef SCREENS_KNOWN_H
#define SCREENS_KNOWN_H

#include "screens/resource.h"
#include "screens/view.h"

struct known;
struct known *known_new(struct app *app);
void known_free(struct known *k);

/* Teams have no list of their own. */
extern const struct resource known_teams;

/* Texts are cleaned and valid during the visit. */
struct known_object {
    const struct resource *resource;
    const char *id, *name, *number; /* number: "ISS-12", "" where it has none */
};
typedef void known_visit(void *context, const struct known_object *o);

/* Each that is known of the resource; one may come twice. */
void known_each(struct app *app, const struct resource *r, known_visit *visit, void *context);
/* Asks for up to KNOWN_ROWS whose name holds the word, unless the last answer covers it or one is under way; the prompt asks for its
 * candidates anew when the answer is there. */
enum { KNOWN_ROWS = 25 };
void known_ask(struct app *app, const struct resource *r, const char *word);

/* One object of a node of the resource's list; texts in the arena. */
struct known_object known_object(const struct resource *r, const json_t *node, struct arena *texts);
/* Variables that ask for those whose name holds the word ("" for any); new reference. */
json_t *known_variables(const struct resource *r, const char *word);

#endif
