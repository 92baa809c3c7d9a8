/* What names of fields say, and what a few values say that matter to checks. Private to the catalog. */
#ifndef CONTROL_PLANE_CATALOG_FIELD_NAMES_H
#define CONTROL_PLANE_CATALOG_FIELD_NAMES_H

#include "base/buf.h"
#include "control-plane/catalog/fields.h"

enum { FIELD_GROUPS = 32, FIELD_PATH_MOST = 200 };
enum { GROUP_MESSAGE = 6 }; /* of fields that hold what a body holds, too */

struct field_name {
    enum field_role role;
    unsigned group; /* of names that mean the same; 0: none */
    unsigned rank;  /* in its group; 0 is the most standard name */
};
struct field_name field_name_of(struct slice path);

/* The path as it may be written down: keys that look like values become "*". False: it is the same. */
bool field_path_tidy(struct buf *out, struct slice path);
/* Under which a tidied path is known to the words (words.h). */
uint64_t field_path_word(struct slice path);

/* Bit of the bot in a user agent, 0 for none; *probe: a health checker. */
uint64_t agent_bots(struct slice agent, bool *probe);
/* "/healthz", with or without a query, also at the end of a URL. */
bool is_health_path(struct slice path);

/* Pages may be called as health checks are: who reads them is no prober. */
bool is_browser(struct slice agent);

/* What a text says as access logs do: a path asked for, a status behind it, an agent's name. */
struct text_signs {
    uint64_t bots;
    bool probe, health, ok;
};
void text_signs_of(struct text_signs *s, struct slice text);

/* A forgotten debug statement: "got here", "test", "x = <*>". */
bool is_placeholder(struct slice template);

#endif
