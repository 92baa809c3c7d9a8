/* Proposals that take sensitive values out of records. */
#include "control-plane/checks/propose.h"

#include "control-plane/catalog/record.h"
#include "control-plane/catalog/sensitive.h"
#include "control-plane/checks/phrases.h"

#include <stdio.h>

#define VALUE "(?:\"[^\"]*\"|'[^']*'|[^\\s\"',;&)}\\]]+)"
/* A value behind one of the names and a sign; the name stays. */
#define BEHIND(names) "(?i)\\b((?:" names ")\\\\?[\"']?\\s*[:=]\\s*)" VALUE, "$1[REDACTED]"
/* The rest of the clause behind one of the phrases, or a value behind one of the names. */
#define SPOKEN(phrases, names)                                                                                                             \
    "(?i)\\b((?:" phrases ")\\s+|(?:" names                                                                                                \
    ")[\"']?\\s*[:=]\\s*)[^\"',.;|)}\\]]+?(\\s+(?:in|at|on|by|since|during)\\s|[\"',.;|)}\\]]|\\s*$)",                                     \
        "$1[REDACTED]$2"

static const struct {
    const char *detector, *regex, *replacement;
} redactions[] = {
    {"card_number", "\\b(?:4[0-9]{3}|5[0-9]{3}|2[2-7][0-9]{2}|3[0-9]{3}|6[0-9]{3})(?:[ -]?[0-9]){5,11}[ -]?([0-9]{4})\\b", "[CARD]$1"},
    {"iban", "\\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b", "[IBAN]"},
    {"us_ssn", "\\b[0-9]{3}-[0-9]{2}-[0-9]{4}\\b", "[SSN]"},
    {"email", "[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}", "[EMAIL]"},
    {"phone", "\\+[0-9][0-9 ().-]{6,18}[0-9]", "[PHONE]"},
    {"ipv4", "\\b(?:[0-9]{1,3}\\.){3}[0-9]{1,3}\\b", "[IP]"},
    {"ipv6", "\\b(?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f:]{1,4}", "[IP]"},
    {"mac", "\\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\\b", "[MAC]"},
    {"jwt", "eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*", "[JWT]"},
    {"aws_access", "\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b", "[AWS KEY]"},
    {"gcp", "\\bAIza[A-Za-z0-9_-]{35}", "[GCP KEY]"},
    {"github", "\\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})", "[GITHUB TOKEN]"},
    {"gitlab", "\\bglpat-[A-Za-z0-9_-]{20,}", "[GITLAB TOKEN]"},
    {"slack", "\\bxox[abposr]-[A-Za-z0-9-]{10,}", "[SLACK TOKEN]"},
    {"stripe", "\\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,}", "[STRIPE KEY]"},
    {"npm", "\\bnpm_[A-Za-z0-9]{36}", "[NPM TOKEN]"},
    {"pypi", "\\bpypi-[A-Za-z0-9_-]{16,}", "[PYPI TOKEN]"},
    {"ai_api_key", "\\bsk-[A-Za-z0-9_-]{20,}", "[AI KEY]"},
    {"private_key", "(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", "[PRIVATE KEY]"},
    {"url_password", "(://[^:/@\\s]+:)[^@\\s]+@", "$1[REDACTED]@"},
    {"connection", "(://[^:/@\\s]+:)[^@\\s]+@", "$1[REDACTED]@"},
    {"authorization", "(?i)\\b(bearer|basic)\\s+[A-Za-z0-9+/=._~-]+", "$1 [REDACTED]"},
    {"password", "(?i)\\b((?:password|passwd|pwd|passphrase)[\"']?\\s*[:=]\\s*[\"']?)[^\\s\"',;&]+", "$1[REDACTED]"},
    {"api_key", "(?i)\\b((?:x-)?api[_-]?key[\"']?\\s*[:=]\\s*[\"']?)[^\\s\"',;&]+", "$1[REDACTED]"},
    {"access_token", "(?i)\\b([a-z_]*token[\"']?\\s*[:=]\\s*[\"']?)[^\\s\"',;&]+", "$1[REDACTED]"},
    {"client_secret", "(?i)\\b([a-z_]*secret[a-z_]*[\"']?\\s*[:=]\\s*[\"']?)[^\\s\"',;&]+", "$1[REDACTED]"},
    {"signing_secret", BEHIND("[a-z_.-]*(?:signing[_-]?key|signing[_-]?secret|webhook[_-]?secret|hmac[_-]?key)")},
    {"encryption_key", BEHIND("[a-z_.-]*(?:encryption[_-]?key|aes[_-]?key|master[_-]?key)")},
    {"secret_access_key", BEHIND("[a-z_.-]*secret[_-]?(?:access[_-]?)?key")},
    {"card_code", BEHIND("cvv2?|cvc2?|card[_-]?code|security[_-]?code")},
    {"card_expiry", BEHIND("card[_-]?exp(?:iry|iration)?|expiration[_-]?date|exp[_-]?(?:month|year)")},
    {"pin", BEHIND("pin|pin[_-]?code|pin[_-]?number")},
    {"bank_account", BEHIND("bank[_-]?account|account[_-]?number|routing[_-]?number")},
    {"tax_id", BEHIND("tax[_-]?id|vat[_-]?id")},
    {"person_name",
     BEHIND("user[_-]?name|(?:full|first|last|given|family|sur|customer|contact|employee)[_-]?name|card[_-]?holder(?:[_-]?name)?")},
    {"postal_address", BEHIND("(?:street|home|shipping|postal|mailing)[_-]?address")},
    {"date_of_birth", BEHIND("date[_-]?of[_-]?birth|birth[_-]?date|birthday|dob")},
    {"government_id",
     BEHIND("ssn|social[_-]?security[_-]?number|national[_-]?id|passport(?:[_-]?number)?|driver'?s?[_-]?license(?:[_-]?number)?")},
    {"patient", BEHIND("patient(?:[_-]?(?:id|name))?|mrn|medical[_-]?record[_-]?number")},
    {"diagnosis", SPOKEN("diagnosed\\s+with", "diagnos[ie]s(?:[_-]?code)?|icd(?:[_-]?10)?(?:[_-]?code)?")},
    {"health_condition", SPOKEN("treated\\s+for|allergic\\s+to|suffers\\s+from", "(?:health|medical)[_-]?condition|symptoms|allergies")},
    {"treatment", SPOKEN("underwent", "medical[_-]?treatment|treatment[_-]?plan|cpt[_-]?code|surgery")},
    {"medication", SPOKEN("prescribed|prescription\\s+of", "medications?|prescription|dosage")},
    {"lab_result", SPOKEN("tested\\s+positive\\s+for", "lab[_-]?results?|blood[_-]?(?:type|pressure)")},
    {"health_plan", BEHIND("(?:health[_-]?plan|insurance|medicare|medicaid)[_-]?id")},
    {"healthcare_claim", BEHIND("(?:healthcare|insurance)[_-]?claim|claim[_-]?number")},
    {"appointment", BEHIND("appointment[_-]?(?:id|date)|encounter[_-]?id")},
    {"session", "(?i)\\b(session[a-z_]*[\"']?\\s*[:=]\\s*[\"']?)[^\\s\"',;&]+", "$1[REDACTED]"},
};

/* The longest name that the detector begins with. */
static size_t redaction_of(struct slice detector)
{
    size_t best = sizeof redactions / sizeof *redactions, length = 0;
    for (size_t i = 0; i < sizeof redactions / sizeof *redactions; i++) {
        size_t n = strlen(redactions[i].detector);
        if (n > length && slice_starts(detector, redactions[i].detector)) best = i, length = n;
    }
    return best;
}

static bool same_place(const struct found_field *a, const struct found_field *b)
{
    return a->scope == b->scope && slice_eq(a->path, b->path) && slice_eq(a->element, b->element);
}

static bool by_name(struct slice detector)
{
    int i = sensitive_find(detector);
    return i >= 0 && sensitive_detectors[i].by_name;
}

/* Its own name says what is in it, so all of it goes. */
static bool told_by_name(const struct found_field *field)
{
    int i = sensitive_find(field->element);
    return by_name(field->element) || (i >= 0 && sensitive_field(field->path) >> i & 1);
}

static bool is_secret(struct slice detector)
{
    int i = sensitive_find(detector);
    return i >= 0 && sensitive_detectors[i].family == FAMILY_SECRET;
}

/* The words that make health of a phrase; the template may hold the very values. */
static void put_clinic(struct buf *out)
{
    buf_str(out, "(?i)\\b(?:");
    for (const char *const *w = phrases_clinic; *w; w++) {
        if (w > phrases_clinic) buf_char(out, '|');
        buf_str(out, *w);
    }
    buf_str(out, ")\\b");
}

/* The pattern of a number or a word may fit other events' text: only where it was seen. Those of secrets fit nothing else. */
static void match_events(struct draft *d, struct policy_draft *p, const struct found_field *field)
{
    const struct finding *f = d->finding;
    const struct observed_event *events[PROPOSAL_EVENTS];
    size_t n = 0;
    struct buf regex;
    buf_init(&regex, PROPOSAL_REGEX);
    for (size_t i = 0; i < f->field_count; i++) {
        if (!same_place(&f->fields[i], field)) continue;
        if (f->fields[i].spoken) {
            put_clinic(&regex);
            policy_match_text(p, "log_field", SLICE("body"), "regex", buf_view(&regex), false);
        }
        if (n == PROPOSAL_EVENTS || f->fields[i].spoken) {
            buf_free(&regex);
            return;
        }
        events[n++] = f->fields[i].event;
    }
    if (some_regex(d, events, n, &regex)) policy_match_text(p, "log_field", SLICE("body"), "regex", buf_view(&regex), false);
    buf_free(&regex);
}

/* Bodies by the detector's own pattern; an attribute as a whole where its name tells, else by the pattern within it. */
static bool redact_one(struct draft *d, const struct found_field *field, size_t number)
{
    char suffix[24];
    size_t at = redaction_of(field->element);
    bool known = at < sizeof redactions / sizeof *redactions, body = field->scope == FIELD_BODY;
    const char *selector = selector_of(field->scope, field->path);
    if (body ? !known : !selector) return false;
    struct policy_draft p;
    snprintf(suffix, sizeof suffix, "%zu", number);
    policy_draft_init(&p, d, "redact", suffix);
    p.event = NULL;
    p.title = observe_text(d->o, "Redact %.*s in %.*s of %.*s", (int)field->element.len, field->element.ptr,
                           body ? 6 : (int)(field->path.len < 80 ? field->path.len : 80), body ? "bodies" : field->path.ptr,
                           (int)(d->o->name.len < 80 ? d->o->name.len : 80), d->o->name.ptr);
    if (body && !is_secret(field->element)) match_events(d, &p, field);
    buf_str(&p.steps, "\"redact\":[");
    if (body) buf_str(&p.steps, "{\"log_field\":\"body\"");
    else propose_put_target(&p.steps, selector, field->path);
    if (known && (body || !told_by_name(field)))
        propose_put_redaction(&p.steps, slice_str(redactions[at].regex), slice_str(redactions[at].replacement));
    else buf_str(&p.steps, ",\"replacement\":\"[REDACTED]\"}");
    buf_char(&p.steps, ']');
    return policy_draft_end(&p, d);
}

void propose_redact(struct draft *d)
{
    const struct finding *f = d->finding;
    size_t left = 0;
    for (size_t i = 0; i < f->field_count; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++) again = again || same_place(&f->fields[i], &f->fields[k]);
        if (!again && !redact_one(d, &f->fields[i], i + 1)) left++;
    }
    if (left > 0 && d->count == 0) d->blocked = SLICE("no pattern that every edge understands finds such values in a body");
}
