/* What the whole console knows of its control plane: who is looking, what it is, how much there is. */
#ifndef SCREENS_OVERVIEW_H
#define SCREENS_OVERVIEW_H

#include "base/arena.h"
#include "screens/fetch.h"

struct overview {
    struct app *app;
    struct fetch server, home;
    struct arena *texts;
    const char *role, *viewer;
    bool known;         /* there was an answer: an empty catalog opens the way in, once */
    unsigned refreshes; /* goes up with each answer of `home` */
};

void overview_open(struct overview *s, struct app *app, struct api *api);
void overview_close(struct overview *s);
void overview_refresh(struct overview *s);
/* The data of Home.graphql and ServerInfo.graphql, NULL while there was no answer. */
const json_t *overview_home(const struct overview *s);
const json_t *overview_server(const struct overview *s);
/* -1: not known. */
long overview_services(const struct overview *s);
long overview_events(const struct overview *s);
/* The open ones. */
long overview_policies(const struct overview *s);
long overview_edges(const struct overview *s);
long overview_issues(const struct overview *s);
/* "admin"; "" while unknown. */
const char *overview_role(const struct overview *s);
bool overview_empty(const struct overview *s);

#endif
