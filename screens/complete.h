/* What the prompts offer: commands, actions, columns, terms and values of filters, names and ids of what is there. */
#ifndef SCREENS_COMPLETE_H
#define SCREENS_COMPLETE_H

#include "screens/resource.h"
#include "screens/view.h"
#include "tui/completion.h"

/* A line of the `:` prompt. */
void complete_command(struct app *app, struct completions *c);
/* What is being typed there: the command, the action or the term; borrowed until the next call. */
const char *complete_command_help(struct app *app, const char *line);
/* The terms of a filter of the resource. */
void complete_terms(struct app *app, const struct resource *r, struct completions *c);

#endif
