/* Telemetry policies, tero.policy.v1: the model, and the ways in and out of it.
 *
 *   struct policy_set *s = policy_set_new();
 *   policy_set_read(s, text, POLICY_ANY, "file.yaml");      as often as wanted
 *   ... s->policies[i], policy_set_find(s, id) ...
 *   policy_set_free(s);
 *
 * A set owns everything in it (one arena): policies and all their slices stay valid until policy_set_free(). A policy is never
 * changed once it is in a set, so policies may be read by several threads; to edit one, print it, change the text, read it again.
 *
 * Reading never fails as a whole because of one policy: what is wrong is collected, each problem with its place, and the policy
 * stays in the set with policy_valid() false: it is inert everywhere, but can still be listed, printed and mended. Only a text that is
 * not JSON, YAML or protobuf at all, or holds no policies, makes policy_set_read() false; its reason is in the set's errors.
 *
 * Accepted spellings: snake_case and lowerCamelCase keys; enum names short ("body"), full ("LOG_FIELD_BODY"), in any case, and numbers;
 * 64-bit numbers as strings; attribute paths as "a", ["a","b"], {"path":["a","b"]}; equals and comparisons as literals or as messages. */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdint.h>

struct regex; /* policy/regex.h */
struct node;  /* policy/node.h */

enum policy_signal { POLICY_NO_SIGNAL, POLICY_LOG, POLICY_METRIC, POLICY_TRACE };

/* Single values of a record, over all signals. */
enum policy_field {
    POLICY_FIELD_NONE,
    POLICY_BODY,
    POLICY_SEVERITY_TEXT,
    POLICY_TRACE_ID,
    POLICY_SPAN_ID,
    POLICY_EVENT_NAME,
    POLICY_NAME,
    POLICY_DESCRIPTION,
    POLICY_UNIT,
    POLICY_PARENT_SPAN_ID,
    POLICY_TRACE_STATE,
    POLICY_RESOURCE_SCHEMA_URL,
    POLICY_SCOPE_SCHEMA_URL,
    POLICY_SCOPE_NAME,
    POLICY_SCOPE_VERSION,
    POLICY_METRIC_TYPE, /* 1-5 as the specification numbers them; an int */
    POLICY_TEMPORALITY, /* 1 delta, 2 cumulative; an int */
    POLICY_SPAN_KIND,   /* 1-5; an int */
    POLICY_SPAN_STATUS, /* 0 unset, 1 ok, 2 error; an int */
    POLICY_FIELDS
};

/* Where an attribute lives. RECORD: of the log record, the data point or the span. EVENT: of any event of a span. */
enum policy_scope { POLICY_RECORD, POLICY_RESOURCE, POLICY_SCOPE, POLICY_EVENT, POLICY_SCOPES };

enum policy_selector_kind {
    POLICY_SELECT_NONE,
    POLICY_SELECT_FIELD,
    POLICY_SELECT_ATTRIBUTE,
    POLICY_SELECT_EVENT, /* a span event by its name */
    POLICY_SELECT_LINK,  /* a span link by its trace id, lower-case hex */
};

/* What a matcher or a transform looks at. */
struct policy_selector {
    enum policy_selector_kind kind;
    enum policy_field field;  /* FIELD */
    enum policy_scope scope;  /* ATTRIBUTE */
    const struct slice *path; /* ATTRIBUTE: at least one segment; a dot in a segment is a dot in the key */
    size_t path_count;
};

enum policy_value_type {
    POLICY_VALUE_NONE,
    POLICY_VALUE_BOOL,
    POLICY_VALUE_INT,
    POLICY_VALUE_DOUBLE,
    POLICY_VALUE_BYTES, /* text = the bytes */
    POLICY_VALUE_HEX,   /* text = the hex digits as written, an even number of them */
    POLICY_VALUE_STRING,
    POLICY_VALUE_TREE, /* labels only: a list or map */
};

struct policy_value {
    enum policy_value_type type;
    bool boolean;
    int64_t integer;
    double real;
    struct slice text;
    const struct node *tree;
};

enum policy_condition {
    POLICY_NO_CONDITION,
    POLICY_EXACT,
    POLICY_REGEX,
    POLICY_EXISTS, /* exists: false is read as EXISTS with `negate` turned round */
    POLICY_STARTS_WITH,
    POLICY_ENDS_WITH,
    POLICY_CONTAINS,
    POLICY_EQUALS, /* typed; a string value is read as EXACT. Also the fields that are ints. */
    POLICY_GT,
    POLICY_GTE,
    POLICY_LT,
    POLICY_LTE,
};

struct policy_matcher {
    struct policy_selector selector;
    enum policy_condition condition;
    struct slice text;         /* EXACT .. CONTAINS; EVENT, LINK: what it must equal, with condition EXACT */
    struct policy_value value; /* EQUALS .. LTE */
    bool negate, case_insensitive;
    const struct regex *regex; /* REGEX, and every condition on text that ignores case; NULL otherwise */
};

enum policy_keep { POLICY_KEEP_ALL, POLICY_KEEP_NONE, POLICY_KEEP_PERCENT, POLICY_KEEP_RATE };

struct policy_log_keep {
    enum policy_keep kind;
    double percent;                    /* PERCENT: 0..100 */
    uint32_t count;                    /* RATE: records ... */
    uint32_t window;                   /* ... in so many of the unit */
    uint32_t unit_seconds;             /* 1 or 60 */
    struct policy_selector sample_key; /* kind NONE: none */
};

enum policy_sampling_mode { POLICY_HASH_SEED = 1, POLICY_PROPORTIONAL, POLICY_EQUALIZING };

struct policy_sampling {
    float percent;
    enum policy_sampling_mode mode;
    uint32_t precision; /* 1..14 */
    uint32_t seed;
    bool fail_closed;
    bool has_mode, has_precision, has_seed, has_fail_closed; /* as written; the values above hold the defaults */
};

enum policy_stage { POLICY_REMOVE, POLICY_REDACT, POLICY_RENAME, POLICY_ADD, POLICY_STAGES };

/* One step of a transform. They stand in the order of their stages. */
struct policy_step {
    enum policy_stage stage;
    struct policy_selector selector;
    struct slice text;         /* REDACT: the replacement; RENAME: the new key; ADD: the value */
    bool upsert;               /* RENAME, ADD */
    bool has_regex;            /* REDACT */
    struct slice pattern;      /* REDACT */
    const struct regex *regex; /* REDACT with a pattern */
};

enum policy_extension_mode {
    POLICY_EXTENSION_UNSPECIFIED, /* as MATCHED */
    POLICY_EXTENSION_KEPT,
    POLICY_EXTENSION_DROPPED,
    POLICY_EXTENSION_UNMATCHED,
    POLICY_EXTENSION_MATCHED,
    POLICY_EXTENSION_ALL,
};

struct policy_extension {
    struct slice type, version, config;
    enum policy_extension_mode mode;
};

struct policy_label {
    struct slice key;
    struct policy_value value;
};

struct policy_error {
    struct slice message; /* "log: match[0]: attribute has empty path"; a place inside the policy, then the reason */
    unsigned line;        /* of the text, from 1; 0: unknown (protobuf) */
};

struct policy {
    struct slice id, name, description;
    bool enabled;
    uint64_t created_ns, modified_ns;
    const struct policy_label *labels;
    size_t label_count;
    enum policy_signal signal;
    const struct policy_matcher *match;
    size_t match_count;
    struct policy_log_keep keep;     /* LOG */
    bool metric_keep;                /* METRIC */
    struct policy_sampling sampling; /* TRACE */
    const struct policy_step *steps; /* LOG */
    size_t step_count;
    const struct policy_extension *extensions;
    size_t extension_count;
    const struct policy_error *errors;
    size_t error_count;
    const struct policy_error *warnings; /* keys that were not understood and are ignored, and the like */
    size_t warning_count;
    struct slice source; /* where it was read, as given to policy_set_read */
    unsigned line;
};

struct policy_set_error {
    struct slice source;
    unsigned line;
    struct slice message;
};

struct policy_set {
    struct arena *arena;
    struct policy **policies; /* as read; ids may repeat (a later one has an error) */
    size_t count, room;
    struct policy_set_error *errors; /* of whole texts */
    size_t error_count, error_room;
    struct regex **regexes;
    size_t regex_count, regex_room;
    struct id_table *ids;
};

enum policy_format { POLICY_ANY /* JSON where it begins so and is that, else YAML */, POLICY_JSON, POLICY_YAML, POLICY_PROTOBUF };

/* Greatest size of one text that is read. */
enum { POLICY_TEXT_MAX = 32 << 20 };

struct policy_set *policy_set_new(void);
void policy_set_free(struct policy_set *s);

/* Adds what the text holds: one policy, a list of policies, or {"policies":[...]}; protobuf: a SyncResponse's field 1, that is
 * any message with policies as its field 1. YAML may hold several documents. `source` is copied. */
bool policy_set_read(struct policy_set *s, struct slice text, enum policy_format format, const char *source);
/* One Policy message in protobuf. NULL where the bytes are no message; the reason is the set's last error. */
const struct policy *policy_set_read_message(struct policy_set *s, struct slice bytes, const char *source);
const struct policy *policy_set_find(const struct policy_set *s, struct slice id);

static inline bool policy_valid(const struct policy *p) { return p->error_count == 0; }

/* What a reader of the output understands. Zero is what every client in the field can read. */
struct policy_print {
    bool string_value; /* knows Value.string_value: string equality is sent as `exact` without it, which means the same */
    bool extensions;   /* knows Policy.extensions */
    bool hide_times;   /* leave created and modified out */
};

/* One policy as canonical proto JSON for strict decoders: lowerCamelCase, numbers for enums, 64-bit numbers as strings, scalar
 * defaults written, no shorthands. The same policy always gives the same bytes. */
void policy_write_json(struct buf *out, const struct policy *p, const struct policy_print *how);
/* One Policy message. */
void policy_write_protobuf(struct buf *out, const struct policy *p, const struct policy_print *how);
/* The form that people write: snake_case, shorthands, defaults left out. As JSON and as YAML (one document: `policies:` with the
 * whole list; policy_write_yaml_one writes a single policy without it). */
void policy_write_authoring_json(struct buf *out, const struct policy *const *policies, size_t count);
void policy_write_yaml(struct buf *out, const struct policy *const *policies, size_t count);
void policy_write_yaml_one(struct buf *out, const struct policy *p);

/* The words of the model: canonical short names ("body", "resource_attribute", "none", "10/s"). */
const char *policy_signal_name(enum policy_signal s); /* "log", "metric", "trace" */
bool policy_signal_parse(struct slice text, enum policy_signal *s);
const char *policy_field_name(enum policy_field f);
const char *policy_condition_name(enum policy_condition c);     /* "exact", "starts_with", ... */
const char *policy_stage_name(enum policy_stage s);             /* "remove", ... */
void policy_keep_text(struct buf *out, const struct policy *p); /* "none", "10%", "100/s", "keep", "drop" */
void policy_selector_text(struct buf *out, enum policy_signal signal,
                          const struct policy_selector *s); /* "resource_attribute service.name" */
void policy_matcher_text(struct buf *out, enum policy_signal signal, const struct policy_matcher *m); /* one line for a person */
void policy_step_text(struct buf *out, const struct policy_step *s);
/* The log keep grammar. False: malformed. Sets everything but the sample key. */
bool policy_keep_parse(struct slice text, struct policy_log_keep *keep);

#endif
