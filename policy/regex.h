/* Regular expressions of policies: RE2, in UTF-8 mode, and nothing else. Linear time, no back-references.
 *
 * The dialect is what every edge accepts of RE2: also refused are \C and (?<name>). A regex is immutable: any number of threads may
 * use it at once. Spans are byte offsets; (size_t)-1 where a group took no part. */
#ifndef POLICY_REGEX_H
#define POLICY_REGEX_H

#include "base/slice.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { REGEX_MEMORY = 1 << 20 /* bytes for one compiled pattern */, REGEX_GROUPS = 100 };

struct regex;

struct regex_span {
    size_t start, end;
};

/* NULL: `error` (cut to fit) says why. */
struct regex *regex_new(struct slice pattern, bool case_insensitive, char *error, size_t error_size);
/* Literal text in place of a pattern; anchored to the start, to the end, to both. Never fails. */
struct regex *regex_new_literal(struct slice text, bool case_insensitive, bool at_start, bool at_end);
void regex_free(struct regex *r);

bool regex_search(const struct regex *r, struct slice text);
/* The next match at or after `from`; spans[0] is the whole, then the groups, as many as `count` asks for. */
bool regex_match(const struct regex *r, struct slice text, size_t from, struct regex_span *spans, size_t count);
int regex_groups(const struct regex *r);
/* The number of the group, or -1. */
int regex_group(const struct regex *r, struct slice name);
bool regex_matches_empty(const struct regex *r);

/* Texts of which every match holds at least one, lower-cased (each at least `least` bytes long): `visit` is called with each. False:
 * there are none, the pattern can match without. regex_folds: letters may match others
 * than their ASCII cases (Unicode has more). */
bool regex_literals(const struct regex *r, size_t least, void (*visit)(void *context, struct slice literal), void *context);
bool regex_folds(const struct regex *r);

#ifdef __cplusplus
}
#endif

#endif
