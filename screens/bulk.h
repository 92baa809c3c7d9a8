/* The panel at the bottom in which a change of one or many objects is shown with its effect, asked for once, carried out and
 * told of, one line an object. Each object is loaded first: what cannot be changed is left out and says why. At most
 * BULK_AT_ONCE requests are under way. Marks in the list below are taken off what was changed. */
#ifndef SCREENS_BULK_H
#define SCREENS_BULK_H

#include "base/arena.h"
#include "screens/resource.h"
#include "screens/view.h"

enum { BULK_MAX = 500, BULK_AT_ONCE = 4 };

enum bulk_state { BULK_NEW, BULK_LOADING, BULK_READY, BULK_LEFT_OUT, BULK_SENT, BULK_DONE, BULK_FAILED };

struct bulk;

struct bulk_item {
    struct bulk *bulk;
    char *id;
    json_t *data; /* answer of `load`; NULL: none yet */
    json_t *deed; /* of the change, for what it needs to remember; NULL: nothing */
    enum bulk_state state;
    char *message; /* why it was left out, failed, or how it ended */
    uint64_t ticket;
};

/* One kind of change in words. */
struct bulk_words {
    const char *word, *doing, *done; /* "approve", "approving", "approved" */
    const char *consequence;         /* of one that went well, after "POL-3 is approved"; "" for none */
    const char *effect, *effects;    /* after the question, of one and of many; NULL: nothing */
    const char *prompt, *history;    /* a text that is typed is the confirmation; NULL: y is */
    const char *needs;               /* "a reason": for the message where none was typed */
    char *(*complete)(void *context, const char *line, const char *word, int n); /* of that prompt, NULL: none */
};

/* What a line of an object shows; texts in the panel's arena or static. */
struct bulk_row {
    const char *key, *name; /* "POL-3" or "", "Drop sign-ins" */
    char effect[160];       /* "" for none */
    const char *unit;       /* in grey after it, or "" */
};

struct bulk_ops {
    const struct resource *resource; /* of the objects and of the list below */
    const char *load;                /* operation with $id that gives resource->object */
    /* Its variables; NULL: $id alone. */
    json_t *(*load_variables)(const struct bulk *b, const struct bulk_item *i);
    /* Why a loaded object is left out, or NULL; static. */
    const char *(*refused)(const struct bulk *b, const struct bulk_item *i);
    /* The next request for this object; the variables are a new reference. */
    json_t *(*request)(struct bulk *b, struct bulk_item *i, const char **operation);
    /* BULK_READY: there is another request; BULK_DONE; BULK_FAILED. bulk_say() tells how. NULL: one request is all. */
    enum bulk_state (*answered)(struct bulk *b, struct bulk_item *i, const struct api_answer *answer);
    /* Everything but its name. NULL: nothing more. */
    void (*row)(const struct bulk *b, const struct bulk_item *i, struct bulk_row *row);
    /* One line on what all that are not left out do together, label and text. NULL: none. */
    bool (*sum)(const struct bulk *b, const char **label, char *text, size_t size);
    /* A single object is shown with more than its line: how many, and paints them. NULL: it is not. */
    int (*single_lines)(const struct bulk *b);
    void (*single_paint)(struct bulk *b, int y);
    /* Frees order.context. NULL: nothing to free. */
    void (*closed)(struct bulk *b);
};

struct bulk_order {
    const struct bulk_ops *ops;
    const struct bulk_words *words;
    char **ids; /* xmalloc'd with its strings; the panel takes them over */
    size_t count;
    int verb; /* the change's own, as are the following */
    int64_t argument;
    void *context;
    const char *text; /* typed already; NULL: what the prompt gives */
    bool confirmed;   /* by what was typed before: nothing is asked */
};

struct bulk {
    struct view v;
    struct bulk_order order;
    struct bulk_item *items;
    size_t count;
    int top, room;
    bool confirmed, stopped;
    char *text; /* that was typed; NULL: none */
    struct arena *texts;
    int64_t since, answered_at;
};

/* At most BULK_MAX ids. */
void bulk_open(struct app *app, const struct bulk_order *order);
/* The marked rows of a list, or the one under the cursor; xmalloc'd with its strings. */
char **bulk_ids(const struct view *list, size_t *count);
/* The one object; xmalloc'd. */
char **bulk_one(const char *id);
/* Why a list's rows cannot be changed now, or NULL: none or too many; what one row says is up to the caller. */
const char *bulk_ids_refused(const struct view *list);
bool bulk_ids_marked(const struct view *list);

/* ---- for the operations ---- */
const json_t *bulk_node(const struct bulk_item *i);
void bulk_say(struct bulk_item *i, const char *text);
/* Text of a line from x on; gives the column after it. */
int bulk_add(int y, int x, enum role role, const char *text);

#endif
