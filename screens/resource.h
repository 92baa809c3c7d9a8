/* One resource table a list: columns, query, order fields, filters. It drives the screen and the headless output
 * alike; no curses here. */
#ifndef SCREENS_RESOURCE_H
#define SCREENS_RESOURCE_H

#include "base/arena.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum column_type {
    COLUMN_TEXT,
    COLUMN_COUNT,
    COLUMN_BYTES,
    COLUMN_RATE,
    COLUMN_MONEY /* a year */,
    COLUMN_TIME,
    COLUMN_BOOL /* or a text: why it is neither */,
    COLUMN_SEVERITY,
    COLUMN_STATE, /* a word of a fixed set: in lower case, blanks for _, in its colour */
    COLUMN_SERIES
};

struct column {
    const char *key;    /* json and csv name, sort and column picker: "cost" */
    const char *title;  /* "COST/yr" */
    const char *path;   /* in the node: "status.current.totalUsdPerHour"; "a|b": b where a is absent; COLUMN_SERIES: the
                           array, then the member of its items: "logVolume.points:logCount" */
    double factor;      /* applied to numbers, 0 = 1 (8766 hours a year for COLUMN_MONEY of an hourly path) */
    const char *suffix; /* after the human form: "/mo", or NULL */
    const char *order;  /* the API's order field, NULL: not sortable */
    const char *help;   /* what it is and its unit, one line */
    enum column_type type;
    int min, max, priority; /* layout, see tui/list.h */
    bool descending;        /* first direction when sorted by it */
    bool off;               /* not shown by default */
};

/* One term of the filter language, `name:value`: how it becomes a `where` entry. */
struct filter_term {
    const char *name;  /* "severity" */
    const char *where; /* path of the field in the where input, without the operator: "severity", "service.name" */
    enum { FILTER_TEXT, FILTER_ENUM, FILTER_BOOL, FILTER_NUMBER } type;
    const char *values; /* FILTER_ENUM: "debug info warn error other" */
    bool upper;         /* FILTER_ENUM: the API has the values in upper case */
    double factor;      /* FILTER_NUMBER: what is typed is divided by it, 0 = 1 */
    bool range;         /* FILTER_NUMBER: `where` holds minUsdPerHour and maxUsdPerHour, both included, instead of operators */
    const char *help;
};

struct resource {
    const char *name, *singular; /* "events", "event" */
    const char *title;           /* "Log events" */
    const char *connection;      /* field of the query: "logEvents" */
    const char *object;          /* field of the get query: "logEvent" */
    const char *type;            /* of the node: "LogEvent" */
    const char *list, *get;      /* embedded operations: "ListLogEvents", "GetLogEvent" */
    const struct column *columns;
    size_t column_count;
    const struct filter_term *filters;
    size_t filter_count;
    const char *free_text; /* where paths of a bare word, without the operator: "displayName|name"; "=search": has none */
    const char *sort;      /* key of the default sort column */
};

extern const struct resource resource_services, resource_events, resource_issues, resource_checks, resource_policies, resource_edges,
    resource_edge_keys;
const struct resource *const *resources_all(size_t *count);
const struct resource *resource_find(const char *name);
const struct column *resource_column(const struct resource *r, const char *key);

/* The filter language: terms with blanks between them, all of which must hold.
 *   payment          a word that the name holds (letter case does not matter); "two words" in quotes
 *   service:api      a field that holds it; api-* begins with, *-api ends with, =api is exactly that
 *   severity:debug,info   one of; enabled:no
 *   cost:>100  rate:<=2K  size:1M..1G   numbers with K M G T; plain: exactly
 *   -term            not that
 * Gives the where object (new reference; {} where nothing is asked for: leave it out of the variables), or NULL and
 * *problem (static storage, one line with the column). */
json_t *filter_parse(const struct resource *r, const char *text, const char **problem);

/* One key of an order. */
enum { LIST_ORDERS = 3 };
struct list_order {
    const struct column *column;
    bool descending;
};

/* Variables of r->list, new reference. `where` is borrowed (NULL or {}: none). With `back` the page is the last `size` rows before
 * `cursor`, else the first `size` after it; cursor NULL: from the end or the start. `series`: with the last 24 hours;
 * `total`: with totalCount. now_ns: wall clock. */
struct list_query {
    const json_t *where;
    const struct list_order *order; /* further ones as orderBy.then */
    size_t order_count;             /* 0: the server's order */
    bool back, series, total;
    unsigned size;
    const char *cursor;
};
json_t *resource_list_variables(const struct list_query *q, int64_t now_ns);
/* Variables of r->get: $id, and $day (hours), $week, $month (days) for the volume series. New reference. */
json_t *resource_get_variables(const char *id, int64_t now_ns);

/* The cell as a person reads it ("2.1M", "$31.4K", "12m ago"), cleaned; in the arena. "" where absent; COLUMN_SERIES: "". */
const char *column_text(struct arena *a, const struct column *c, const json_t *node, int64_t now_ns);
/* The cell's plain value for json and csv: number, string, boolean, array of numbers or null (new reference). */
json_t *column_value(const struct column *c, const json_t *node);
/* COLUMN_SERIES: the values, NaN where one is missing; gives their number, at most max. */
size_t column_series(const struct column *c, const json_t *node, double *values, size_t max);

#endif
