#include "api-client/internal.h"
#include "base/clock.h"
#include "base/die.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { VARIABLES_MAX = 4000 };

struct api_log_entry *journal_add(struct journal *j, uint64_t ticket, const char *operation)
{
    if (j->count == API_LOG_ENTRIES) free(j->entries[j->count - 1].variables);
    else j->count++;
    memmove(j->entries + 1, j->entries, (j->count - 1) * sizeof *j->entries);
    struct api_log_entry *e = j->entries;
    *e = (struct api_log_entry){.ticket = ticket, .started_ns = clock_real(), .elapsed_ns = -1};
    snprintf(e->operation, sizeof e->operation, "%s", operation);
    return e;
}

struct api_log_entry *journal_find(struct journal *j, uint64_t ticket)
{
    for (size_t i = 0; i < j->count; i++)
        if (j->entries[i].ticket == ticket) return &j->entries[i];
    return NULL;
}

void journal_free(struct journal *j)
{
    for (size_t i = 0; i < j->count; i++) free(j->entries[i].variables);
    j->count = 0;
}

/* ---- variables ---- */

static bool is_secret(const char *name)
{
    static const char *const words[] = {"secret", "token", "password", "passphrase", "credential", "apikey", "privatekey"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(name, words[i])) return true;
    return !strcasecmp(name, "key");
}

static json_t *masked(const json_t *value)
{
    const char *name;
    json_t *member;
    if (json_is_array(value)) {
        json_t *copy = json_array();
        for (size_t at = 0; at < json_array_size(value); at++) json_array_append_new(copy, masked(json_array_get(value, at)));
        return copy;
    }
    if (!json_is_object(value)) return json_incref((json_t *)(uintptr_t)value);
    json_t *copy = json_object();
    json_object_foreach((json_t *)(uintptr_t)value, name, member)
    {
        bool hide = is_secret(name) && !json_is_null(member);
        json_object_set_new(copy, name, hide ? json_string("***") : masked(member));
    }
    return copy;
}

void journal_variables(struct api_log_entry *e, const json_t *variables)
{
    if (json_object_size(variables) == 0) return;
    json_t *copy = masked(variables);
    char *text = json_dumps(copy, JSON_INDENT(2) | JSON_SORT_KEYS);
    json_decref(copy);
    size_t n = text ? strlen(text) : 0;
    if (n > VARIABLES_MAX) n = VARIABLES_MAX;
    while (n > 0 && text[n] && ((unsigned char)text[n] & 0xC0) == 0x80) n--;
    if (n) e->variables = xasprintf("%.*s%s", (int)n, text, text[n] ? " ... (cut)" : "");
    free(text);
}

void journal_say(struct api_log_entry *e, const char *message)
{
    size_t n = strlen(message);
    if (n >= sizeof e->message) n = sizeof e->message - 1;
    while (n > 0 && message[n] && ((unsigned char)message[n] & 0xC0) == 0x80) n--;
    memcpy(e->message, message, n);
    e->message[n] = '\0';
}
