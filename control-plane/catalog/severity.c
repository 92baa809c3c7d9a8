#include "control-plane/catalog/record.h"
#include "control-plane/catalog/vocabulary.h"

/* One letter, as glog, Android and klog write it. */
static enum severity of_letter(char c)
{
    switch (c) {
    case 'T':
    case 'V': return SEVERITY_TRACE;
    case 'D': return SEVERITY_DEBUG;
    case 'I': return SEVERITY_INFO;
    case 'W': return SEVERITY_WARN;
    case 'E': return SEVERITY_ERROR;
    case 'F':
    case 'C': return SEVERITY_FATAL;
    default: return SEVERITY_UNSPECIFIED;
    }
}

/* syslog's 0 to 7, and the 10 to 60 of bunyan and pino. */
static enum severity of_digits(struct slice text)
{
    static const enum severity syslog[] = {SEVERITY_FATAL, SEVERITY_FATAL, SEVERITY_FATAL, SEVERITY_ERROR,
                                           SEVERITY_WARN,  SEVERITY_INFO,  SEVERITY_INFO,  SEVERITY_DEBUG};
    if (text.len == 1 && text.ptr[0] >= '0' && text.ptr[0] <= '7') return syslog[text.ptr[0] - '0'];
    if (text.len == 2 && text.ptr[1] == '0' && text.ptr[0] >= '1' && text.ptr[0] <= '6') return (enum severity)(text.ptr[0] - '0');
    return SEVERITY_UNSPECIFIED;
}

enum severity severity_of(int number, struct slice text)
{
    if (number >= 1 && number <= 24) return (enum severity)((number - 1) / 4 + 1);
    if (text.len == 0) return SEVERITY_UNSPECIFIED;
    vocabulary_ready();
    while (text.len && (unsigned char)text.ptr[text.len - 1] <= ' ') text.len--;
    if (text.len == 1 && (text.ptr[0] < '0' || text.ptr[0] > '9')) return of_letter((char)(text.ptr[0] & ~0x20));
    if (text.len && text.ptr[0] >= '0' && text.ptr[0] <= '9') return of_digits(text);
    if (text.len > 1 && text.ptr[text.len - 1] >= '1' && text.ptr[text.len - 1] <= '4') text.len--;
    return vocabulary_level(vocabulary_uses(text));
}

const char *severity_name(enum severity s)
{
    static const char *const names[SEVERITIES] = {"UNSPECIFIED", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
    return (unsigned)s < SEVERITIES ? names[s] : names[0];
}
