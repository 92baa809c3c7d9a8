#include "control-plane/catalog/sensitive_check.h"

enum { CARD_LEAST = 13, CARD_MOST = 19, IBAN_MOST = 34 };

/* What a number must not touch, lest it be a part of something longer. */
static bool joins(char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == '/'; }

static bool ends_number(struct slice t, size_t end)
{
    char c = byte_at(t, end);
    if (c == '.') return !is_alnum(byte_at(t, end + 1));
    return !joins(c);
}

bool luhn(const char *digits, size_t n)
{
    unsigned sum = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned d = (unsigned)(digits[n - 1 - i] - '0');
        if (i & 1) d = d > 4 ? 2 * d - 9 : 2 * d;
        sum += d;
    }
    return sum % 10 == 0;
}

static unsigned leading(const char *digits, size_t n)
{
    unsigned v = 0;
    for (size_t i = 0; i < n; i++) v = v * 10 + (unsigned)(digits[i] - '0');
    return v;
}

/* Ranges of the first four digits, and the lengths that their issuers use (bit n: n digits). */
static const struct {
    unsigned short from, to;
    unsigned lengths;
} issuers[] = {
    {4000, 4999, 1 << 13 | 1 << 16 | 1 << 19},
    {5100, 5599, 1 << 16},
    {2221, 2720, 1 << 16},
    {3400, 3499, 1 << 15},
    {3700, 3799, 1 << 15},
    {6011, 6011, 1 << 16 | 1 << 19},
    {6440, 6599, 1 << 16 | 1 << 19},
    {3000, 3059, 1 << 14 | 1 << 16},
    {3600, 3699, 1 << 14 | 1 << 16 | 1 << 19},
    {3800, 3999, 1 << 14 | 1 << 16},
    {3528, 3589, 1 << 16 | 1 << 19},
    {6200, 6299, 1 << 16 | 1 << 17 | 1 << 18 | 1 << 19},
    {2200, 2204, 1 << 16},
    {5018, 5018, 1 << 13 | 1 << 15 | 1 << 16 | 1 << 18 | 1 << 19},
    {5020, 5020, 1 << 13 | 1 << 15 | 1 << 16 | 1 << 18 | 1 << 19},
    {5038, 5038, 1 << 13 | 1 << 15 | 1 << 16 | 1 << 18 | 1 << 19},
    {6304, 6304, 1 << 13 | 1 << 15 | 1 << 16 | 1 << 18 | 1 << 19},
    {6759, 6763, 1 << 13 | 1 << 15 | 1 << 16 | 1 << 18 | 1 << 19},
};

static bool issued(const char *digits, size_t n)
{
    unsigned first = leading(digits, 4);
    for (size_t i = 0; i < sizeof issuers / sizeof issuers[0]; i++)
        if (first >= issuers[i].from && first <= issuers[i].to) return issuers[i].lengths >> n & 1;
    return false;
}

/* Digits in groups as they are printed on cards: 4-4-4-4, 4-6-5, 4-6-4; one kind of separator. */
static bool card_groups(const unsigned char *groups, size_t n)
{
    if (n == 1) return true;
    if (n == 3) return groups[0] == 4 && groups[1] == 6 && (groups[2] == 5 || groups[2] == 4);
    return n == 4 && groups[0] == 4 && groups[1] == 4 && groups[2] == 4 && groups[3] == 4;
}

uint64_t check_card(struct slice t, size_t at)
{
    char digits[CARD_MOST + 1], separator = '\0';
    unsigned char groups[4] = {0};
    size_t n = 0, group = 0, i = at;
    if (joins(byte_before(t, at))) return 0;
    for (;; i++) {
        char c = byte_at(t, i);
        if (is_digit(c)) {
            if (n == CARD_MOST) return 0;
            digits[n++] = c;
            groups[group]++;
            continue;
        }
        if ((c != ' ' && c != '-') || !is_digit(byte_at(t, i + 1)) || groups[group] < 4 || (separator && c != separator)) break;
        if (group == 3 || (group ? card_groups(groups, group + 1) : n != 4)) break;
        group++;
        separator = c;
    }
    if (n < CARD_LEAST || !card_groups(groups, group + 1) || !ends_number(t, i)) return 0;
    bool alike = true;
    for (size_t k = 1; k < n; k++) alike = alike && digits[k] == digits[0];
    return !alike && issued(digits, n) && luhn(digits, n) ? HIT(D_CARD) : 0;
}

uint64_t check_ssn(struct slice t, size_t at)
{
    const char *p = t.ptr + at;
    if (at + 11 > t.len || joins(byte_before(t, at)) || !ends_number(t, at + 11) || p[3] != '-' || p[6] != '-') return 0;
    for (size_t i = 0; i < 11; i++)
        if (i != 3 && i != 6 && !is_digit(p[i])) return 0;
    unsigned area = leading(p, 3), group = leading(p + 4, 2), serial = leading(p + 7, 4);
    bool printed = (area == 78 && group == 5 && serial == 1120) || (area == 219 && group == 9 && serial == 9999);
    return area && area != 666 && area < 900 && group && serial && !printed ? HIT(D_SSN) : 0;
}

/* Lengths by country. */
static const char iban_lengths[][5] = {
    "AD24", "AE23", "AL28", "AT20", "AZ28", "BA20", "BE16", "BG22", "BH22", "BR29", "BY28", "CH21", "CR22", "CY28", "CZ24", "DE22",
    "DK18", "DO28", "EE20", "EG29", "ES24", "FI18", "FO18", "FR27", "GB22", "GE22", "GI23", "GL18", "GR27", "GT28", "HR21", "HU28",
    "IE22", "IL23", "IQ23", "IS26", "IT27", "JO30", "KW30", "KZ20", "LB28", "LC32", "LI21", "LT20", "LU20", "LV21", "LY25", "MC27",
    "MD24", "ME22", "MK19", "MR27", "MT31", "MU30", "NL18", "NO15", "PK24", "PL28", "PS29", "PT25", "QA29", "RO24", "RS22", "SA24",
    "SC31", "SD18", "SE24", "SI19", "SK24", "SM27", "ST25", "SV28", "TL23", "TN24", "TR26", "UA29", "VA22", "VG24", "XK20",
};

static size_t iban_length(const char *country)
{
    for (size_t i = 0; i < sizeof iban_lengths / sizeof iban_lengths[0]; i++)
        if (memcmp(iban_lengths[i], country, 2) == 0) return leading(iban_lengths[i] + 2, 2);
    return 0;
}

static bool mod97(const char *text, size_t n)
{
    unsigned rest = 0;
    for (size_t i = 0; i < n; i++) {
        char c = text[(i + 4) % n];
        if (is_digit(c)) rest = (rest * 10 + (unsigned)(c - '0')) % 97;
        else rest = (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
    }
    return rest == 1;
}

uint64_t check_iban(struct slice t, size_t at)
{
    char text[IBAN_MOST];
    char before = byte_before(t, at);
    size_t n = 0, i = at;
    if (is_alnum(before) || before == '_' || at + 15 > t.len) return 0;
    size_t want = iban_length(t.ptr + at);
    if (!want) return 0;
    for (; n < want; i++) {
        char c = byte_at(t, i);
        if (is_digit(c) || (c >= 'A' && c <= 'Z')) text[n++] = c;
        else if (c != ' ' || n == 0 || n % 4 != 0) return 0;
    }
    char after = byte_at(t, i);
    return !is_alnum(after) && after != '_' && mod97(text, n) ? HIT(D_IBAN) : 0;
}

/* Codes that are not in use, by their first two digits. */
static bool country_code(unsigned two)
{
    static const unsigned char unused[] = {28, 83, 89};
    if (two < 20) return two >= 10;
    for (size_t i = 0; i < sizeof unused; i++)
        if (two == unused[i]) return false;
    return true;
}

uint64_t check_phone(struct slice t, size_t at)
{
    char digits[16], before = byte_before(t, at);
    size_t n = 0, groups = 1, i = at + 1;
    if (is_alnum(before) || before == '+' || before == '_') return 0;
    for (; i < t.len && n < sizeof digits; i++) {
        char c = t.ptr[i], next = byte_at(t, i + 1);
        if (is_digit(c)) digits[n++] = c;
        else if ((c == ' ' || c == '-' || c == '.' || c == ')') && (is_digit(next) || (next == '(' && c == ' '))) groups++;
        else if (c == ')' && next == ' ') continue;
        else if (c != '(' || !is_digit(next)) break;
    }
    char after = byte_at(t, i);
    if (n > 15 || n < (groups > 1 ? 8 : 9) || is_alnum(after) || after == '_' || digits[0] == '0') return 0;
    if (digits[0] == '1') return n == 11 && digits[1] >= '2' && digits[4] >= '2' ? HIT(D_PHONE) : 0;
    if (digits[0] == '7') return n == 11 ? HIT(D_PHONE) : 0;
    return country_code(leading(digits, 2)) ? HIT(D_PHONE) : 0;
}
