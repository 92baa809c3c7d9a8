#include "screens/format.h"

#include "base/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* One decimal, none where it is 0. `units` are the letters of 1000, 1000^2, ... */
static void scaled(char out[FORMAT_SIZE], const char *prefix, double value, const char *gap, const char *units, const char *end)
{
    size_t unit = 0, last = strlen(units);
    while (unit < last && value >= (unit ? 999.95 : 999.5)) {
        value /= 1000;
        unit++;
    }
    const char *letter = unit ? units + unit - 1 : "";
    if (value >= 1e15) {
        snprintf(out, FORMAT_SIZE, "%s%.0f%s%.1s%s", prefix, round(value), gap, letter, end);
        return;
    }
    long tenths = lround(value * 10);
    if (tenths % 10 && (unit || value < 9.95))
        snprintf(out, FORMAT_SIZE, "%s%ld.%ld%s%.1s%s", prefix, tenths / 10, tenths % 10, gap, letter, end);
    else snprintf(out, FORMAT_SIZE, "%s%ld%s%.1s%s", prefix, lround(value), gap, letter, end);
}

void format_count(char out[FORMAT_SIZE], double value)
{
    if (!isfinite(value)) snprintf(out, FORMAT_SIZE, "?");
    else if (value > 0 && value < 0.05) snprintf(out, FORMAT_SIZE, "< 0.1");
    else scaled(out, value < 0 ? "-" : "", fabs(value), "", "KMBT", "");
}

void format_bytes(char out[FORMAT_SIZE], double bytes)
{
    if (!isfinite(bytes)) snprintf(out, FORMAT_SIZE, "?");
    else scaled(out, bytes < 0 ? "-" : "", fabs(bytes) < 999.5 ? round(fabs(bytes)) : fabs(bytes), " ", "KMGTPE", "B");
}

void format_money(char out[FORMAT_SIZE], double usd)
{
    if (!isfinite(usd)) snprintf(out, FORMAT_SIZE, "?");
    else if (usd > 0 && usd < 1) snprintf(out, FORMAT_SIZE, "< $1");
    else scaled(out, usd < 0 ? "-$" : "$", fabs(usd) < 999.5 ? round(fabs(usd)) : fabs(usd), "", "KMBT", "");
}

static void calendar(char out[FORMAT_SIZE], int64_t then_ns, int64_t now_ns)
{
    time_t then = (time_t)(then_ns / NS_PER_SECOND), now = (time_t)(now_ns / NS_PER_SECOND);
    struct tm a, b;
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    gmtime_r(&then, &a);
    gmtime_r(&now, &b);
    if (a.tm_year == b.tm_year) snprintf(out, FORMAT_SIZE, "%.3s %d", months + 3 * a.tm_mon, a.tm_mday);
    else snprintf(out, FORMAT_SIZE, "%d-%02d-%02d", a.tm_year + 1900, a.tm_mon + 1, a.tm_mday);
}

void format_age(char out[FORMAT_SIZE], int64_t then_ns, int64_t now_ns)
{
    int64_t seconds = (now_ns - then_ns) / NS_PER_SECOND, s = seconds < 0 ? -seconds : seconds;
    const char *before = seconds < 0 ? "in " : "", *after = seconds < 0 ? "" : " ago";
    if (s < 60) snprintf(out, FORMAT_SIZE, "just now");
    else if (s < 3600) snprintf(out, FORMAT_SIZE, "%s%dm%s", before, (int)(s / 60), after);
    else if (s < 86400) snprintf(out, FORMAT_SIZE, "%s%dh%s", before, (int)(s / 3600), after);
    else if (s < 14 * 86400) snprintf(out, FORMAT_SIZE, "%s%dd%s", before, (int)(s / 86400), after);
    else calendar(out, then_ns, now_ns);
}

_Bool format_parse_number(const char *text, size_t len, double *value)
{
    char copy[FORMAT_SIZE], *end;
    if (len && *text == '$') text++, len--;
    if (len == 0 || len >= sizeof copy) return 0;
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (!strspn(copy, "0123456789.") || strpbrk(copy, "xX")) return 0;
    *value = strtod(copy, &end);
    static const char units[] = "kmgtKMGT";
    const char *unit = *end ? strchr(units, *end) : NULL;
    if (*end == 'b' || *end == 'B') unit = units + 2;
    if (unit) {
        *value *= pow(1000, (double)((unit - units) % 4 + 1));
        end++;
    }
    return end > copy && !*end && isfinite(*value);
}
