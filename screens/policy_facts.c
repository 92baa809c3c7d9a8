#include "screens/policy_facts.h"

#include "api-client/api.h"
#include "base/die.h"
#include "screens/format.h"
#include "screens/text.h"
#include "tui/paint.h"

#include <math.h>

static void amount(struct buf *out, const json_t *a)
{
    char records[FORMAT_SIZE], bytes[FORMAT_SIZE], money[FORMAT_SIZE];
    format_count(records, api_number(a, "recordsPerYear", 0));
    format_bytes(bytes, api_number(a, "bytesPerYear", 0));
    format_money(money, api_number(a, "usdPerYear", 0));
    buf_printf(out, "%s records%s%s%s%s", records, text_dot(), bytes, text_dot(), money);
}

static bool same(const json_t *a, const json_t *b)
{
    return fabs(api_number(a, "recordsPerYear", 0) - api_number(b, "recordsPerYear", 0)) < 0.5 &&
           fabs(api_number(a, "usdPerYear", 0) - api_number(b, "usdPerYear", 0)) < 0.5;
}

void policy_effect_text(struct buf *out, const json_t *preview)
{
    const json_t *least = api_at(preview, "removedAtLeast"), *most = api_at(preview, "removedAtMost");
    if (!most) {
        buf_str(out, "not known: there is no preview of it");
        return;
    }
    if (!(api_number(most, "recordsPerYear", 0) > 0)) {
        buf_str(out, "nothing at the rates of the last 7 days");
        return;
    }
    if (same(least, most)) {
        amount(out, most);
        buf_str(out, " a year");
        return;
    }
    if (api_number(least, "recordsPerYear", 0) > 0) {
        buf_str(out, "from ");
        amount(out, least);
    } else {
        buf_str(out, "from nothing");
    }
    buf_str(out, " up to ");
    amount(out, most);
    buf_str(out, " a year");
}

void policy_matches_text(struct buf *out, const json_t *preview)
{
    long certain = (long)api_integer(preview, "certain.eventCount", -1), possible = (long)api_integer(preview, "possible.eventCount", -1);
    if (certain < 0) buf_str(out, "not known");
    else if (certain == 0 && possible == 0) buf_str(out, "no log event of the catalog");
    else buf_printf(out, "%ld log event%s for certain, %ld possibly", certain, certain == 1 ? "" : "s", possible);
}

char *policy_change_text(struct arena *a, const json_t *change)
{
    const char *place = api_text(a, change, "place"), *before = api_text(a, change, "before"), *after = api_text(a, change, "after");
    if (!place || !*place) place = "policy";
    if (!before) before = "";
    if (!after) after = "";
    if (!*before) return xasprintf("%s: + %s", place, after);
    if (!*after) return xasprintf("%s: - %s", place, before);
    return xasprintf("%s: %s %s %s", place, before, glyph(GLYPH_ARROW), after);
}
