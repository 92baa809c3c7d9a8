#include "screens/policy_facts.h"

#include "api-client/api.h"
#include "base/die.h"
#include "screens/format.h"
#include "screens/text.h"
#include "tui/paint.h"

#include <string.h>

/* "78.9K to 114K", or one figure where both read the same. */
static void range(struct buf *out, const json_t *least, const json_t *most, const char *path, void (*format)(char *, double))
{
    char low[FORMAT_SIZE], high[FORMAT_SIZE];
    format(low, api_number(least, path, 0));
    format(high, api_number(most, path, 0));
    if (strcmp(low, high) != 0) buf_printf(out, "%s to ", low);
    buf_str(out, high);
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
    range(out, least, most, "recordsPerYear", format_count);
    buf_printf(out, " records%s", text_dot());
    range(out, least, most, "bytesPerYear", format_bytes);
    buf_str(out, text_dot());
    range(out, least, most, "usdPerYear", format_money);
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
