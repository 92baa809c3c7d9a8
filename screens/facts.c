#include "screens/facts.h"

#include "api-client/api.h"
#include "base/die.h"
#include "base/utf8.h"
#include "screens/format.h"
#include "screens/text.h"
#include "tui/term.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { POINTS_MAX = 200 };

static const struct {
    const char *name, *path;
    enum role role;
} severities[] = {
    {"error", "errorEventsPerHour", ROLE_SEV_ERROR}, {"warn", "warnEventsPerHour", ROLE_SEV_WARN},
    {"info", "infoEventsPerHour", ROLE_SEV_INFO},    {"debug", "debugEventsPerHour", ROLE_SEV_DEBUG},
    {"other", "otherEventsPerHour", ROLE_DIM},
};
enum { SEVERITY_COUNT = sizeof severities / sizeof *severities };

void facts_date(char *out, size_t size, int64_t ns)
{
    time_t seconds = (time_t)(ns / 1000000000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    if (!strftime(out, size, "%b %d %H:%M UTC", &tm)) *out = '\0';
}

void facts_rates(struct sheet *s, const char *label, const json_t *current)
{
    char rate[FORMAT_SIZE], bytes[FORMAT_SIZE], money[FORMAT_SIZE];
    double per_hour = api_number(current, "eventsPerHour", 0);
    sheet_span(s, SHEET_LABEL, ROLE_DIM, label);
    if (!(per_hour > 0)) {
        sheet_span(s, SHEET_VALUE, ROLE_DIM, "no records within 7 days");
        sheet_end(s);
        return;
    }
    format_count(rate, per_hour);
    format_bytes(bytes, api_number(current, "bytesPerHour", 0) * HOURS_PER_MONTH);
    format_money(money, api_number(current, "totalUsdPerHour", 0) * HOURS_PER_YEAR);
    sheet_span(s, SHEET_VALUE, ROLE_TEXT, rate);
    sheet_span(s, -1, ROLE_DIM, " records/h");
    sheet_span(s, -1, ROLE_DIM, text_dot());
    sheet_span(s, -1, ROLE_TEXT, bytes);
    sheet_span(s, -1, ROLE_DIM, " a month");
    sheet_span(s, -1, ROLE_DIM, text_dot());
    sheet_span(s, -1, ROLE_MONEY, money);
    sheet_span(s, -1, ROLE_DIM, " a year");
    sheet_end(s);
}

static void volume_row(struct sheet *s, const char *label, const json_t *node, const char *const paths[4], void (*format)(char *, double))
{
    sheet_span(s, SHEET_LABEL, ROLE_DIM, label);
    for (int i = 0; i < 4; i++) {
        char text[FORMAT_SIZE] = "-";
        double n = api_number(node, paths[i], NAN);
        if (!isnan(n)) format(text, n);
        sheet_span_right(s, SHEET_VALUE + 9 + 11 * i, ROLE_TEXT, text);
    }
    sheet_end(s);
}

void facts_volume(struct sheet *s, const json_t *node)
{
    static const char *const titles[] = {"24 hours", "7 days", "30 days", "ever"};
    static const char *const events[] = {"windows.dayEventCount", "windows.weekEventCount", "windows.monthEventCount", "eventCount"};
    static const char *const bytes[] = {"windows.dayByteCount", "windows.weekByteCount", "windows.monthByteCount", "byteCount"};
    for (int i = 0; i < 4; i++) sheet_span_right(s, SHEET_VALUE + 9 + 11 * i, ROLE_DIM, titles[i]);
    sheet_end(s);
    volume_row(s, "records", node, events, format_count);
    volume_row(s, "bytes", node, bytes, format_bytes);
}

void facts_seen(struct sheet *s, const json_t *node, int64_t now_ns)
{
    char age[FORMAT_SIZE], date[40];
    int64_t first = api_time(node, "firstSeenAt"), last = api_time(node, "lastSeenAt");
    if (!first || !last) return;
    facts_date(date, sizeof date, first);
    sheet_span(s, SHEET_LABEL, ROLE_DIM, "seen");
    sheet_span(s, SHEET_VALUE, ROLE_DIM, "first ");
    sheet_span(s, -1, ROLE_TEXT, date);
    facts_date(date, sizeof date, last);
    format_age(age, last, now_ns);
    sheet_span(s, -1, ROLE_DIM, text_dot());
    sheet_span(s, -1, ROLE_DIM, "last ");
    sheet_span(s, -1, ROLE_TEXT, date);
    sheet_span(s, -1, ROLE_DIM, text_dot());
    sheet_span(s, -1, ROLE_TEXT, age);
    sheet_end(s);
}

static void severity_row(struct sheet *s, int i, double rate, double total, int width)
{
    char text[FORMAT_SIZE], share[16];
    format_count(text, rate);
    snprintf(share, sizeof share, "%.*f%%", rate / total < 0.001 ? 2 : rate / total < 0.1 ? 1 : 0, 100 * rate / total);
    sheet_span(s, SHEET_LABEL, severities[i].role, severities[i].name);
    sheet_span_right(s, SHEET_VALUE + 6, ROLE_TEXT, text);
    sheet_span(s, -1, ROLE_DIM, "/h");
    sheet_span_right(s, SHEET_VALUE + 16, ROLE_DIM, share);
    int room = width - SHEET_VALUE - 20;
    if (!term_plain()) sheet_bar(s, SHEET_VALUE + 18, room < 10 ? 10 : room > 50 ? 50 : room, severities[i].role, rate, total);
    sheet_end(s);
}

static double rates_of(const json_t *severity, double rates[SEVERITY_COUNT])
{
    double total = 0;
    for (int i = 0; i < SEVERITY_COUNT; i++) total += rates[i] = api_number(severity, severities[i].path, 0);
    return total;
}

void facts_severity(struct sheet *s, const json_t *severity, int width)
{
    double rates[SEVERITY_COUNT], total = rates_of(severity, rates);
    if (!(total > 0)) return;
    sheet_heading(s, "Severity of its records, per hour");
    for (int i = 0; i < SEVERITY_COUNT; i++)
        if (rates[i] > 0) severity_row(s, i, rates[i], total, width);
    sheet_blank(s);
}

/* Gives the column after the bar. */
static int segments(struct sheet *s, const double rates[SEVERITY_COUNT], int wide)
{
    enum role roles[SEVERITY_COUNT];
    struct chart_cell cells[40];
    struct chart_grid g = {wide, 1, cells};
    for (int i = 0; i < SEVERITY_COUNT; i++) roles[i] = severities[i].role;
    chart_parts(&g, chart_form(false), roles, rates, SEVERITY_COUNT);
    sheet_cells(s, SHEET_VALUE, &g);
    return SHEET_VALUE + wide;
}

/* Its pattern in the bar, so that colours are not needed to find it. */
static void span_legend(struct sheet *s, int column, int severity)
{
    struct buf text;
    buf_init(&text, 80);
    if (!term_plain()) utf8_put(&text, chart_pattern(chart_form(false), severity));
    buf_printf(&text, "%s%s", term_plain() ? "" : " ", severities[severity].name);
    sheet_span(s, column, severities[severity].role, text.data);
    buf_free(&text);
}

void facts_severity_line(struct sheet *s, const json_t *severity, int width)
{
    double rates[SEVERITY_COUNT], total = rates_of(severity, rates);
    char share[40];
    if (!(total > 0)) return;
    sheet_span(s, SHEET_LABEL, ROLE_DIM, "severity");
    int column = term_plain() ? SHEET_VALUE - 2 : segments(s, rates, width >= 100 ? 24 : 12);
    for (int i = 0; i < SEVERITY_COUNT; i++) {
        if (!(rates[i] > 0)) continue;
        double part = 100 * rates[i] / total;
        snprintf(share, sizeof share, part < 0.1 ? " <0.1%%" : part < 10 ? " %.1f%%" : " %.0f%%", part);
        span_legend(s, column + 2, i);
        sheet_span(s, -1, ROLE_TEXT, share);
        column += 2 + (term_plain() ? 0 : 2) + text_width(severities[i].name) + text_width(share);
    }
    sheet_end(s);
}

/* ---- chart ---- */

static size_t points(const json_t *volume, double *values, double *peak, double *total)
{
    const json_t *list = json_object_get(volume, "points");
    size_t count = 0;
    *peak = *total = 0;
    while (count < POINTS_MAX && count < json_array_size(list)) {
        const json_t *point = json_array_get(list, count);
        const char *quality = json_string_value(json_object_get(point, "quality"));
        double n = quality && !strcmp(quality, "MISSING") ? NAN : api_number(point, "logCount", NAN);
        values[count++] = n;
        if (isnan(n)) continue;
        *total += n;
        if (n > *peak) *peak = n;
    }
    return count;
}

static void chart_title(struct sheet *s, enum window window, double peak, double total)
{
    static const char *const names[] = {"last 24 hours", "last 7 days", "last 30 days"}, *const buckets[] = {"1h buckets", "1h buckets",
                                                                                                             "1d buckets"};
    char sum[FORMAT_SIZE], top[FORMAT_SIZE];
    format_count(sum, total);
    format_count(top, peak);
    sheet_span(s, SHEET_LABEL, ROLE_HEADING, "Records, ");
    sheet_span(s, -1, ROLE_HEADING, names[window]);
    sheet_span(s, -1, ROLE_DIM, text_dot());
    sheet_span(s, -1, ROLE_TEXT, sum);
    sheet_span(s, -1, ROLE_DIM, " records");
    sheet_span(s, -1, ROLE_DIM, text_dot());
    sheet_span(s, -1, ROLE_DIM, buckets[window]);
    sheet_span(s, -1, ROLE_DIM, text_dot());
    sheet_span(s, -1, ROLE_DIM, "peak ");
    sheet_span(s, -1, ROLE_TEXT, top);
    sheet_end(s);
}

static void label_count(char out[32], double value) { format_count(out, value); }

static void legend(struct sheet *s, enum chart_form form, const struct chart_series *series, int count)
{
    for (int i = 0; i < count; i++) {
        struct buf text;
        buf_init(&text, 80);
        buf_str(&text, "  ");
        utf8_put(&text, chart_pattern(form, series[i].pattern));
        sheet_span(s, i ? -1 : 0, series[i].role, text.data);
        sheet_span(s, -1, ROLE_DIM, " ");
        sheet_span(s, -1, ROLE_TEXT, series[i].name);
        buf_free(&text);
    }
    sheet_end(s);
}

void facts_picture(struct sheet *s, const struct chart_series *series, int count, size_t points, int64_t from_ns, int width, int height)
{
    char from[40];
    if (term_plain() || width < 20) return;
    struct chart_cell *cells = xcalloc((size_t)width * (size_t)(height + 1), sizeof *cells);
    struct chart_grid g = {width - 2 * SHEET_LABEL, height + 1, cells};
    enum chart_form form = chart_form(count == 1 && (int)points > g.width - 8);
    facts_date(from, sizeof from, from_ns);
    chart_time(&g, &(struct chart_time){form, series, count, points, label_count, from, "now"});
    sheet_grid(s, SHEET_LABEL, &g);
    if (count > 1) legend(s, form, series, count);
    free(cells);
}

/* The same in words: a line a point, or a day where there are many. */
static void chart_table(struct sheet *s, const json_t *volume, const double *values, size_t count)
{
    size_t each = count > 31 ? 24 : 1;
    for (size_t i = 0; i < count; i += each) {
        char date[40], text[FORMAT_SIZE];
        double sum = 0;
        for (size_t k = i; k < i + each && k < count; k++) sum += values[k] > 0 ? values[k] : 0;
        facts_date(date, sizeof date, api_time(json_array_get(json_object_get(volume, "points"), i), "start"));
        format_count(text, sum);
        sheet_span(s, SHEET_LABEL, ROLE_DIM, date);
        sheet_span_right(s, SHEET_LABEL + 30, ROLE_TEXT, text);
        sheet_end(s);
    }
}

void facts_chart(struct sheet *s, const json_t *volume, enum window window, int width, int height)
{
    double values[POINTS_MAX], peak, total;
    size_t count = points(volume, values, &peak, &total);
    if (count == 0) return;
    chart_title(s, window, peak, total);
    if (!(peak > 0)) {
        sheet_span(s, SHEET_LABEL, ROLE_DIM, "no records in this time");
        sheet_end(s);
        return;
    }
    struct chart_series series = {"records", ROLE_CHART, values, 0};
    if (term_plain()) chart_table(s, volume, values, count);
    facts_picture(s, &series, 1, count, api_time(json_array_get(json_object_get(volume, "points"), 0), "start"), width, height);
}
