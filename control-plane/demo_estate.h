/* The invented company of `tero-control-plane demo`: services, what they log, and the edges in front of them. Nothing in
 * it belongs to anybody: card numbers are the payment industry's test numbers, keys say EXAMPLE, hosts are reserved names. */
#ifndef CONTROL_PLANE_DEMO_ESTATE_H
#define CONTROL_PLANE_DEMO_ESTATE_H

#include <stddef.h>

enum demo_rhythm {
    DEMO_STEADY, /* evenly over the week */
    DEMO_DAILY,  /* by day more than at night */
    DEMO_BURST,  /* nearly all within twenty minutes */
    DEMO_LATE,   /* the last 40 hours alone */
};

/* Placeholders of body and fields: %n a number, %m a short number (milliseconds), %h a hexadecimal id, %i an address, %w a name,
 * %s a status that is mostly 200, %r a page's path, %b a crawler, %e a mail address, %c a test card, %k a key that is none,
 * %x a long JSON document. */
struct demo_form {
    const char *service;
    enum demo_rhythm rhythm;
    int severity; /* OpenTelemetry number */
    unsigned records;
    const char *body;
    const char *fields; /* "name=value;name=value"; NULL: none. %h in one record is always the same */
};

extern const struct demo_form demo_forms[];
extern const size_t demo_form_count;

struct demo_edge {
    const char *service, *name_space, *version, *instance;
};

extern const struct demo_edge demo_edges[];
extern const size_t demo_edge_count;

#endif
