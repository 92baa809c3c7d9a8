#include "control-plane/ingest/timestamp.h"

#include "base/clock.h"

#include <ctype.h>
#include <time.h>

struct scan {
    const char *at, *end;
};

struct parts {
    int64_t year; /* 0: not given */
    unsigned month, day, hour, minute, second;
    int64_t fraction; /* ns */
    int64_t offset;   /* seconds east */
    bool zone;
};

static bool number(struct scan *s, unsigned least, unsigned most, unsigned *value)
{
    unsigned n = 0;
    const char *at = s->at;
    for (*value = 0; n < most && at < s->end && isdigit((unsigned char)*at); n++) *value = *value * 10 + (unsigned)(*at++ - '0');
    if (n < least) return false;
    s->at = at;
    return true;
}

static bool one_of(struct scan *s, const char *set)
{
    if (s->at == s->end || !*s->at || !strchr(set, *s->at)) return false;
    s->at++;
    return true;
}

static bool word(struct scan *s, const char *text)
{
    size_t n = strlen(text);
    if ((size_t)(s->end - s->at) < n || memcmp(s->at, text, n) != 0) return false;
    s->at += n;
    return true;
}

static bool month_name(struct scan *s, unsigned *month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (s->end - s->at < 3) return false;
    for (unsigned i = 0; i < 12; i++) {
        if (memcmp(s->at, names + i * 3, 3) != 0) continue;
        *month = i + 1;
        s->at += 3;
        return true;
    }
    return false;
}

static bool weekday(struct scan *s)
{
    static const char names[] = "MonTueWedThuFriSatSun";
    if (s->end - s->at < 5) return false;
    for (unsigned i = 0; i < 7; i++) {
        if (memcmp(s->at, names + i * 3, 3) != 0) continue;
        s->at += 3;
        one_of(s, ",");
        return one_of(s, " ");
    }
    return false;
}

static void fraction(struct scan *s, struct parts *p)
{
    struct scan ahead = *s;
    if (!one_of(&ahead, ".,:") || ahead.at == ahead.end || !isdigit((unsigned char)*ahead.at)) return;
    for (int64_t unit = NS_PER_SECOND / 10; ahead.at < ahead.end && isdigit((unsigned char)*ahead.at); unit /= 10)
        p->fraction += (*ahead.at++ - '0') * unit;
    *s = ahead;
}

static bool clock_part(struct scan *s, struct parts *p)
{
    if (!number(s, 1, 2, &p->hour) || !one_of(s, ":.") || !number(s, 2, 2, &p->minute) || !one_of(s, ":.") || !number(s, 2, 2, &p->second))
        return false;
    fraction(s, p);
    return p->hour < 24 && p->minute < 60 && p->second <= 60;
}

static void zone_part(struct scan *s, struct parts *p)
{
    struct scan ahead = *s;
    unsigned hours, minutes = 0;
    one_of(&ahead, " ");
    if (word(&ahead, "UTC") || word(&ahead, "GMT") || one_of(&ahead, "Zz")) {
        if (ahead.at < ahead.end && isalnum((unsigned char)*ahead.at)) return;
    } else {
        bool west = ahead.at < ahead.end && *ahead.at == '-';
        if (!one_of(&ahead, "+-") || !number(&ahead, 2, 2, &hours)) return;
        one_of(&ahead, ":");
        if (!number(&ahead, 2, 2, &minutes) || hours > 23 || minutes > 59) return;
        if (ahead.at < ahead.end && isdigit((unsigned char)*ahead.at)) return;
        p->offset = (int64_t)(hours * 3600 + minutes * 60) * (west ? -1 : 1);
    }
    p->zone = true;
    *s = ahead;
}

static bool year_part(struct scan *s, struct parts *p)
{
    unsigned year;
    if (!number(s, 4, 4, &year) || year < 1970 || year > 2261) return false;
    p->year = year;
    return true;
}

/* 2026-11-23T14:05:06.123Z and its like. */
static bool year_first(struct scan *s, struct parts *p)
{
    if (!year_part(s, p) || !one_of(s, "-/.") || !number(s, 1, 2, &p->month) || !one_of(s, "-/.") || !number(s, 1, 2, &p->day))
        return false;
    if (!one_of(s, "Tt _-:") || !clock_part(s, p)) return false;
    zone_part(s, p);
    return true;
}

static bool two_digit_year(struct scan *s, struct parts *p)
{
    unsigned year;
    if (!number(s, 2, 2, &year)) return false;
    p->year = 2000 + year;
    return true;
}

static bool clock_digits(struct scan *s, struct parts *p)
{
    if (!number(s, 2, 2, &p->hour) || !number(s, 2, 2, &p->minute) || !number(s, 2, 2, &p->second)) return false;
    if (s->at < s->end && isdigit((unsigned char)*s->at)) return false;
    return p->hour < 24 && p->minute < 60 && p->second <= 60;
}

/* 20261123-14:05:06:123, 20261123T140506Z */
static bool year_packed(struct scan *s, struct parts *p)
{
    if (!year_part(s, p) || !number(s, 2, 2, &p->month) || !number(s, 2, 2, &p->day) || !one_of(s, "-T _")) return false;
    struct scan ahead = *s;
    if (clock_part(&ahead, p)) *s = ahead;
    else if (!clock_digits(s, p)) return false;
    zone_part(s, p);
    return true;
}

/* 261123 140506 */
static bool short_packed(struct scan *s, struct parts *p)
{
    return two_digit_year(s, p) && number(s, 2, 2, &p->month) && number(s, 2, 2, &p->day) && one_of(s, " ") && clock_digits(s, p);
}

/* 26/11/23 14:05:06 */
static bool short_slashes(struct scan *s, struct parts *p)
{
    return two_digit_year(s, p) && one_of(s, "/") && number(s, 2, 2, &p->month) && one_of(s, "/") && number(s, 2, 2, &p->day) &&
           one_of(s, " ") && clock_part(s, p);
}

/* 23/Nov/2026:14:05:06 +0000 */
static bool day_first(struct scan *s, struct parts *p)
{
    if (!number(s, 1, 2, &p->day) || !one_of(s, "/- ") || !month_name(s, &p->month) || !one_of(s, "/- ") || !year_part(s, p)) return false;
    if (!one_of(s, ": ") || !clock_part(s, p)) return false;
    zone_part(s, p);
    return true;
}

/* Nov 23 14:05:06, with the year before or after the time or not at all. */
static bool month_first(struct scan *s, struct parts *p)
{
    if (!month_name(s, &p->month) || !one_of(s, " ")) return false;
    one_of(s, " ");
    if (!number(s, 1, 2, &p->day) || !one_of(s, " ")) return false;
    struct scan ahead = *s;
    if (year_part(&ahead, p) && one_of(&ahead, " ")) *s = ahead;
    else p->year = 0;
    if (!clock_part(s, p)) return false;
    zone_part(s, p);
    ahead = *s;
    if (!p->year && one_of(&ahead, " ") && year_part(&ahead, p)) {
        if (ahead.at == ahead.end || !isalnum((unsigned char)*ahead.at)) *s = ahead;
        else p->year = 0;
    }
    return true;
}

static bool glog(struct scan *s, struct parts *p)
{
    return one_of(s, "IWEF") && number(s, 2, 2, &p->month) && number(s, 2, 2, &p->day) && one_of(s, " ") && clock_part(s, p);
}

static int64_t local_offset(struct timestamps *t, int64_t seconds)
{
    int64_t hour = seconds / 3600;
    if (t->local_known && t->local_hour == hour) return t->local_offset;
    /* The offset of that wall time read as UTC: right but for the hours around a change of the clocks. */
    struct tm tm;
    time_t at = (time_t)seconds;
    if (!localtime_r(&at, &tm)) return 0;
    at -= tm.tm_gmtoff;
    if (!localtime_r(&at, &tm)) return 0;
    t->local_known = true;
    t->local_hour = hour;
    return t->local_offset = tm.tm_gmtoff;
}

static int64_t with_year(struct timestamps *t, const struct parts *p, int64_t year)
{
    int64_t seconds = clock_days(year, p->month, p->day) * 86400 + p->hour * 3600 + p->minute * 60 + p->second;
    seconds -= p->zone ? p->offset : local_offset(t, seconds);
    return seconds * NS_PER_SECOND + p->fraction;
}

static bool finish(struct timestamps *t, const struct parts *p, int64_t *ns)
{
    if (p->month < 1 || p->month > 12 || p->day < 1 || p->day > 31) return false;
    if (p->year) {
        *ns = with_year(t, p, p->year);
        return true;
    }
    struct tm now;
    time_t seconds = (time_t)(t->now_ns / NS_PER_SECOND);
    if (!gmtime_r(&seconds, &now)) return false;
    int64_t year = now.tm_year + 1900;
    for (int tries = 0; tries < 3; tries++, year--) {
        *ns = with_year(t, p, year + 1);
        if (*ns <= t->now_ns + 24 * NS_PER_HOUR) return true;
    }
    return true;
}

bool timestamp_epoch(double value, int64_t *ns)
{
    static const double units[] = {1e9, 1e6, 1e3, 1};
    double scaled = value;
    for (int i = 0; i < 4; i++, scaled /= 1e3) {
        if (!(scaled >= 1e9) || scaled >= 9.2e9) continue;
        *ns = (int64_t)(value * units[i]);
        return *ns > 0;
    }
    return false;
}

static bool epoch(struct scan *s, int64_t *ns)
{
    const char *start = s->at;
    uint64_t value = 0;
    struct parts p = {0};
    for (; s->at < s->end && isdigit((unsigned char)*s->at) && s->at - start < 20; s->at++) value = value * 10 + (uint64_t)(*s->at - '0');
    size_t digits = (size_t)(s->at - start);
    int64_t unit = digits == 10 ? NS_PER_SECOND : digits == 13 ? 1000000 : digits == 16 ? 1000 : digits == 19 ? 1 : 0;
    if (!unit || *start == '0' || value >= (uint64_t)(INT64_MAX / unit)) return false;
    fraction(s, &p);
    if (s->at < s->end && !strchr(" \t]|,;:", *s->at)) return false;
    *ns = (int64_t)value * unit + p.fraction / NS_PER_SECOND * unit + (unit == NS_PER_SECOND ? p.fraction : 0);
    return true;
}

static bool try(bool form(struct scan *, struct parts *), struct scan *s, struct parts *p)
{
    struct scan start = *s;
    *p = (struct parts){0};
    if (form(s, p)) return true;
    *s = start;
    return false;
}

bool timestamp_read(struct timestamps *t, struct slice text, int64_t *ns, size_t *used)
{
    if (text.len < 10) return false;
    struct scan s = {text.ptr, text.ptr + text.len};
    struct parts p;
    bool found = false;
    if (isdigit((unsigned char)*s.at)) {
        struct scan whole = s;
        if (epoch(&whole, ns)) {
            *used = (size_t)(whole.at - text.ptr);
            return true;
        }
        found = try(year_first, &s, &p) || try(day_first, &s, &p) || try(year_packed, &s, &p) || try(short_packed, &s, &p) ||
                try(short_slashes, &s, &p);
    } else {
        struct scan named = s;
        found = try(glog, &s, &p) || try(month_first, &s, &p);
        if (!found && weekday(&named)) {
            s = named;
            found = try(month_first, &s, &p) || try(day_first, &s, &p);
        }
    }
    *used = (size_t)(s.at - text.ptr);
    return found && finish(t, &p, ns);
}
