/* The checks behind the triggers of sensitive.c: is there one of a kind at this place of the text? Private.
 *
 * `at` is where the trigger is; every check looks at what stands around by itself and reads nothing outside the text. */
#ifndef CONTROL_PLANE_CATALOG_SENSITIVE_CHECK_H
#define CONTROL_PLANE_CATALOG_SENSITIVE_CHECK_H

#include "control-plane/catalog/sensitive.h"

enum detector {
    D_CARD,
    D_IBAN,
    D_SSN,
    D_EMAIL,
    D_PHONE,
    D_IPV4_PUBLIC,
    D_IPV4_PRIVATE,
    D_IPV6,
    D_MAC,
    D_JWT,
    D_AWS_KEY,
    D_AWS_SECRET,
    D_GCP_KEY,
    D_GITHUB,
    D_GITLAB,
    D_SLACK,
    D_STRIPE,
    D_NPM,
    D_PYPI,
    D_AI_KEY,
    D_PRIVATE_KEY,
    D_URL_PASSWORD,
    D_AUTHORIZATION,
    D_PASSWORD,
    D_SECRET,
    D_API_KEY,
    D_TOKEN,
    D_SESSION,
    D_SIGNING,
    D_ENCRYPTION,
    D_CONNECTION,
    D_CARD_CODE,
    D_CARD_EXPIRY,
    D_CARD_TRACK,
    D_PIN,
    D_ACCOUNT,
    D_PAYMENT_TOKEN,
    D_BILLING_ADDRESS,
    D_BILLING_PHONE,
    D_TAX_ID,
    D_NAME,
    D_ADDRESS,
    D_BIRTH,
    D_GOVERNMENT_ID,
    D_PATIENT,
    D_DIAGNOSIS,
    D_CONDITION,
    D_TREATMENT,
    D_MEDICATION,
    D_LAB,
    D_NOTE,
    D_HEALTH_PLAN,
    D_CLAIM,
    D_VISIT,
    DETECTORS
};

#define HIT(detector) (UINT64_C(1) << (detector))

static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
static inline bool is_alnum(char c) { return is_digit(c) || is_letter(c); }
static inline bool is_hex(char c) { return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }
static inline bool one_of(const char *set, char c) { return c && strchr(set, c); }
/* The byte at i, or 0 outside. */
static inline char byte_at(struct slice t, size_t i) { return i < t.len ? t.ptr[i] : '\0'; }
static inline char byte_before(struct slice t, size_t i) { return i > 0 ? t.ptr[i - 1] : '\0'; }

/* at: the first digit. */
uint64_t check_card(struct slice t, size_t at);
uint64_t check_ssn(struct slice t, size_t at);
/* at: the first letter. */
uint64_t check_iban(struct slice t, size_t at);
/* at: the plus. */
uint64_t check_phone(struct slice t, size_t at);
bool luhn(const char *digits, size_t n);

/* at: the "@"; also passwords in URLs. */
uint64_t check_at_sign(struct slice t, size_t at);
/* at: the first dot. */
uint64_t check_ipv4(struct slice t, size_t at);
/* at: a colon. */
uint64_t check_ipv6(struct slice t, size_t at);
/* at: the first colon or dash. */
uint64_t check_mac(struct slice t, size_t at);

/* at: the J of eyJ, the I of AKIA and AIza, the "_" or "-" that ends a prefix. */
uint64_t check_jwt(struct slice t, size_t at);
uint64_t check_letter_key(struct slice t, size_t at);
uint64_t check_underscore_key(struct slice t, size_t at);
uint64_t check_dash_key(struct slice t, size_t at);

/* at: the ":" or "=" behind a name. */
uint64_t check_named(struct slice t, size_t at);
/* Whether a value fits what its name says: the detectors of `named` that hold. */
uint64_t named_value(uint64_t named, struct slice value);

#endif
