/* All checks, one table: what they look for, by what limits, how grave it is, what is to be done about it. */
#ifndef CONTROL_PLANE_CHECK_TABLE_H
#define CONTROL_PLANE_CHECK_TABLE_H

#include "base/hash.h"
#include "base/slice.h"

#include <stdint.h>

struct observation;
struct check;
struct draft;

enum { CHECK_THRESHOLDS = 5 };
enum check_priority { PRIORITY_LOW = 1, PRIORITY_MEDIUM, PRIORITY_HIGH };

struct check_threshold {
    const char *name; /* NULL: no more */
    double value, least, most;
    const char *meaning;
};

/* What is proposed where no policy can do it, or beside a policy. */
enum remedy { REMEDY_POLICY, REMEDY_CODE, REMEDY_TICKET, REMEDY_CONFIGURATION };

/* Texts may hold {service}, {subject}, {events} (how many kinds), {first} (name of the largest), {share}. */
struct check {
    const char *id;       /* "health-checks"; its place in the API too */
    const char *domain;   /* "cost", "compliance" */
    const char *type;     /* FindingCheckType */
    const char *category; /* documented category of policies; "" where there is none */
    const char *name, *description;
    const char *unavailable; /* why it cannot be evaluated here; NULL: it is */
    struct check_threshold thresholds[CHECK_THRESHOLDS];
    void (*evaluate)(struct observation *o, const struct check *c); /* adds findings */
    /* Makes the proposed policy; NULL: none can be made. */
    void (*propose)(struct draft *d);
    const char *why_no_policy; /* the reason where propose is NULL */
    enum remedy remedy;        /* the lasting one */
    const char *remedy_text;
    enum check_priority floor; /* the least; costs raise it */
    const char *risk;          /* of the proposed policy: "low", "medium", "high" */
    const char *title, *summary, *cause;
    int version;
};

extern const struct check checks[];
extern const size_t check_count;
/* NULL: there is none. */
const struct check *check_find(struct slice id);
/* What the audit log knows the check by. */
struct id128 check_object(const struct check *c);
/* A domain and a type as the API spells them; index into the table. */
static inline size_t check_number(const struct check *c) { return (size_t)(c - checks); }

/* Common to all checks that cost money. */
#define PRIORITY_HIGH_USD   1000.0
#define PRIORITY_MEDIUM_USD 100.0

#endif
