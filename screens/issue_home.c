#include "screens/issue.h"

#include "screens/facts.h"
#include "screens/format.h"
#include "screens/text.h"

#include <stdio.h>
#include <stdlib.h>

static long long count_of(const json_t *buckets, const char *severity)
{
    for (size_t i = 0; i < json_array_size(buckets); i++) {
        const char *value = json_string_value(json_object_get(json_array_get(buckets, i), "value"));
        if (value && !strcmp(value, severity)) return (long long)api_integer(json_array_get(buckets, i), "count", 0);
    }
    return 0;
}

static void span_severities(struct sheet *s, const json_t *buckets)
{
    static const char *const severities[] = {"high", "medium", "low"};
    char count[32];
    for (size_t i = 0; i < sizeof severities / sizeof *severities; i++) {
        long long n = count_of(buckets, severities[i]);
        if (n == 0) continue;
        snprintf(count, sizeof count, "%lld ", n);
        sheet_span(s, -1, ROLE_DIM, text_dot());
        sheet_span(s, -1, ROLE_TEXT, count);
        sheet_span(s, -1, text_severity_role(severities[i]), severities[i]);
    }
}

/* Their policies are proposed and wait for somebody's approval. */
static void span_waiting(struct sheet *s, int64_t waiting)
{
    char text[60];
    if (waiting <= 0) return;
    snprintf(text, sizeof text, "%lld wait for approval", (long long)waiting);
    sheet_span(s, -1, ROLE_DIM, text_dot());
    sheet_span(s, -1, ROLE_WARN, text);
}

static void span_savings(struct sheet *s, const json_t *savings, const char *which, const char *words)
{
    char money[FORMAT_SIZE];
    double usd = api_number(json_object_get(savings, which), "totalUsdPerHour", 0) * HOURS_PER_YEAR;
    if (!(usd > 0)) return;
    format_money(money, usd);
    sheet_span(s, -1, ROLE_DIM, text_dot());
    sheet_span(s, -1, ROLE_MONEY, money);
    sheet_span(s, -1, ROLE_DIM, words);
}

void issue_home_line(struct sheet *s, const json_t *home)
{
    char text[48];
    long long open = (long long)api_integer(home, "issues.totalCount", -1);
    const json_t *savings = api_at(home, "accounts.edges.0.node.savings");
    if (open < 0) return;
    snprintf(text, sizeof text, open ? "%lld open" : "none open", open);
    sheet_span(s, SHEET_LABEL, ROLE_DIM, "issues");
    sheet_span(s, SHEET_VALUE, open ? ROLE_WARN : ROLE_GOOD, text);
    span_severities(s, api_at(home, "issues.facets.priorities.buckets"));
    span_waiting(s, api_integer(home, "waiting.totalCount", 0));
    span_savings(s, savings, "potential", "/yr to recover");
    span_savings(s, savings, "verified", "/yr saved");
    sheet_end(s);
}

void issue_home_row(struct sheet *s, struct arena *texts, const json_t *issue, int width)
{
    char money[FORMAT_SIZE];
    const char *severity = api_text(texts, issue, "priority");
    char *title = text_cut(api_text(texts, issue, "title"), width - SHEET_LABEL - 46);
    char *service = text_cut(api_text(texts, issue, "service.name"), 18);
    format_money(money, api_number(issue, "savings.totalUsdPerHour", 0) * HOURS_PER_YEAR);
    sheet_span(s, SHEET_LABEL, text_severity_role(severity), severity);
    sheet_span(s, SHEET_LABEL + 8, ROLE_TEXT, title);
    sheet_span(s, width - 34, ROLE_DIM, service);
    sheet_span_right(s, width - 5, ROLE_MONEY, money);
    sheet_span(s, -1, ROLE_DIM, "/yr");
    free(title);
    free(service);
}
