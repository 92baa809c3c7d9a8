/* Signals: blocked and read through a descriptor; the fatal ones put the terminal back first. Private to tui/. */
#ifndef TUI_SIGNALS_H
#define TUI_SIGNALS_H

#include <stdbool.h>

/* What came since they were last taken; each member is cleared by who handles it. */
struct signals {
    bool resize, quit, interrupt, stop, resume;
};
extern struct signals signals;

bool signals_open(void);
void signals_close(void);
int signals_fd(void);
/* Reads what is waiting into `signals`. */
void signals_read(void);
/* Stops this process by SIGTSTP with its default action, and comes back when it is continued. */
void signals_stop_self(void);

#endif
