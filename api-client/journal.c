#include "api-client/internal.h"
#include "base/clock.h"

#include <stdio.h>

struct api_log_entry *journal_add(struct journal *j, uint64_t ticket, const char *operation)
{
    if (j->count < API_LOG_ENTRIES) j->count++;
    memmove(j->entries + 1, j->entries, (j->count - 1) * sizeof *j->entries);
    struct api_log_entry *e = j->entries;
    *e = (struct api_log_entry){.ticket = ticket, .started_ns = clock_now(), .elapsed_ns = -1};
    snprintf(e->operation, sizeof e->operation, "%s", operation);
    return e;
}

struct api_log_entry *journal_find(struct journal *j, uint64_t ticket)
{
    for (size_t i = 0; i < j->count; i++)
        if (j->entries[i].ticket == ticket) return &j->entries[i];
    return NULL;
}

void journal_say(struct api_log_entry *e, const char *message)
{
    size_t n = strlen(message);
    if (n >= sizeof e->message) n = sizeof e->message - 1;
    while (n > 0 && message[n] && ((unsigned char)message[n] & 0xC0) == 0x80) n--;
    memcpy(e->message, message, n);
    e->message[n] = '\0';
}
