#include "screens/service_act.h"

#include "screens/bulk.h"
#include "screens/facts.h"
#include "screens/format.h"
#include "screens/views.h"

#include <stdio.h>

static const struct bulk_words words[] = {
    {.word = "disable",
     .doing = "disabling",
     .done = "disabled",
     .consequence = "",
     .effect = "It counts as spend no more.",
     .effects = "They count as spend no more."},
    {.word = "enable",
     .doing = "enabling",
     .done = "enabled",
     .consequence = "",
     .effect = "It counts as spend again.",
     .effects = "They count as spend again."},
};

static const char *refused(const struct bulk *b, const struct bulk_item *i)
{
    if (api_bool(bulk_node(i), "enabled", true) != (b->order.verb != 0)) return NULL;
    return b->order.verb ? "it is enabled" : "it is disabled";
}

static json_t *request(struct bulk *b, struct bulk_item *i, const char **operation)
{
    *operation = "SetServiceEnabled";
    return json_pack("{sssb}", "id", i->id, "enabled", b->order.verb);
}

static double cost_of(const struct bulk_item *i)
{
    return api_number(bulk_node(i), "statusSummary.current.totalUsdPerHour", 0) * HOURS_PER_YEAR;
}

static void row(const struct bulk *b, const struct bulk_item *i, struct bulk_row *row)
{
    char money[FORMAT_SIZE];
    (void)b;
    format_money(money, cost_of(i));
    snprintf(row->effect, sizeof row->effect, "%s", money);
    row->unit = " a year";
}

static bool sum(const struct bulk *b, const char **label, char *text, size_t size)
{
    double usd = 0;
    char money[FORMAT_SIZE];
    for (size_t i = 0; i < b->count; i++)
        if (b->items[i].state != BULK_LEFT_OUT) usd += cost_of(&b->items[i]);
    format_money(money, usd);
    snprintf(text, size, "%s a year together", money);
    *label = "cost";
    return true;
}

static const struct bulk_ops ops = {
    .resource = &resource_services,
    .load = "ServiceEffect",
    .refused = refused,
    .request = request,
    .row = row,
    .sum = sum,
};

void service_turn(struct app *app, char **ids, size_t count, bool on)
{
    bulk_open(app, &(struct bulk_order){.ops = &ops, .words = &words[on], .ids = ids, .count = count, .verb = on});
}

bool service_list_action(struct view *list, int action)
{
    size_t count;
    if (action != ACT_ENABLE) return false;
    char **ids = bulk_ids(list, &count);
    service_turn(list->app, ids, count, !api_bool(list_view_node(list), "enabled", true));
    return true;
}

const char *service_list_disabled(const struct view *list, int action) { return action == ACT_ENABLE ? bulk_ids_refused(list) : NULL; }
