/* One matcher against one value, and reading a selector's value. Private to the module. */
#ifndef POLICY_MATCH_H
#define POLICY_MATCH_H

#include "policy/record.h"

/* The value that a matcher with one value looks at (not events and links). */
struct datum selector_read(const struct record_ops *ops, void *record, const struct policy_selector *s);
/* Events and links are read from the record; everything else is in `d`. */
bool selector_repeats(const struct policy_selector *s);
bool match_datum(const struct policy_matcher *m, const struct datum *d);
bool match_repeated(const struct policy_matcher *m, const struct record_ops *ops, void *record);
bool selector_equal(const struct policy_selector *a, const struct policy_selector *b);
/* Bytes of an even number of hex digits; at most `room`. */
size_t hex_bytes(struct slice text, unsigned char *out, size_t room);

#endif
