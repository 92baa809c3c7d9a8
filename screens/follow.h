/* For some seconds after the console changed something, the control plane's own work (the checks after an ingest) changes
 * more: the totals are then asked for a few times, ever less often, and what is shown is asked for anew once they
 * differ. Nothing is asked, and no timer runs, when the last of these questions found nothing new. */
#ifndef SCREENS_FOLLOW_H
#define SCREENS_FOLLOW_H

#include "screens/fetch.h"

struct app;

struct follow {
    struct app *app;
    struct fetch counts;
    int64_t wake; /* monotonic; 0: not under way */
    unsigned step;
};

void follow_open(struct follow *f, struct app *app, struct api *api);
void follow_close(struct follow *f);
/* Something was changed now. */
void follow_begin(struct follow *f);
/* f->wake has passed. */
void follow_tick(struct follow *f);

/* Nanoseconds before question `step`, from 0; 0: there is none any more. */
int64_t follow_delay(unsigned step);
/* Whether the answer of Counts.graphql tells other totals than that of Home.graphql. */
bool follow_differs(const json_t *counts, const json_t *home);

#endif
