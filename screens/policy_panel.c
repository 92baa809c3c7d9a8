#include "screens/policy_panel.h"

#include "base/die.h"
#include "screens/bulk.h"
#include "screens/format.h"
#include "screens/overview.h"
#include "screens/policy_facts.h"
#include "screens/text.h"

#include <stdio.h>
#include <stdlib.h>

static enum policy_verb verb_of(const struct bulk *b) { return (enum policy_verb)b->order.verb; }

/* ---- requests ---- */

static const char *refused(const struct bulk *b, const struct bulk_item *i)
{
    const char *viewer = json_string_value(api_at(overview_server(app_overview(b->v.app)), "viewer.id"));
    return policy_verb_refused(verb_of(b), bulk_node(i), viewer ? viewer : "", policy_four_eyes(i->data));
}

static json_t *effect_of(const struct bulk *b, const struct bulk_item *i)
{
    json_t *v = json_pack("{ss}", "id", i->id);
    if (verb_of(b) != VERB_ROLL_BACK) return v;
    json_object_set_new(v, "to", json_integer(b->order.argument));
    json_object_set_new(v, "compare", json_true());
    return v;
}

static json_t *request(struct bulk *b, struct bulk_item *i, const char **operation)
{
    json_t *v = json_pack("{ss}", "id", i->id);
    *operation = policy_verb_operation(verb_of(b));
    if (policy_verb_names_hash(verb_of(b))) json_object_set(v, "contentHash", json_object_get(bulk_node(i), "contentHash"));
    if (b->text) json_object_set_new(v, "reason", json_string(b->text));
    if (verb_of(b) == VERB_ROLL_BACK) json_object_set_new(v, "version", json_integer(b->order.argument));
    return v;
}

/* ---- lines ---- */

static void row(const struct bulk *b, const struct bulk_item *i, struct bulk_row *row)
{
    char money[FORMAT_SIZE];
    double usd = api_number(bulk_node(i), "preview.removedAtMost.usdPerYear", 0);
    (void)b;
    if (!(usd > 0)) return;
    format_money(money, usd);
    snprintf(row->effect, sizeof row->effect, "%s", money);
    row->unit = " a year less at most";
}

/* What the person is about to decide on, as one text and its hash. */
static void paint_subject(struct bulk *b, const json_t *node, int y)
{
    char text[100], *name = text_cut(api_text(b->texts, node, "name"), term_columns() - 46);
    const char *hash = api_text(b->texts, node, "contentHash");
    int x = bulk_add(y, 2, ROLE_TITLE, name);
    long long version = api_integer(node, "version", 0);
    if (verb_of(b) == VERB_ROLL_BACK)
        snprintf(text, sizeof text, "%sversion %lld back to %lld%scontent ", text_dot(), version, (long long)b->order.argument, text_dot());
    else snprintf(text, sizeof text, "%sversion %lld%scontent ", text_dot(), version, text_dot());
    x = bulk_add(y, x, ROLE_DIM, text);
    snprintf(text, sizeof text, "%.12s", hash ? hash : "");
    bulk_add(y, x, ROLE_INFO, text);
    free(name);
}

static void paint_changes(struct bulk *b, const json_t *node, int y, int lines)
{
    const json_t *changes = json_object_get(node, "changes");
    size_t count = json_array_size(changes);
    for (size_t i = 0; i < count && (int)i < lines; i++) {
        const json_t *c = json_array_get(changes, i);
        char *line = policy_change_text(b->texts, c);
        bulk_add(y + (int)i, 2, ROLE_DIM, i == 0 ? "changes" : "");
        bulk_add(y + (int)i, 11, ROLE_TEXT, (int)i == lines - 1 && count > (size_t)lines ? "more; the policy's screen shows all" : line);
        free(line);
    }
}

/* Of a policy that was never approved everything would be a change. */
static int change_lines(const json_t *node)
{
    if (!api_at(node, "approvedVersion")) return 0;
    size_t n = json_array_size(json_object_get(node, "changes"));
    return n > 4 ? 4 : (int)n;
}

static bool shows_changes(enum policy_verb v) { return v == VERB_APPROVE || v == VERB_ROLL_BACK; }
static bool shows_effect(enum policy_verb v) { return v != VERB_REJECT; }

static int single_lines(const struct bulk *b)
{
    const json_t *node = bulk_node(&b->items[0]);
    return 1 + (shows_effect(verb_of(b)) ? 2 : 0) + (verb_of(b) == VERB_ROLL_BACK) + (shows_changes(verb_of(b)) ? change_lines(node) : 0);
}

static void paint_single(struct bulk *b, int y)
{
    const json_t *node = bulk_node(&b->items[0]);
    paint_subject(b, node, y++);
    if (shows_effect(verb_of(b))) {
        struct buf text;
        buf_init(&text, 1000);
        policy_effect_text(&text, json_object_get(node, "preview"));
        bulk_add(y, 2, ROLE_DIM, verb_of(b) == VERB_DISABLE ? "gives up" : "removes");
        bulk_add(y++, 11, ROLE_MONEY, buf_view(&text).ptr);
        buf_clear(&text);
        if (verb_of(b) == VERB_ROLL_BACK) {
            policy_effect_text(&text, json_object_get(node, "now"));
            bulk_add(y, 2, ROLE_DIM, "now");
            bulk_add(y++, 11, ROLE_MONEY, buf_view(&text).ptr);
            buf_clear(&text);
        }
        policy_matches_text(&text, json_object_get(node, "preview"));
        bulk_add(y, 2, ROLE_DIM, "matches");
        bulk_add(y++, 11, ROLE_TEXT, buf_view(&text).ptr);
        buf_free(&text);
    }
    if (shows_changes(verb_of(b))) paint_changes(b, node, y, change_lines(node));
}

static bool sum(const struct bulk *b, const char **label, char *text, size_t size)
{
    double usd = 0, records = 0;
    char money[FORMAT_SIZE], count[FORMAT_SIZE];
    if (!shows_effect(verb_of(b))) return false;
    for (size_t i = 0; i < b->count; i++) {
        if (b->items[i].state == BULK_LEFT_OUT) continue;
        usd += api_number(bulk_node(&b->items[i]), "preview.removedAtMost.usdPerYear", 0);
        records += api_number(bulk_node(&b->items[i]), "preview.removedAtMost.recordsPerYear", 0);
    }
    format_money(money, usd);
    format_count(count, records);
    snprintf(text, size, "%s records and %s a year at most, each policy taken by itself", count, money);
    *label = verb_of(b) == VERB_DISABLE ? "gives up" : "removes";
    return true;
}

static const struct bulk_ops ops = {
    .resource = &resource_policies,
    .load = "PolicyEffect",
    .load_variables = effect_of,
    .refused = refused,
    .request = request,
    .row = row,
    .sum = sum,
    .single_lines = single_lines,
    .single_paint = paint_single,
};

void policy_panel_open(struct app *app, enum policy_verb verb, char **ids, size_t count, int64_t version)
{
    bulk_open(app, &(struct bulk_order){
                       .ops = &ops, .words = policy_verb_words(verb), .ids = ids, .count = count, .verb = (int)verb, .argument = version});
}
