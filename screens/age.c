#include "screens/age.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

static int64_t say(struct buf *out, int64_t then, int64_t passed, int64_t unit, char letter)
{
    buf_printf(out, "%lld%c ago", (long long)(passed / unit), letter);
    return then + (passed / unit + 1) * unit;
}

int64_t age_text(struct buf *out, int64_t now, int64_t then)
{
    const int64_t minute = 60 * NS_PER_SECOND, hour = 60 * minute, day = 24 * hour;
    int64_t passed = now - then;
    if (passed >= day) return say(out, then, passed, day, 'd');
    if (passed >= hour) return say(out, then, passed, hour, 'h');
    if (passed >= minute) return say(out, then, passed, minute, 'm');
    buf_str(out, "just now");
    return then + minute;
}

void age_span(struct buf *out, int64_t passed)
{
    long long seconds = passed / NS_PER_SECOND;
    if (seconds < 60) buf_printf(out, "%llds", seconds);
    else if (seconds < 3600) buf_printf(out, "%lldm", seconds / 60);
    else if (seconds < 86400) buf_printf(out, "%lldh", seconds / 3600);
    else buf_printf(out, "%lldd", seconds / 86400);
}

void count_text(char *out, size_t size, long n)
{
    char digits[24];
    size_t at = 0, len = (size_t)snprintf(digits, sizeof digits, "%ld", n < 0 ? 0 : n);
    for (size_t i = 0; i < len && at + 2 < size; i++) {
        if (i > 0 && (len - i) % 3 == 0) out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
}
