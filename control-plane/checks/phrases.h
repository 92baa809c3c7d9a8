/* Words of templates: what an event says, without values. Inside the module only. */
#ifndef CONTROL_PLANE_CHECKS_PHRASES_H
#define CONTROL_PLANE_CHECKS_PHRASES_H

#include "base/arena.h"

/* Lower case, signs as single blanks, "<*>" and "<?>" as "*", a blank at both ends. Dies where the arena is full. */
struct slice phrase_words(struct arena *a, struct slice template);
/* The first of the list (ends with NULL) that stands in the words as whole words; NULL: none. */
const char *phrase_in(struct slice words, const char *const *list);
bool phrase_has(struct slice words, const char *phrase);
size_t phrase_values(struct slice words); /* how many "*" */
/* The template after what stands before a message: times, levels, threads, loggers. */
struct slice phrase_core(struct slice template);

extern const char *const phrases_marker[];   /* the whole message of a forgotten marker */
extern const char *const phrases_artifact[]; /* a forgotten debug statement begins so */
extern const char *const phrases_probe[];    /* health checks */
extern const char *const phrases_failure[];  /* something did not work */
extern const char *const phrases_network[];  /* infrastructure that fails */
extern const char *const phrases_retry[];    /* peers that come and go */
extern const char *const phrases_progress[]; /* said of each unit of work */
extern const char *const phrases_nothing[];  /* that nothing happened */
extern const char *const phrases_chatter[];  /* systems talking of themselves */
extern const char *const phrases_security[]; /* who did what: never chatter */

extern const char *const phrases_clinic[]; /* people and places of medicine */

/* What a phrase stands for. */
struct phrase_kind {
    const char *phrase, *kind;
};
extern const struct phrase_kind phrases_configuration[]; /* kind of failure */
extern const struct phrase_kind phrases_health[];        /* detector (catalog/sensitive.h) */
extern const struct phrase_kind phrases_peer[];          /* kind of peer */
const struct phrase_kind *phrase_kind_in(struct slice words, const struct phrase_kind *list);

#endif
