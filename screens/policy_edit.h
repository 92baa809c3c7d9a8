/* A policy's text in the person's editor: written to a file of its own (mode 0600), the terminal lent to $VISUAL, $EDITOR or
 * the first of editor, nano and vi that is there, read back, checked by the control plane, saved as a new version
 * with the reason that is asked for. A text that could not be saved is kept until policy_edit_free(): the next start goes on with it. */
#ifndef SCREENS_POLICY_EDIT_H
#define SCREENS_POLICY_EDIT_H

#include "screens/fetch.h"
#include "screens/view.h"

struct policy_edit {
    struct app *app;
    struct fetch lint;
    char *id, *hash; /* of the text that was given to the editor */
    char *before, *text;
};

void policy_edit_init(struct policy_edit *e, struct app *app);
void policy_edit_free(struct policy_edit *e);
/* Comes back when the editor has ended. `hash` is that of the text: the save is refused where the policy changed since. */
void policy_edit_start(struct policy_edit *e, const char *id, const char *hash, const char *text);
/* Why not now, or NULL; static. */
const char *policy_edit_disabled(const struct policy_edit *e);

#endif
