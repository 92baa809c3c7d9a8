#include "screens/outcome.h"

#include "api-client/api.h"
#include "base/die.h"
#include "screens/facts.h"
#include "screens/format.h"
#include "screens/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- impact ---- */

static const struct {
    const char *state, *word;
    enum role role;
} states[] = {
    {"WAITING_FOR_EDGE", "waiting for an edge", ROLE_WARN},
    {"TOO_EARLY", "too early to tell", ROLE_INFO},
    {"VERIFIED", "verified", ROLE_GOOD},
    {"NOT_SEEN", "not seen", ROLE_WARN},
    {"REGRESSED", "regressed", ROLE_BAD},
};

static const char *text_at(struct arena *texts, const json_t *value, const char *path)
{
    const char *text = api_text(texts, value, path);
    return text ? text : "";
}

static void volume_text(const json_t *impact, char *out, size_t size)
{
    char before[FORMAT_SIZE], after[FORMAT_SIZE];
    double then = api_number(impact, "eventsPerHourBefore", -1), now = api_number(impact, "eventsPerHourAfter", -1);
    if (then < 0) return;
    format_count(before, then);
    format_count(after, now);
    snprintf(out, size, "%s%s records an hour before, %s now", text_dot(), before, now < 0 ? "not known" : after);
}

void outcome_impact(struct sheet *s, struct arena *texts, const json_t *impact, int width)
{
    char hits[FORMAT_SIZE], volume[160] = "", text[300];
    const char *state = text_at(texts, impact, "state"), *reason = text_at(texts, impact, "reason");
    size_t at = 0;
    if (!*state) return;
    while (at + 1 < sizeof states / sizeof *states && strcmp(state, states[at].state) != 0) at++;
    sheet_span(s, SHEET_LABEL, ROLE_DIM, "impact");
    sheet_span(s, SHEET_VALUE, states[at].role, states[at].word);
    sheet_end(s);
    sheet_wrapped(s, "", ROLE_DIM, reason, width);
    format_count(hits, api_number(impact, "matchHits", 0));
    volume_text(impact, volume, sizeof volume);
    snprintf(text, sizeof text, "%ld of %ld edges carry it%s%s matches%s", (long)api_integer(impact, "edgeCount", 0),
             (long)api_integer(impact, "capableEdgeCount", 0), text_dot(), hits, volume);
    sheet_wrapped(s, "", ROLE_TEXT, text, width);
}

/* ---- audit ---- */

static enum role action_role(const char *action)
{
    static const char *const good[] = {"approve", "enable", "reopen", "propose"}, *const bad[] = {"reject", "disable", "delete", "ignore"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!strcmp(action, good[i])) return ROLE_GOOD;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (!strcmp(action, bad[i])) return ROLE_BAD;
    return ROLE_TEXT;
}

/* A value as a few characters, from an object of fields. */
static char *value_text(struct arena *texts, const json_t *fields, const char *name)
{
    const json_t *v = json_object_get(fields, name);
    if (!v || json_is_null(v)) return xstrdup("none");
    if (json_is_string(v)) return xasprintf("%.*s", strcmp(name, "contentHash") == 0 ? 12 : 60, text_at(texts, fields, name));
    if (json_is_integer(v)) return xasprintf("%lld", (long long)json_integer_value(v));
    return xstrdup(json_is_true(v) ? "yes" : json_is_false(v) ? "no" : "...");
}

/* "state PROPOSED to ACTIVE · version 1 to 2": the fields that differ. Names are the control plane's own. */
static char *difference(struct arena *texts, const json_t *before, const json_t *after)
{
    const char *name;
    const json_t *value;
    struct buf out;
    buf_init(&out, 600);
    json_object_foreach((json_t *)(uintptr_t)after, name, value)
    {
        if (json_equal(json_object_get(before, name), value) ||
            strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") != strlen(name))
            continue;
        char *old = value_text(texts, before, name), *new = value_text(texts, after, name);
        if (out.len) buf_str(&out, text_dot());
        if (before) buf_printf(&out, "%s %s to %s", name, old, new);
        else buf_printf(&out, "%s %s", name, new);
        free(old);
        free(new);
    }
    char *made = xstrndup(out.data ? out.data : "", out.len);
    buf_free(&out);
    return made;
}

static void entry_lines(struct sheet *s, struct arena *texts, const json_t *e, int width)
{
    char date[40];
    const char *action = text_at(texts, e, "action"), *word = strchr(action, '.');
    const json_t *before = json_object_get(e, "before"), *after = json_object_get(e, "after");
    char *changed = difference(texts, json_is_object(before) ? before : NULL, after);
    facts_date(date, sizeof date, api_time(e, "at"));
    word = word ? word + 1 : action;
    sheet_span(s, SHEET_LABEL, ROLE_DIM, date);
    sheet_span(s, 20, action_role(word), word);
    sheet_span(s, 36, ROLE_TEXT, text_at(texts, e, "actor"));
    sheet_end(s);
    if (*changed) sheet_wrapped(s, "", ROLE_DIM, changed, width);
    const char *reason = text_at(texts, e, "reason");
    if (*reason) sheet_wrapped(s, "", ROLE_TEXT, reason, width);
    free(changed);
}

void outcome_audit(struct sheet *s, struct arena *texts, const json_t *entries, int width)
{
    const json_t *list = json_object_get(entries, "edges");
    size_t n = json_array_size(list);
    long total = (long)api_integer(entries, "totalCount", (int64_t)n);
    char text[80];
    for (size_t i = 0; i < n; i++) entry_lines(s, texts, json_object_get(json_array_get(list, i), "node"), width);
    if (n == 0) sheet_note(s, ROLE_DIM, "Nothing was done to it yet.");
    if (total <= (long)n) return;
    snprintf(text, sizeof text, "%ld older entries are not shown", total - (long)n);
    sheet_note(s, ROLE_DIM, text);
}
