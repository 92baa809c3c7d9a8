#include "screens/text.h"

#include "base/die.h"
#include "tui/term.h"

#include <string.h>
#include <strings.h>

const char *text_dot(void) { return term_utf8() ? " \xc2\xb7 " : " - "; }

enum role text_severity_role(const char *severity)
{
    static const struct {
        const char *name;
        enum role role;
    } roles[] = {{"error", ROLE_SEV_ERROR}, {"fatal", ROLE_SEV_ERROR}, {"warn", ROLE_SEV_WARN},
                 {"info", ROLE_SEV_INFO},   {"debug", ROLE_SEV_DEBUG}, {"trace", ROLE_SEV_DEBUG}};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (!strncasecmp(severity, roles[i].name, strlen(roles[i].name))) return roles[i].role;
    return ROLE_DIM;
}

char *filter_for_service(const char *name) { return xasprintf("service:\"=%s\"", name); }
