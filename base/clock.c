#include "base/clock.h"

#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * NS_PER_SECOND + t.tv_nsec;
}

static int64_t stopped;

int64_t clock_real(void) { return read_clock(CLOCK_REALTIME); }
int64_t clock_now(void) { return stopped ? stopped : clock_real(); }
void clock_stop(int64_t ns) { stopped = ns; }
int64_t clock_monotonic(void) { return read_clock(CLOCK_MONOTONIC); }

/* Days and dates after Howard Hinnant's public-domain "chrono-compatible low-level date algorithms". */
int64_t clock_days(int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t yoe = year - era * 400;
    int64_t doy = (153 * (int64_t)(month > 2 ? month - 3 : month + 9) + 2) / 5 + (int64_t)day - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void date_of(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *day = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
    *month = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
    *year = yoe + era * 400 + (*month <= 2);
}

static char *two(char *at, unsigned value)
{
    *at++ = (char)('0' + value / 10);
    *at++ = (char)('0' + value % 10);
    return at;
}

void clock_rfc3339(struct buf *out, int64_t ns)
{
    int64_t seconds = ns / NS_PER_SECOND, fraction = ns % NS_PER_SECOND;
    if (fraction < 0) {
        seconds--;
        fraction += NS_PER_SECOND;
    }
    int64_t days = seconds / 86400, rest = seconds % 86400;
    if (rest < 0) {
        days--;
        rest += 86400;
    }
    int64_t year;
    unsigned month, day;
    date_of(days, &year, &month, &day);
    char text[40], *at = text;
    at = two(at, (unsigned)(year / 100));
    at = two(at, (unsigned)(year % 100));
    *at++ = '-';
    at = two(at, month);
    *at++ = '-';
    at = two(at, day);
    *at++ = 'T';
    at = two(at, (unsigned)(rest / 3600));
    *at++ = ':';
    at = two(at, (unsigned)(rest / 60 % 60));
    *at++ = ':';
    at = two(at, (unsigned)(rest % 60));
    if (fraction) {
        *at++ = '.';
        for (int64_t unit = NS_PER_SECOND / 10; fraction; unit /= 10) {
            *at++ = (char)('0' + fraction / unit);
            fraction %= unit;
        }
    }
    *at++ = 'Z';
    buf_add(out, text, (size_t)(at - text));
}

static bool digits(struct slice *s, size_t n, unsigned *value)
{
    if (s->len < n) return false;
    *value = 0;
    for (size_t i = 0; i < n; i++) {
        if (s->ptr[i] < '0' || s->ptr[i] > '9') return false;
        *value = *value * 10 + (unsigned)(s->ptr[i] - '0');
    }
    s->ptr += n;
    s->len -= n;
    return true;
}

static bool one_of(struct slice *s, const char *set)
{
    if (!s->len || !s->ptr[0] || !strchr(set, s->ptr[0])) return false;
    s->ptr++;
    s->len--;
    return true;
}

static bool parse_offset(struct slice *s, int64_t *seconds)
{
    *seconds = 0;
    if (one_of(s, "Zz")) return s->len == 0;
    if (!s->len) return false;
    bool west = s->ptr[0] == '-';
    unsigned hours, minutes;
    if (!one_of(s, "+-") || !digits(s, 2, &hours)) return false;
    one_of(s, ":");
    if (!digits(s, 2, &minutes) || s->len || hours > 23 || minutes > 59) return false;
    *seconds = (int64_t)(hours * 3600 + minutes * 60) * (west ? -1 : 1);
    return true;
}

bool clock_parse_rfc3339(struct slice s, int64_t *ns)
{
    unsigned year, month, day, hour, minute, second;
    if (!digits(&s, 4, &year) || !one_of(&s, "-") || !digits(&s, 2, &month) || !one_of(&s, "-") || !digits(&s, 2, &day)) return false;
    if (!one_of(&s, "Tt ") || !digits(&s, 2, &hour) || !one_of(&s, ":") || !digits(&s, 2, &minute) || !one_of(&s, ":") ||
        !digits(&s, 2, &second))
        return false;
    if (year < 1678 || year > 2261 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
        return false;
    int64_t fraction = 0, offset;
    if (one_of(&s, ".,")) {
        int64_t unit = NS_PER_SECOND / 10;
        if (!s.len || s.ptr[0] < '0' || s.ptr[0] > '9') return false;
        while (s.len && s.ptr[0] >= '0' && s.ptr[0] <= '9') {
            fraction += (s.ptr[0] - '0') * unit;
            unit /= 10;
            s.ptr++;
            s.len--;
        }
    }
    if (!parse_offset(&s, &offset)) return false;
    int64_t seconds = clock_days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
    *ns = seconds * NS_PER_SECOND + fraction;
    return true;
}
