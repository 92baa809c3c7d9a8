/* One resource table a list: columns, query, order fields, filters. It drives the screen and the headless output
 * alike; no curses here. */
#ifndef SCREENS_RESOURCE_H
#define SCREENS_RESOURCE_H

#include "base/arena.h"

#include <jansson.h>
#include <stdbool.h>

enum column_type { COLUMN_TEXT, COLUMN_COUNT, COLUMN_BYTES, COLUMN_RATE, COLUMN_MONEY /* a year */, COLUMN_TIME, COLUMN_BOOL, COLUMN_SEVERITY, COLUMN_SERIES };

struct column {
    const char *key;      /* json and csv name, sort and column picker: "cost" */
    const char *title;    /* "COST/yr" */
    enum column_type type;
    const char *path;     /* in the node: "status.current.totalUsdPerHour" */
    double factor;        /* applied to numbers, 0 = 1 (8766 hours a year for COLUMN_MONEY of an hourly path) */
    const char *order;    /* the API's order field, NULL: not sortable */
    bool descending;      /* first direction when sorted by it */
    int min, max, priority; /* layout, see tui/list.h */
    bool off;             /* not shown by default */
};

/* One term of the filter language, `name:value`: how it becomes a `where` entry. */
struct filter_term {
    const char *name;   /* "severity" */
    const char *where;  /* path in the where input: "severity", "service.nameContainsFold" */
    enum { FILTER_TEXT, FILTER_ENUM, FILTER_BOOL, FILTER_NUMBER } type;
    const char *help;
};

struct resource {
    const char *name, *singular;        /* "events", "event" */
    const char *connection;             /* field of the query: "logEvents" */
    const char *list, *get;             /* embedded operations: "ListLogEvents", "GetLogEvent" */
    const struct column *columns;
    size_t column_count;
    const struct filter_term *filters;
    size_t filter_count;
    const char *free_text;              /* where path for a bare word: "nameContainsFold" */
    const char *sort;                   /* key of the default sort column */
};

extern const struct resource resource_services, resource_events;
const struct resource *const *resources_all(size_t *count);
const struct resource *resource_find(const char *name);

/* "severity:debug service:api -payment cost:>100" to a where object (new reference), or NULL and *problem (static). */
json_t *filter_parse(const struct resource *r, const char *text, const char **problem);

/* The cell as a person reads it ("2.1M", "$31.4K", "12m ago"); in the arena. */
const char *column_text(struct arena *a, const struct column *c, const json_t *node, int64_t now_ns);
/* The cell's plain value for json and csv: number, string, boolean or null (new reference). */
json_t *column_value(const struct column *c, const json_t *node);

#endif
