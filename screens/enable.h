/* Switching a service on or off: question, change, message. Shared by the list and the detail. */
#ifndef SCREENS_ENABLE_H
#define SCREENS_ENABLE_H

#include "screens/fetch.h"
#include "screens/view.h"

struct enable {
    struct app *app;
    struct fetch change;
    char *id, *name;
    bool wanted;
};

void enable_init(struct enable *e, struct app *app);
void enable_free(struct enable *e);
/* Asks y/N; after "yes" the service becomes the opposite of `enabled`. */
void enable_ask(struct enable *e, const char *id, const char *name, bool enabled);
/* Why it cannot be asked now, or NULL; static. */
const char *enable_disabled(const struct enable *e);

#endif
