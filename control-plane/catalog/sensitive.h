/* Sensitive data in text: which kinds are there, never what. One table of detectors; each hit is only its number.
 *
 * Text is passed over sixteen bytes at a time for what could begin something (a run of digits, "@", "://", "eyJ", a
 * secret's name before ":" or "="); only there the checks are made: Luhn and issuer for cards, mod 97 for IBANs,
 * areas of social security numbers, checksums of tokens that have one, shapes and boundaries for the rest. A field's name
 * tells the kinds whose values have no shape (names, diagnoses, passwords). Linear in the length of the text. */
#ifndef CONTROL_PLANE_SENSITIVE_H
#define CONTROL_PLANE_SENSITIVE_H

#include "base/slice.h"

#include <stdint.h>

enum sensitive_family { FAMILY_SECRET, FAMILY_PAYMENT, FAMILY_PII, FAMILY_PHI };
enum { SENSITIVE_FAMILIES = 4 };

struct sensitive_detector {
    const char *name;    /* "card_number": as stored */
    const char *element; /* "pan": as the API has it */
    enum sensitive_family family;
    bool by_name; /* told by the field's name, not by its value */
};
/* In the order of the numbers; ends with name NULL. At most 64. */
extern const struct sensitive_detector sensitive_detectors[];
/* "secret", "payment", "pii", "phi" */
extern const char *const sensitive_family_names[SENSITIVE_FAMILIES];
/* The number of a detector's name; -1: unknown. */
int sensitive_find(struct slice name);

/* Which detectors hit: bit i = sensitive_detectors[i]. */
uint64_t sensitive_scan(struct slice text);
/* What the value of a field with this name is, by the last parts of the path; 0 for most. Only for values that say something
 * (not empty, not "null", "***", "[REDACTED]"): see sensitive_masked. */
uint64_t sensitive_field(struct slice path);
bool sensitive_masked(struct slice value);

#endif
