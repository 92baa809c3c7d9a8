/* What the console does while its control plane cannot be reached: what was loaded stays, is searched and exported as it is; the top
 * line says since when, the message line when the next try is. When the control plane answers again everything is asked anew. */
#ifndef SCREENS_OFFLINE_H
#define SCREENS_OFFLINE_H

#include "screens/view.h"

struct offline {
    int64_t since;    /* monotonic; 0: it answers */
    int64_t next_try; /* as it was painted */
    bool shown;       /* a person was told */
    char trouble[80]; /* as it was painted */
};

/* After every wait: no callback tells that the control plane went away or came back. */
void offline_note(struct app *app);
/* Whether a person sees that it is offline; the first moment after a start does not count. */
bool offline_shown(const struct app *app);
/* r: asks at once. */
void offline_try_now(struct app *app);

/* "OFFLINE 3m · showing what was loaded 12:03"; `loaded`: monotonic time of what is shown, 0: nothing is. `brief`: 0 all of it, more:
 * ever shorter. Gives the monotonic time when the text changes by itself. */
int64_t offline_top(const struct app *app, struct buf *out, int64_t loaded, int brief);
/* "OFFLINE bundle of 2026-11-20 (4 d old)" */
void offline_bundle(const struct app *app, struct buf *out, int brief);
/* "next try 12:03:31, r tries now · no connection" */
void offline_line(const struct app *app, struct buf *out);

/* The local time of a monotonic one: "12:03", with seconds "12:03:31". */
void offline_clock(struct buf *out, int64_t when, bool seconds);

#endif
