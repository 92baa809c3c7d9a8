/* What the files of api-client share. Nobody else includes this. */
#ifndef API_CLIENT_INTERNAL_H
#define API_CLIENT_INTERNAL_H

#include "api-client/api.h"
#include "api-client/transport.h"
#include "base/embedded.h"

/* ---- secret.c: a text in locked memory that no core file shows, wiped when freed ---- */
char *secret_new(const char *prefix, const char *text);
void secret_free(char *secret);

/* ---- document.c: our own GraphQL texts ---- */
const struct embedded *document_find(const char *operation);
/* Anything but a query counts as a mutation. */
bool document_is_query(const char *text);
/* Leaves out the fields that `offers` (see offered.c) does not know, and the variables that nothing uses then. NULL
 * where no root field is left. free() the result. */
char *document_filter(const char *text, const json_t *offers);
/* The first thing in the variables of this document that is not offered; borrowed. NULL: none. */
const char *document_lacks(const char *text, const json_t *variables, const json_t *offers);

/* ---- offered.c: what a control plane said of itself ---- */
/* {"LogEvent": {"fields": {"service": {"type": "Service", "args": {...}}}}, ...} with "query" and "mutation" naming
 * the root types; NULL where the answer of LearnSchema has another shape. New reference. */
json_t *offered_learn(const json_t *data);
const json_t *offered_field(const json_t *offers, const char *type, const char *field);
/* The first input field or enum value in the value of an argument of that type that is not offered; borrowed. NULL: none. */
const char *offered_lacks(const json_t *offers, const char *type, const json_t *value);

/* ---- answer.c: bytes to an answer ---- */
struct verdict {
    enum api_status status;
    bool refused_document; /* the server does not know our document: learn what it offers */
    bool again;            /* worth another try */
    json_t *root;          /* owns data and code; json_decref */
    const json_t *data;
    const char *code;
    char message[200];
};
void answer_read(struct verdict *v, long http, struct slice body);
void answer_say(struct verdict *v, enum api_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The finished exchange as a verdict. */
void answer_of(struct verdict *v, const struct exchange *x, bool local);

/* ---- origin.c ---- */
bool origin_open(struct origin *o, const struct api_profile *profile, char **problem);
void origin_close(struct origin *o);
void origin_take_token(struct origin *o, const char *token); /* NULL and "": none */
void origin_forget_token(struct origin *o);
const char *origin_token(const struct origin *o); /* borrowed, NULL: none */

/* ---- journal.c: the request log ---- */
struct journal {
    struct api_log_entry entries[API_LOG_ENTRIES];
    size_t count;
};
struct api_log_entry *journal_add(struct journal *j, uint64_t ticket, const char *operation);
struct api_log_entry *journal_find(struct journal *j, uint64_t ticket); /* NULL: fell out of the ring */
/* Masks and keeps them. */
void journal_variables(struct api_log_entry *e, const json_t *variables);
void journal_free(struct journal *j);
/* The beginning of the message, whole characters. */
void journal_say(struct api_log_entry *e, const char *message);

#endif
