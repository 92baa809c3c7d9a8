#include "control-plane/catalog/sensitive_check.h"
#include "control-plane/catalog/vocabulary.h"

#include <pthread.h>

enum { TAIL_MOST = 40, VALUE_MOST = 4096 };

/* The last words of a name, without what separates them. */
static const struct {
    const char *tail;
    enum detector detector;
    bool inside; /* may follow other letters: "dbpassword" */
} names[] = {
    {"password", D_PASSWORD, true},
    {"passwd", D_PASSWORD, true},
    {"passwort", D_PASSWORD, true},
    {"passphrase", D_PASSWORD, true},
    {"pwd", D_PASSWORD, false},
    {"pass", D_PASSWORD, false},
    {"secret", D_SECRET, false},
    {"clientsecret", D_SECRET, true},
    {"appsecret", D_SECRET, true},
    {"secretaccesskey", D_AWS_SECRET, true},
    {"awssecretkey", D_AWS_SECRET, true},
    {"secretkey", D_AWS_SECRET, false},
    {"apikey", D_API_KEY, true},
    {"accesskey", D_API_KEY, false},
    {"appkey", D_API_KEY, false},
    {"authkey", D_API_KEY, false},
    {"token", D_TOKEN, false},
    {"accesstoken", D_TOKEN, true},
    {"authtoken", D_TOKEN, true},
    {"refreshtoken", D_TOKEN, true},
    {"idtoken", D_TOKEN, false},
    {"bearer", D_TOKEN, false},
    {"jwt", D_TOKEN, false},
    {"authorization", D_AUTHORIZATION, false},
    {"proxyauthorization", D_AUTHORIZATION, true},
    {"sessiontoken", D_SESSION, true},
    {"sessionkey", D_SESSION, true},
    {"sessioncookie", D_SESSION, true},
    {"cookie", D_SESSION, false},
    {"jsessionid", D_SESSION, true},
    {"phpsessid", D_SESSION, true},
    {"csrftoken", D_SESSION, true},
    {"signingkey", D_SIGNING, true},
    {"signingsecret", D_SIGNING, true},
    {"webhooksecret", D_SIGNING, true},
    {"hmackey", D_SIGNING, true},
    {"encryptionkey", D_ENCRYPTION, true},
    {"aeskey", D_ENCRYPTION, false},
    {"masterkey", D_ENCRYPTION, false},
    {"privatekey", D_PRIVATE_KEY, true},
    {"connectionstring", D_CONNECTION, true},
    {"connstring", D_CONNECTION, true},
    {"cardnumber", D_CARD, true},
    {"ccnumber", D_CARD, false},
    {"ccnum", D_CARD, false},
    {"creditcard", D_CARD, false},
    {"debitcard", D_CARD, false},
    {"pan", D_CARD, false},
    {"cvv", D_CARD_CODE, false},
    {"cvv2", D_CARD_CODE, false},
    {"cvc", D_CARD_CODE, false},
    {"cvc2", D_CARD_CODE, false},
    {"cardcode", D_CARD_CODE, false},
    {"securitycode", D_CARD_CODE, false},
    {"cardexpiry", D_CARD_EXPIRY, true},
    {"cardexpiration", D_CARD_EXPIRY, true},
    {"cardexp", D_CARD_EXPIRY, false},
    {"expirationdate", D_CARD_EXPIRY, false},
    {"expmonth", D_CARD_EXPIRY, false},
    {"expyear", D_CARD_EXPIRY, false},
    {"trackdata", D_CARD_TRACK, false},
    {"track1", D_CARD_TRACK, false},
    {"track2", D_CARD_TRACK, false},
    {"magstripe", D_CARD_TRACK, false},
    {"pin", D_PIN, false},
    {"pincode", D_PIN, false},
    {"pinnumber", D_PIN, false},
    {"iban", D_ACCOUNT, false},
    {"bankaccount", D_ACCOUNT, false},
    {"accountnumber", D_ACCOUNT, false},
    {"routingnumber", D_ACCOUNT, false},
    {"paymenttoken", D_PAYMENT_TOKEN, true},
    {"cardtoken", D_PAYMENT_TOKEN, true},
    {"billingaddress", D_BILLING_ADDRESS, true},
    {"billingstreet", D_BILLING_ADDRESS, true},
    {"billingphone", D_BILLING_PHONE, true},
    {"taxid", D_TAX_ID, false},
    {"vatid", D_TAX_ID, false},
    {"email", D_EMAIL, false},
    {"emailaddress", D_EMAIL, true},
    {"phone", D_PHONE, false},
    {"phonenumber", D_PHONE, true},
    {"mobilenumber", D_PHONE, true},
    {"msisdn", D_PHONE, false},
    {"telephone", D_PHONE, false},
    {"username", D_NAME, false},
    {"userfullname", D_NAME, false},
    {"fullname", D_NAME, false},
    {"firstname", D_NAME, false},
    {"lastname", D_NAME, false},
    {"givenname", D_NAME, false},
    {"familyname", D_NAME, false},
    {"surname", D_NAME, false},
    {"customername", D_NAME, false},
    {"cardholdername", D_NAME, true},
    {"cardholder", D_NAME, false},
    {"accountholder", D_NAME, false},
    {"contactname", D_NAME, false},
    {"employeename", D_NAME, false},
    {"streetaddress", D_ADDRESS, true},
    {"homeaddress", D_ADDRESS, true},
    {"shippingaddress", D_ADDRESS, true},
    {"postaladdress", D_ADDRESS, true},
    {"mailingaddress", D_ADDRESS, true},
    {"dateofbirth", D_BIRTH, true},
    {"birthdate", D_BIRTH, true},
    {"birthday", D_BIRTH, false},
    {"dob", D_BIRTH, false},
    {"ssn", D_GOVERNMENT_ID, false},
    {"socialsecuritynumber", D_GOVERNMENT_ID, true},
    {"nationalid", D_GOVERNMENT_ID, false},
    {"nationalinsurancenumber", D_GOVERNMENT_ID, true},
    {"passportnumber", D_GOVERNMENT_ID, true},
    {"passport", D_GOVERNMENT_ID, false},
    {"driverlicense", D_GOVERNMENT_ID, false},
    {"driverslicense", D_GOVERNMENT_ID, false},
    {"driverlicensenumber", D_GOVERNMENT_ID, true},
    {"patient", D_PATIENT, false},
    {"patientid", D_PATIENT, true},
    {"patientname", D_PATIENT, true},
    {"mrn", D_PATIENT, false},
    {"medicalrecordnumber", D_PATIENT, true},
    {"diagnosis", D_DIAGNOSIS, false},
    {"diagnoses", D_DIAGNOSIS, false},
    {"diagnosiscode", D_DIAGNOSIS, true},
    {"icd10", D_DIAGNOSIS, false},
    {"icdcode", D_DIAGNOSIS, false},
    {"icd10code", D_DIAGNOSIS, true},
    {"healthcondition", D_CONDITION, true},
    {"medicalcondition", D_CONDITION, true},
    {"symptoms", D_CONDITION, false},
    {"allergies", D_CONDITION, false},
    {"medicaltreatment", D_TREATMENT, true},
    {"treatmentplan", D_TREATMENT, false},
    {"cptcode", D_TREATMENT, false},
    {"surgery", D_TREATMENT, false},
    {"medication", D_MEDICATION, false},
    {"medications", D_MEDICATION, false},
    {"prescription", D_MEDICATION, false},
    {"dosage", D_MEDICATION, false},
    {"labresult", D_LAB, true},
    {"labresults", D_LAB, true},
    {"bloodtype", D_LAB, true},
    {"bloodpressure", D_LAB, true},
    {"clinicalnote", D_NOTE, true},
    {"clinicalnotes", D_NOTE, true},
    {"physiciannotes", D_NOTE, true},
    {"doctornotes", D_NOTE, true},
    {"healthplanid", D_HEALTH_PLAN, true},
    {"insuranceid", D_HEALTH_PLAN, false},
    {"medicareid", D_HEALTH_PLAN, true},
    {"medicaidid", D_HEALTH_PLAN, true},
    {"healthcareclaim", D_CLAIM, true},
    {"insuranceclaim", D_CLAIM, true},
    {"claimnumber", D_CLAIM, false},
    {"appointmentid", D_VISIT, false},
    {"appointmentdate", D_VISIT, false},
    {"encounterid", D_VISIT, false},
};
enum { NAMES = sizeof names / sizeof names[0] };

/* Names by their three last characters, folded: nearly all other names end here. */
enum { ENDINGS = 4096 };
static uint8_t first_of[ENDINGS], next_of[NAMES], lengths[NAMES]; /* index + 1 */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static uint32_t fold(char c) { return (unsigned char)(is_letter(c) ? c | 0x20 : c); }

static size_t ending_of(const char *last3)
{
    return (fold(last3[0]) << 16 | fold(last3[1]) << 8 | fold(last3[2])) * UINT32_C(0x9E3779B1) >> 20;
}

static void make_endings(void)
{
    vocabulary_ready();
    for (size_t i = 0; i < NAMES; i++) {
        lengths[i] = (uint8_t)strlen(names[i].tail);
        size_t e = ending_of(names[i].tail + lengths[i] - 3);
        next_of[i] = first_of[e];
        first_of[e] = (uint8_t)(i + 1);
    }
}

static bool may_end(const char *last3) { return first_of[ending_of(last3)] != 0; }

static bool separates(char c) { return c == '_' || c == '-' || c == '.'; }

struct tail {
    char text[TAIL_MOST];
    bool starts[TAIL_MOST]; /* a word begins here */
    size_t from;            /* the text is the end of the array */
};

static void tail_of(struct tail *t, struct slice name)
{
    t->from = TAIL_MOST;
    for (size_t i = name.len; i > 0 && t->from > 0; i--) {
        char c = name.ptr[i - 1], before = byte_before(name, i - 1);
        if (!is_alnum(c)) continue;
        bool hump = c >= 'A' && c <= 'Z' && !(before >= 'A' && before <= 'Z');
        t->text[--t->from] = is_letter(c) ? (char)(c | 0x20) : c;
        t->starts[t->from] = !is_alnum(before) || hump;
    }
}

static uint64_t of_tail(const struct tail *t)
{
    const char *end = t->text + TAIL_MOST;
    uint64_t hits = 0;
    size_t longest = 0;
    for (size_t i = first_of[ending_of(end - 3)]; i; i = next_of[i - 1]) {
        size_t n = lengths[i - 1];
        if (n > TAIL_MOST - t->from || n < longest || memcmp(end - n, names[i - 1].tail, n) != 0) continue;
        if (!names[i - 1].inside && !t->starts[TAIL_MOST - n]) continue;
        hits = HIT(names[i - 1].detector);
        longest = n;
    }
    return hits;
}

uint64_t sensitive_field(struct slice path)
{
    struct tail t;
    pthread_once(&once, make_endings);
    tail_of(&t, path);
    return TAIL_MOST - t.from >= 3 ? of_tail(&t) : 0;
}

/* ---- values ---- */

bool sensitive_masked(struct slice v)
{
    static const char *const words[] = {"null", "none", "nil", "undefined", "n/a", "redacted", "masked", "hidden", "filtered", "removed"};
    size_t plain = 0;
    while (v.len && one_of("[<({\"'", v.ptr[0])) v = slice_of(v.ptr + 1, v.len - 1);
    while (v.len && one_of("])>}\"'", v.ptr[v.len - 1])) v.len--;
    for (size_t i = 0; i < v.len; i++) plain += !one_of("*xX.#-_", v.ptr[i]);
    if (plain == 0) return true;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (v.len == strlen(words[i]) && strncasecmp(v.ptr, words[i], v.len) == 0) return true;
    if (v.ptr[0] == '$' || v.ptr[0] == '%') return true;
    return v.len > 4 && memmem(v.ptr, v.len, "****", 4) != NULL;
}

struct look {
    size_t digits, letters, upper, blanks, others;
};

static struct look look_at(struct slice v)
{
    struct look l = {0};
    for (size_t i = 0; i < v.len; i++) {
        char c = v.ptr[i];
        if (is_digit(c)) l.digits++;
        else if (is_letter(c)) l.letters++, l.upper += c <= 'Z';
        else if (c == ' ') l.blanks++;
        else l.others++;
    }
    return l;
}

/* "expired", "true": what is said of a secret, not the secret. */
static bool says_something(struct slice v)
{
    static const char *const words[] = {"incorrect", "wrong",    "mismatch",  "changed", "required", "string",  "empty",  "optional",
                                        "generated", "provided", "forgotten", "correct", "matches",  "matched", "denied", "revoked"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (v.len == strlen(words[i]) && strncasecmp(v.ptr, words[i], v.len) == 0) return true;
    return vocabulary_uses(v) & (WORD_STATE | WORD_LITERAL | WORD_FUNCTION | WORD_SECRET | WORD_DELICATE | WORD_LEVEL);
}

static bool is_token(struct slice v, const struct look *l)
{
    if (l->blanks || v.len < 8 || v.ptr[0] == '/') return false;
    bool mixed = l->digits && l->letters, cased = l->upper && l->upper < l->letters && v.len >= 16;
    return mixed || cased || v.len >= 24 || (l->digits >= 10 && l->others == 0);
}

static bool is_password(struct slice v) { return v.len >= 4 && !says_something(v) && v.ptr[0] != '/'; }

static bool is_credential(struct slice v, const struct look *l)
{
    static const char *const schemes[] = {"bearer ", "basic ", "digest ", "token ", "apikey "};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t n = strlen(schemes[i]);
        if (v.len > n + 6 && strncasecmp(v.ptr, schemes[i], n) == 0) return true;
    }
    return is_token(v, l);
}

static bool is_card(struct slice v, const struct look *l)
{
    char digits[24];
    size_t n = 0;
    if (l->digits < 12 || l->digits > 19 || l->letters) return false;
    for (size_t i = 0; i < v.len; i++)
        if (is_digit(v.ptr[i])) digits[n++] = v.ptr[i];
    return luhn(digits, n);
}

static bool fits(enum detector d, struct slice v, const struct look *l)
{
    switch (d) {
    case D_PASSWORD: return is_password(v);
    case D_SECRET:
    case D_API_KEY:
    case D_TOKEN:
    case D_SESSION:
    case D_SIGNING:
    case D_ENCRYPTION:
    case D_PAYMENT_TOKEN: return is_token(v, l);
    case D_AWS_SECRET: return v.len >= 16 && is_token(v, l);
    case D_PRIVATE_KEY: return v.len >= 24;
    case D_AUTHORIZATION: return is_credential(v, l);
    case D_CONNECTION: return v.len >= 12 && l->others > 1;
    case D_CARD: return is_card(v, l);
    case D_CARD_CODE: return l->digits == v.len && (v.len == 3 || v.len == 4);
    case D_CARD_EXPIRY: return l->digits >= 2 && l->digits <= 8 && !l->letters;
    case D_CARD_TRACK: return l->digits >= 16;
    case D_PIN: return l->digits == v.len && v.len >= 4 && v.len <= 8;
    case D_ACCOUNT: return l->digits >= 6 && v.len <= 42;
    case D_EMAIL: return (sensitive_scan(v) & HIT(D_EMAIL)) != 0;
    case D_PHONE:
    case D_BILLING_PHONE: return l->digits >= 7 && l->digits <= 15 && !l->letters;
    case D_NAME: return l->letters >= 2 && l->digits <= l->letters && v.len <= 80 && !says_something(v);
    case D_BILLING_ADDRESS:
    case D_ADDRESS: return l->letters >= 4 && (l->blanks || l->digits);
    case D_BIRTH: return l->digits >= 4 && v.len <= 32;
    case D_TAX_ID:
    case D_GOVERNMENT_ID: return l->digits >= 5 && v.len <= 24;
    default: return l->digits + l->letters > 0;
    }
}

uint64_t named_value(uint64_t named, struct slice v)
{
    if (!v.len || v.len > VALUE_MOST || sensitive_masked(v)) return 0;
    struct look l = look_at(v);
    uint64_t hits = 0;
    for (unsigned d = 0; d < DETECTORS; d++)
        if (named >> d & 1 && fits((enum detector)d, v, &l)) hits |= HIT(d);
    return hits;
}

/* ---- names in a text ---- */

/* Back over quotes, backslashes and a blank to the end of the name before `at`. */
static size_t name_end(struct slice t, size_t at)
{
    size_t i = at;
    while (i > 0 && at - i < 4 && (t.ptr[i - 1] == '"' || t.ptr[i - 1] == '\'' || t.ptr[i - 1] == '\\' || t.ptr[i - 1] == ' ')) i--;
    return i;
}

static struct slice value_behind(struct slice t, size_t at)
{
    size_t from = at + 1;
    while (from < t.len && from - at < 8 && one_of(" \"'\\=>", t.ptr[from])) from++;
    size_t end = from;
    bool quoted = t.ptr[from - 1] == '"' || t.ptr[from - 1] == '\'';
    while (end < t.len && end - from < VALUE_MOST && (unsigned char)t.ptr[end] > (quoted ? 0x1F : ' ') &&
           !one_of(quoted ? "\"'\\" : "\"'\\,;&)}]", t.ptr[end]))
        end++;
    return slice_of(t.ptr + from, end - from);
}

static bool is_scheme(struct slice v)
{
    return (v.len == 6 && strncasecmp(v.ptr, "bearer", 6) == 0) || (v.len == 5 && strncasecmp(v.ptr, "basic", 5) == 0) ||
           (v.len == 6 && strncasecmp(v.ptr, "digest", 6) == 0);
}

uint64_t check_named(struct slice t, size_t at)
{
    size_t end = name_end(t, at), from = end;
    pthread_once(&once, make_endings);
    if (end < 3) return 0;
    const char *last3 = t.ptr + end - 3;
    if (!may_end(last3) && is_alnum(last3[0]) && is_alnum(last3[1])) return 0;
    while (from > 0 && end - from < TAIL_MOST && (is_alnum(t.ptr[from - 1]) || separates(t.ptr[from - 1]))) from--;
    uint64_t named = sensitive_field(slice_of(t.ptr + from, end - from));
    if (!named) return 0;
    struct slice value = value_behind(t, at);
    if (named & HIT(D_AUTHORIZATION) && is_scheme(value)) {
        size_t next = (size_t)(value.ptr - t.ptr) + value.len;
        return next < t.len ? named_value(HIT(D_TOKEN) | HIT(D_PASSWORD), value_behind(t, next)) ? named : 0 : 0;
    }
    uint64_t spoken = HIT(D_NAME) | HIT(D_TREATMENT) | HIT(D_ADDRESS) | HIT(D_BILLING_ADDRESS);
    if (t.ptr[at] == ':' && named & spoken) return 0;
    return named_value(named, value);
}
