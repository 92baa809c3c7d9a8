#include "control-plane/catalog/sensitive.h"

#include "control-plane/catalog/sensitive_check.h"
#include "control-plane/catalog/sensitive_marks.h"

const char *const sensitive_family_names[SENSITIVE_FAMILIES] = {"secret", "payment", "pii", "phi"};

const struct sensitive_detector sensitive_detectors[] = {
    [D_CARD] = {"card_number", "pan", FAMILY_PAYMENT, false},
    [D_IBAN] = {"iban", "bank_account", FAMILY_PAYMENT, false},
    [D_SSN] = {"us_ssn", "government_id", FAMILY_PII, false},
    [D_EMAIL] = {"email", "email", FAMILY_PII, false},
    [D_PHONE] = {"phone", "phone", FAMILY_PII, false},
    [D_IPV4_PUBLIC] = {"ipv4_public", "ip_address", FAMILY_PII, false},
    [D_IPV4_PRIVATE] = {"ipv4_private", "ip_address", FAMILY_PII, false},
    [D_IPV6] = {"ipv6", "ip_address", FAMILY_PII, false},
    [D_MAC] = {"mac_address", "mac_address", FAMILY_PII, false},
    [D_JWT] = {"jwt", "access_token", FAMILY_SECRET, false},
    [D_AWS_KEY] = {"aws_access_key", "api_key", FAMILY_SECRET, false},
    [D_AWS_SECRET] = {"secret_access_key", "api_key", FAMILY_SECRET, true},
    [D_GCP_KEY] = {"gcp_api_key", "api_key", FAMILY_SECRET, false},
    [D_GITHUB] = {"github_token", "access_token", FAMILY_SECRET, false},
    [D_GITLAB] = {"gitlab_token", "access_token", FAMILY_SECRET, false},
    [D_SLACK] = {"slack_token", "access_token", FAMILY_SECRET, false},
    [D_STRIPE] = {"stripe_key", "api_key", FAMILY_SECRET, false},
    [D_NPM] = {"npm_token", "access_token", FAMILY_SECRET, false},
    [D_PYPI] = {"pypi_token", "access_token", FAMILY_SECRET, false},
    [D_AI_KEY] = {"ai_api_key", "api_key", FAMILY_SECRET, false},
    [D_PRIVATE_KEY] = {"private_key", "private_key", FAMILY_SECRET, false},
    [D_URL_PASSWORD] = {"url_password", "connection_secret", FAMILY_SECRET, false},
    [D_AUTHORIZATION] = {"authorization", "access_token", FAMILY_SECRET, true},
    [D_PASSWORD] = {"password", "password", FAMILY_SECRET, true},
    [D_SECRET] = {"client_secret", "client_secret", FAMILY_SECRET, true},
    [D_API_KEY] = {"api_key", "api_key", FAMILY_SECRET, true},
    [D_TOKEN] = {"access_token", "access_token", FAMILY_SECRET, true},
    [D_SESSION] = {"session_token", "session_token", FAMILY_SECRET, true},
    [D_SIGNING] = {"signing_secret", "signing_secret", FAMILY_SECRET, true},
    [D_ENCRYPTION] = {"encryption_key", "encryption_key", FAMILY_SECRET, true},
    [D_CONNECTION] = {"connection_string", "connection_secret", FAMILY_SECRET, true},
    [D_CARD_CODE] = {"card_code", "card_verification_code", FAMILY_PAYMENT, true},
    [D_CARD_EXPIRY] = {"card_expiry", "card_expiration_date", FAMILY_PAYMENT, true},
    [D_CARD_TRACK] = {"card_track", "full_track_data", FAMILY_PAYMENT, true},
    [D_PIN] = {"pin", "pin", FAMILY_PAYMENT, true},
    [D_ACCOUNT] = {"bank_account", "bank_account", FAMILY_PAYMENT, true},
    [D_PAYMENT_TOKEN] = {"payment_token", "payment_token", FAMILY_PAYMENT, true},
    [D_BILLING_ADDRESS] = {"billing_address", "billing_address", FAMILY_PAYMENT, true},
    [D_BILLING_PHONE] = {"billing_phone", "billing_phone", FAMILY_PAYMENT, true},
    [D_TAX_ID] = {"tax_id", "billing_government_id", FAMILY_PAYMENT, true},
    [D_NAME] = {"person_name", "name", FAMILY_PII, true},
    [D_ADDRESS] = {"postal_address", "address", FAMILY_PII, true},
    [D_BIRTH] = {"date_of_birth", "date_of_birth", FAMILY_PII, true},
    [D_GOVERNMENT_ID] = {"government_id", "government_id", FAMILY_PII, true},
    [D_PATIENT] = {"patient", "patient_identifier", FAMILY_PHI, true},
    [D_DIAGNOSIS] = {"diagnosis", "diagnosis", FAMILY_PHI, true},
    [D_CONDITION] = {"health_condition", "health_condition", FAMILY_PHI, true},
    [D_TREATMENT] = {"treatment", "treatment_or_procedure", FAMILY_PHI, true},
    [D_MEDICATION] = {"medication", "medication", FAMILY_PHI, true},
    [D_LAB] = {"lab_result", "lab_result", FAMILY_PHI, true},
    [D_NOTE] = {"clinical_note", "clinical_note", FAMILY_PHI, true},
    [D_HEALTH_PLAN] = {"health_plan", "health_plan_identifier", FAMILY_PHI, true},
    [D_CLAIM] = {"healthcare_claim", "healthcare_claim", FAMILY_PHI, true},
    [D_VISIT] = {"appointment", "appointment_or_visit", FAMILY_PHI, true},
    [DETECTORS] = {NULL, NULL, FAMILY_SECRET, false},
};

int sensitive_find(struct slice name)
{
    for (int i = 0; i < DETECTORS; i++)
        if (slice_is(name, sensitive_detectors[i].name)) return i;
    return -1;
}

/* The longest trigger reads this far ahead; windows overlap by it. */
enum { AHEAD = 16, STRIDE = MARKS - AHEAD, SHORTEST = 6 };

typedef uint64_t check(struct slice t, size_t at);

static inline uint64_t each(uint64_t bits, struct slice t, size_t base, check *look)
{
    uint64_t hits = 0;
    for (; bits; bits &= bits - 1) hits |= look(t, base + (size_t)__builtin_ctzll(bits));
    return hits;
}

static inline uint64_t near(uint64_t bits) { return bits >> 2 | bits >> 3 | bits >> 4; }

static uint64_t numbers(const struct marks *m, uint64_t valid, struct slice t, size_t base)
{
    uint64_t d = m->digit, before = d << 1 | (base && is_digit(t.ptr[base - 1]));
    uint64_t d2 = d & d >> 1, d4 = d2 & d2 >> 2, d8 = d4 & d4 >> 4, first = d & ~before & valid, hits = 0;
    uint64_t card = first & ((d8 & d8 >> 5) | (d4 & d4 >> 5 & ~(d >> 4)));
    uint64_t ssn = first & d2 & d >> 2 & m->dash >> 3 & d2 >> 4 & m->dash >> 6 & d4 >> 7;
    uint64_t dots = m->dot & before & d >> 1, ipv4 = dots & near(dots & near(dots)) & valid;
    uint64_t phone = m->plus & d >> 1 & valid;
    uint64_t iban = m->upper & m->upper >> 1 & d >> 2 & d >> 3 & ~(m->upper << 1) & valid;
    if (card) hits |= each(card, t, base, check_card);
    if (ssn) hits |= each(ssn, t, base, check_ssn);
    if (ipv4) hits |= each(ipv4, t, base, check_ipv4);
    if (phone) hits |= each(phone, t, base, check_phone);
    if (iban) hits |= each(iban, t, base, check_iban);
    return hits;
}

static inline uint64_t thrice(uint64_t bits) { return bits & bits >> 3 & bits >> 6 & bits >> 9 & bits >> 12; }

static uint64_t addresses(const struct marks *m, uint64_t valid, struct slice t, size_t base)
{
    uint64_t c = m->colon, hits = 0;
    if (m->at & valid) hits |= each(m->at & valid, t, base, check_at_sign);
    uint64_t mac = (thrice(c) | thrice(m->dash)) & valid;
    if (mac) hits |= each(mac, t, base, check_mac);
    if (!(c & (c - 1))) return hits;
    uint64_t next = c >> 2 | c >> 3 | c >> 4 | c >> 5, two = c & next;
    uint64_t after = two >> 2 | two >> 3 | two >> 4 | two >> 5, ipv6 = c & (c >> 1 | after) & ~(c << 1) & valid;
    if (ipv6) hits |= each(ipv6, t, base, check_ipv6);
    return hits;
}

static uint64_t keys(const struct marks *m, uint64_t valid, struct slice t, size_t base)
{
    uint64_t hits = 0, before = m->digit << 1;
    uint64_t dash = m->dash & ~before & ~(m->dash << 1) & valid, named = (m->equals | (m->colon & ~before)) & valid;
    if (m->letter_j & valid) hits |= each(m->letter_j & valid, t, base, check_jwt);
    if (m->letter_i & valid) hits |= each(m->letter_i & valid, t, base, check_letter_key);
    if (m->underscore & valid) hits |= each(m->underscore & valid, t, base, check_underscore_key);
    if (dash) hits |= each(dash, t, base, check_dash_key);
    if (named) hits |= each(named, t, base, check_named);
    return hits;
}

static uint64_t window(const char *p, size_t n, uint64_t valid, struct slice t, size_t base)
{
    struct marks m;
    marks_of(&m, p, (unsigned)n);
    return numbers(&m, valid, t, base) | addresses(&m, valid, t, base) | keys(&m, valid, t, base);
}

uint64_t sensitive_scan(struct slice t)
{
    uint64_t hits = 0;
    size_t at = 0;
    char rest[MARKS];
    if (t.len < SHORTEST) return 0;
    for (; t.len - at > MARKS; at += STRIDE) hits |= window(t.ptr + at, MARKS, (UINT64_C(1) << STRIDE) - 1, t, at);
    memset(rest, 0, sizeof rest);
    memcpy(rest, t.ptr + at, t.len - at);
    return hits | window(rest, t.len - at, ~UINT64_C(0), t, at);
}
