/* Where OTLP goes, and how to say so to an SDK or a collector. */
#ifndef SCREENS_OTLP_H
#define SCREENS_OTLP_H

#include "screens/screens.h"
#include "screens/sheet.h"

/* "http://127.0.0.1:4318", or NULL where the control plane takes no OTLP over the network; static. */
const char *otlp_address(const struct screens_options *o, const json_t *server);
/* The n-th line for a shell, NULL beyond the last; static, until the next call. */
const char *otlp_environment(const char *address, int n);
/* One line for Home. */
void otlp_pair(struct sheet *s, const struct screens_options *o, const json_t *server);

#endif
