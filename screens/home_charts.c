#include "screens/home_charts.h"

#include "api-client/api.h"
#include "base/utf8.h"
#include "screens/facts.h"
#include "screens/format.h"
#include "screens/text.h"
#include "tui/term.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOURS = 24, NAMED = 4, SERIES = NAMED + 1, COSTS_MAX = 100, BINS = 5, GRID_MAX = 8000, NAME_MAX_SHOWN = 20 };

static const enum role series_roles[SERIES] = {ROLE_CHART, ROLE_CHART_2, ROLE_CHART_3, ROLE_CHART_4, ROLE_CHART_REST};

struct spend {
    double hours[SERIES][HOURS], sums[SERIES], total;
    char names[SERIES][80];
    int count, points;
};

/* ---- spend over time ---- */

/* Two digits that count; cents stay whole. */
static void label_money(char out[32], double usd)
{
    int digits = usd > 0 ? (int)(1 - floor(log10(usd))) : 0;
    if (usd >= 100) {
        format_money(out, usd);
        return;
    }
    digits = usd >= 10 || usd <= 0 || (usd >= 1 && fabs(usd - round(usd)) < 0.005) ? 0 : digits < 2 ? 2 : digits > 8 ? 8 : digits;
    snprintf(out, 32, "$%.*f", digits, usd);
    for (size_t n = strlen(out); digits > 2 && out[n - 1] == '0'; digits--) out[--n] = '\0';
}

static double cost_of(const json_t *point, const json_t *pricing)
{
    const char *quality = json_string_value(json_object_get(point, "quality"));
    double records = api_number(point, "logCount", NAN), bytes = api_number(point, "estimatedBytes", 0);
    if (quality && !strcmp(quality, "MISSING")) return NAN;
    return bytes / 1e9 * api_number(pricing, "usdPerGB", 0) + records / 1e6 * api_number(pricing, "usdPerMillionEvents", 0);
}

static int read_hours(double out[HOURS], const json_t *volume, const json_t *pricing)
{
    const json_t *points = json_object_get(volume, "points");
    int n = (int)json_array_size(points);
    if (n > HOURS) n = HOURS;
    for (int i = 0; i < n; i++) out[i] = cost_of(json_array_get(points, (size_t)i), pricing);
    return n;
}

static void set_name(char out[80], const char *name)
{
    char *cut = text_cut(name, NAME_MAX_SHOWN);
    struct buf clean;
    buf_init(&clean, 79);
    utf8_clean(&clean, slice_str(cut));
    snprintf(out, 80, "%s", clean.data ? clean.data : "");
    buf_free(&clean);
    free(cut);
}

static void add_service(struct spend *s, const json_t *node, const json_t *pricing)
{
    const char *name = json_string_value(json_object_get(node, "name"));
    int n = read_hours(s->hours[s->count], json_object_get(node, "logVolume"), pricing);
    if (n == 0) return;
    set_name(s->names[s->count], name ? name : "");
    s->count++;
}

/* What the named services leave of the whole. */
static void add_rest(struct spend *s, const double all[HOURS], int points)
{
    double *rest = s->hours[s->count];
    for (int i = 0; i < points; i++) {
        rest[i] = all[i];
        for (int k = 0; k < s->count; k++) rest[i] -= s->hours[k][i] > 0 ? s->hours[k][i] : 0;
        if (rest[i] < all[i] * 1e-6) rest[i] = isnan(all[i]) ? NAN : 0;
    }
    snprintf(s->names[s->count], sizeof s->names[0], "%s", s->count ? "rest" : "all services");
    s->count++;
}

static void sum_up(struct spend *s)
{
    for (int k = 0; k < s->count; k++)
        for (int i = 0; i < s->points; i++)
            if (s->hours[k][i] > 0) s->sums[k] += s->hours[k][i];
    for (int k = 0; k < s->count; k++) s->total += s->sums[k];
}

static void swap(struct spend *s, int a, int b)
{
    struct spend copy = *s;
    memcpy(s->hours[a], copy.hours[b], sizeof s->hours[a]);
    memcpy(s->hours[b], copy.hours[a], sizeof s->hours[b]);
    memcpy(s->names[a], copy.names[b], sizeof s->names[a]);
    memcpy(s->names[b], copy.names[a], sizeof s->names[b]);
    s->sums[a] = copy.sums[b];
    s->sums[b] = copy.sums[a];
}

/* Largest first; the rest stays last. */
static void sort(struct spend *s)
{
    for (int i = 0; i + 2 < s->count; i++)
        for (int k = i + 1; k + 1 < s->count; k++)
            if (s->sums[k] > s->sums[i]) swap(s, i, k);
}

static void read_spend(struct spend *s, const json_t *account, const json_t *charts, size_t named)
{
    double all[HOURS] = {0};
    const json_t *pricing = json_object_get(account, "pricing"), *edges = api_at(charts, "services.edges");
    *s = (struct spend){0};
    s->points = read_hours(all, json_object_get(account, "logVolume"), pricing);
    for (size_t i = 0; i < named && i < json_array_size(edges); i++)
        add_service(s, json_object_get(json_array_get(edges, i), "node"), pricing);
    if (s->points) add_rest(s, all, s->points);
    sum_up(s);
    sort(s);
}

static enum role role_of(const struct spend *s, int i) { return i + 1 < s->count || s->count == 1 ? series_roles[i] : ROLE_CHART_REST; }
static int pattern_of(const struct spend *s, int i) { return i + 1 < s->count || s->count == 1 ? i : NAMED; }

static void span_pattern(struct sheet *sheet, int column, enum role role, int pattern)
{
    struct buf text;
    buf_init(&text, 8);
    utf8_put(&text, chart_pattern(chart_form(false), pattern));
    sheet_span(sheet, column, role, text.data);
    buf_free(&text);
}

static void share_text(char out[16], double part, double total)
{
    double percent = total > 0 ? 100 * part / total : 0;
    snprintf(out, 16, percent > 0 && percent < 1 ? " <1%%" : " %.0f%%", percent);
}

static void add_legend(struct sheet *sheet, const struct spend *s, int width)
{
    int column = SHEET_LABEL;
    for (int i = 0; i < s->count; i++) {
        char share[16];
        if (!(s->sums[i] > 0)) continue;
        share_text(share, s->sums[i], s->total);
        int wide = 2 + text_width(s->names[i]) + text_width(share) + 2;
        if (column + wide > width && column > SHEET_LABEL) {
            sheet_end(sheet);
            column = SHEET_LABEL;
        }
        if (!term_plain()) span_pattern(sheet, column, role_of(s, i), pattern_of(s, i));
        sheet_span(sheet, column + 2, ROLE_TEXT, s->names[i]);
        sheet_span(sheet, -1, ROLE_DIM, share);
        column += wide;
    }
    sheet_end(sheet);
}

static void add_plain(struct sheet *sheet, const struct spend *s)
{
    for (int i = 0; i < s->count; i++) {
        char sum[FORMAT_SIZE], share[16];
        if (!(s->sums[i] > 0)) continue;
        label_money(sum, s->sums[i]);
        share_text(share, s->sums[i], s->total);
        sheet_span(sheet, SHEET_LABEL, ROLE_TEXT, s->names[i]);
        sheet_span_right(sheet, SHEET_LABEL + NAME_MAX_SHOWN + 12, ROLE_MONEY, sum);
        sheet_span(sheet, -1, ROLE_DIM, share);
        sheet_end(sheet);
    }
}

static void add_picture(struct sheet *sheet, const struct spend *s, const json_t *account, int width, int height)
{
    struct chart_cell *cells = calloc(GRID_MAX, sizeof *cells);
    struct chart_grid g = {width - 2 * SHEET_LABEL, height, cells};
    struct chart_series series[SERIES];
    char from[40];
    if (!cells || g.width < 1 || g.width > GRID_MAX / height) {
        free(cells);
        return;
    }
    for (int i = 0; i < s->count; i++) series[i] = (struct chart_series){s->names[i], role_of(s, i), s->hours[i], pattern_of(s, i)};
    facts_date(from, sizeof from, api_time(json_array_get(api_at(account, "logVolume.points"), 0), "start"));
    chart_time(&g, &(struct chart_time){chart_form(false), series, s->count, (size_t)s->points, label_money, from, "now"});
    sheet_grid(sheet, SHEET_LABEL, &g);
    free(cells);
}

void home_spend(struct sheet *sheet, const json_t *account, const json_t *charts, int width, int height)
{
    struct spend s;
    char sum[FORMAT_SIZE];
    read_spend(&s, account, charts, width >= 100 ? NAMED : NAMED - 1);
    label_money(sum, s.total);
    sheet_span(sheet, SHEET_LABEL, ROLE_HEADING, "Spend by service, last 24 hours");
    sheet_span(sheet, -1, ROLE_DIM, text_dot());
    sheet_span(sheet, -1, ROLE_MONEY, sum);
    sheet_span(sheet, -1, ROLE_DIM, " in all");
    if (width >= 76) sheet_span(sheet, -1, ROLE_DIM, text_dot());
    if (width >= 76) sheet_span(sheet, -1, ROLE_DIM, "USD an hour");
    sheet_end(sheet);
    if (!(s.total > 0)) {
        sheet_note(sheet, ROLE_DIM, "nothing came in within this time");
    } else if (term_plain()) {
        add_plain(sheet, &s);
    } else {
        add_picture(sheet, &s, account, width, height);
        add_legend(sheet, &s, width);
    }
}

/* ---- shares ---- */

static int bar_width(int width) { return width >= 100 ? 30 : width >= 76 ? 20 : 10; }

static void span_bar(struct sheet *s, enum role role, double value, double total, int width)
{
    if (!term_plain()) sheet_gauge(s, SHEET_VALUE, bar_width(width), role, value, total);
    sheet_at(s, term_plain() ? SHEET_VALUE : SHEET_VALUE + bar_width(width) + 2);
}

static double yearly(const json_t *account, const char *path) { return api_number(account, path, 0) * HOURS_PER_YEAR; }

void home_savings(struct sheet *s, const json_t *account, int width)
{
    char money[FORMAT_SIZE], share[24];
    double spend = yearly(account, "status.current.totals.totalUsdPerHour"), saving = yearly(account, "savings.potential.totalUsdPerHour");
    double verified = yearly(account, "savings.verified.totalUsdPerHour");
    if (!(saving > 0) || !(spend > 0)) return;
    if (saving > spend) saving = spend;
    format_money(money, saving);
    snprintf(share, sizeof share, "%.0f%%", 100 * saving / spend);
    sheet_span(s, SHEET_LABEL, ROLE_DIM, "recoverable");
    span_bar(s, ROLE_GOOD, saving, spend, width);
    sheet_span(s, -1, ROLE_MONEY, money);
    sheet_span(s, -1, ROLE_DIM, " a year");
    sheet_span(s, -1, ROLE_DIM, text_dot());
    sheet_span(s, -1, ROLE_TEXT, share);
    sheet_span(s, -1, ROLE_DIM, " of the spend");
    if (verified > 0) {
        format_money(money, verified);
        sheet_span(s, -1, ROLE_DIM, text_dot());
        sheet_span(s, -1, ROLE_GOOD, money);
        sheet_span(s, -1, ROLE_DIM, " saved already");
    }
    sheet_end(s);
}

static size_t read_costs(const json_t *charts, double out[COSTS_MAX])
{
    const json_t *edges = api_at(charts, "logEvents.edges");
    size_t n = json_array_size(edges);
    if (n > COSTS_MAX) n = COSTS_MAX;
    for (size_t i = 0; i < n; i++) out[i] = api_number(json_array_get(edges, i), "node.status.current.totalUsdPerHour", 0) * HOURS_PER_YEAR;
    return n;
}

static double first_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += values[i];
    return sum;
}

void home_share(struct sheet *s, const json_t *account, const json_t *charts, int width)
{
    double costs[COSTS_MAX], total = yearly(account, "status.current.totals.totalUsdPerHour");
    size_t n = read_costs(charts, costs), few = chart_share(costs, n, total, 0.8);
    char text[80];
    if (n == 0 || !(total > 0)) return;
    if (few > n) few = n;
    double share = first_of(costs, few) / total;
    snprintf(text, sizeof text, "%zu of %lld log events make %.0f%% of the cost", few,
             (long long)api_integer(charts, "logEvents.totalCount", (int64_t)n), fmin(100 * share, 100));
    sheet_span(s, SHEET_LABEL, ROLE_DIM, "cost lies in");
    span_bar(s, ROLE_CHART, share, 1, width);
    sheet_span(s, -1, ROLE_TEXT, text);
    sheet_end(s);
}

static void add_bin(struct sheet *s, double from, double to, double count, double most, int width)
{
    char low[FORMAT_SIZE], high[FORMAT_SIZE], number[32];
    label_money(low, from);
    label_money(high, to);
    snprintf(number, sizeof number, "%.0f", count);
    sheet_span_right(s, SHEET_LABEL + 8, ROLE_TEXT, low);
    sheet_span(s, SHEET_LABEL + 9, ROLE_DIM, "to");
    sheet_span_right(s, SHEET_LABEL + 19, ROLE_TEXT, high);
    sheet_span_right(s, SHEET_LABEL + 25, ROLE_TEXT, number);
    int room = width - SHEET_LABEL - 30;
    if (!term_plain() && room > 4) sheet_bar(s, SHEET_LABEL + 27, room > 60 ? 60 : room, ROLE_CHART, count, most);
    sheet_end(s);
}

void home_distribution(struct sheet *s, const json_t *charts, int width)
{
    double costs[COSTS_MAX], counts[BINS], edges[BINS + 1], most = 0;
    size_t n = read_costs(charts, costs);
    char text[100];
    if (n < 8 || !chart_histogram(costs, n, BINS, counts, edges)) return;
    snprintf(text, sizeof text, "How much log events cost a year (the %zu that cost most)", n);
    sheet_blank(s);
    sheet_heading(s, text);
    for (int i = 0; i < BINS; i++) most = fmax(most, counts[i]);
    for (int i = BINS - 1; i >= 0; i--) add_bin(s, edges[i], edges[i + 1], counts[i], most, width);
}
