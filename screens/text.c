#include "screens/text.h"

#include "base/die.h"
#include "tui/glyph.h"
#include "tui/paint.h"
#include "tui/term.h"

#include <string.h>
#include <strings.h>

const char *text_dot(void) { return glyph_is_ascii() ? " - " : " \xc2\xb7 "; }

enum role text_severity_role(const char *severity)
{
    static const struct {
        const char *name;
        enum role role;
    } roles[] = {{"error", ROLE_SEV_ERROR}, {"fatal", ROLE_SEV_ERROR}, {"warn", ROLE_SEV_WARN},
                 {"info", ROLE_SEV_INFO},   {"debug", ROLE_SEV_DEBUG}, {"trace", ROLE_SEV_DEBUG},
                 {"high", ROLE_SEV_ERROR},  {"medium", ROLE_SEV_WARN}, {"low", ROLE_SEV_INFO}};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (!strncasecmp(severity, roles[i].name, strlen(roles[i].name))) return roles[i].role;
    return ROLE_DIM;
}

enum role text_state_role(const char *state)
{
    static const struct {
        const char *name;
        enum role role;
    } roles[] = {
        {"proposed", ROLE_WARN}, {"active", ROLE_GOOD},  {"approved", ROLE_INFO}, {"disabled", ROLE_DIM},  {"superseded", ROLE_DIM},
        {"draft", ROLE_INFO},    {"high", ROLE_BAD},     {"medium", ROLE_WARN},   {"low", ROLE_GOOD},      {"behind", ROLE_BAD},
        {"never", ROLE_BAD},     {"in sync", ROLE_GOOD}, {"sent", ROLE_WARN},     {"log event", ROLE_DIM}, {"manual", ROLE_DIM},
    };
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (!strcmp(state, roles[i].name)) return roles[i].role;
    return ROLE_TEXT;
}

/* A name that needs quotes is looked for as a part of the name: in quotes every character stands for itself. */
char *filter_for_service(const char *name)
{
    struct buf out;
    if (!strpbrk(name, " \t\"\\*,")) return xasprintf("service:=%s", name);
    buf_init(&out, 4096);
    buf_str(&out, "service:\"");
    for (const char *c = name; *c; c++) {
        if (*c == '"' || *c == '\\') buf_char(&out, '\\');
        buf_char(&out, *c);
    }
    buf_char(&out, '"');
    return out.data;
}

char *text_cut(const char *text, int width)
{
    if (width < 0) width = 0;
    if (text_width(text) <= width) return xstrdup(text);
    size_t fits = text_fit(text, width > 0 ? width - 1 : 0);
    return xasprintf("%.*s%s", (int)fits, text, width > 0 ? glyph(GLYPH_ELLIPSIS) : "");
}
