#include "control-plane/api/leaves.h"
#include "control-plane/api/resolvers.h"

void measures_answer(struct gql_call *call, struct measures measures)
{
    struct measures *m = arena_alloc(gql_arena(call), sizeof *m);
    if (!m) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    *m = measures;
    gql_object(call, m);
}

void windows_answer(struct gql_call *call, const struct measured *m) { measures_answer(call, (struct measures){.measured = m}); }

void health_answer(struct gql_call *call, bool enabled, bool active)
{
    gql_string(call, !enabled ? SLICE("DISABLED") : active ? SLICE("OK") : SLICE("INACTIVE"));
}

static const struct measures *of(struct gql_call *call) { return gql_parent(call); }

static void events_rate(struct gql_call *call) { leaf_rate(call, of(call)->measured->rate_events, 1e6); }
static void bytes_rate(struct gql_call *call) { leaf_rate(call, of(call)->measured->rate_bytes, 1e3); }
static void total_usd(struct gql_call *call) { gql_float(call, usd_per_hour(of(call)->measured->cost)); }

static void bytes_usd(struct gql_call *call)
{
    const struct account *a = request_account(context_of(call));
    if (a) gql_float(call, (double)of(call)->measured->rate_bytes / 1e3 / 1e9 * (double)a->price_gb / 1e6);
    else gql_null(call);
}

static void volume_usd(struct gql_call *call)
{
    const struct account *a = request_account(context_of(call));
    if (a) gql_float(call, (double)of(call)->measured->rate_events / 1e6 / 1e6 * (double)a->price_million / 1e6);
    else gql_null(call);
}

static void severity_rate(struct gql_call *call, int first, int second)
{
    const struct measures *m = of(call);
    if (m->week_severity) gql_float(call, (double)(m->week_severity[first] + (second ? m->week_severity[second] : 0)) / (double)m->hours);
    else gql_float(call, m->severity_rates[first] + (second ? m->severity_rates[second] : 0));
}

static void debug_rate(struct gql_call *call) { severity_rate(call, 1, 2); }
static void info_rate(struct gql_call *call) { severity_rate(call, 3, 0); }
static void warn_rate(struct gql_call *call) { severity_rate(call, 4, 0); }
static void error_rate(struct gql_call *call) { severity_rate(call, 5, 6); }
static void other_rate(struct gql_call *call) { severity_rate(call, 0, 0); }

static void day_events(struct gql_call *call) { gql_int(call, of(call)->measured->day.events); }
static void day_bytes(struct gql_call *call) { gql_int(call, of(call)->measured->day.bytes); }
static void week_events(struct gql_call *call) { gql_int(call, of(call)->measured->week.events); }
static void week_bytes(struct gql_call *call) { gql_int(call, of(call)->measured->week.bytes); }
static void month_events(struct gql_call *call) { gql_int(call, of(call)->measured->month.events); }
static void month_bytes(struct gql_call *call) { gql_int(call, of(call)->measured->month.bytes); }

const struct gql_binding measure_bindings[] = {
    {"StatusMeasurementTotals", "eventsPerHour", events_rate},
    {"StatusMeasurementTotals", "bytesPerHour", bytes_rate},
    {"StatusMeasurementTotals", "bytesUsdPerHour", bytes_usd},
    {"StatusMeasurementTotals", "volumeUsdPerHour", volume_usd},
    {"StatusMeasurementTotals", "totalUsdPerHour", total_usd},
    {"StatusServiceTotals", "eventsPerHour", events_rate},
    {"StatusServiceTotals", "volumeUsdPerHour", volume_usd},
    {"StatusSeverityTotals", "debugEventsPerHour", debug_rate},
    {"StatusSeverityTotals", "infoEventsPerHour", info_rate},
    {"StatusSeverityTotals", "warnEventsPerHour", warn_rate},
    {"StatusSeverityTotals", "errorEventsPerHour", error_rate},
    {"StatusSeverityTotals", "otherEventsPerHour", other_rate},
    {"CountWindows", "dayEventCount", day_events},
    {"CountWindows", "dayByteCount", day_bytes},
    {"CountWindows", "weekEventCount", week_events},
    {"CountWindows", "weekByteCount", week_bytes},
    {"CountWindows", "monthEventCount", month_events},
    {"CountWindows", "monthByteCount", month_bytes},
    {NULL, NULL, NULL},
};
