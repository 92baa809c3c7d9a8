/* `tero-console themes`: the themes, the roles and what they are for; as Markdown it is docs/themes.md. */
#ifndef CONSOLE_THEMES_COMMAND_H
#define CONSOLE_THEMES_COMMAND_H

#include "base/buf.h"
#include "console/options.h"

void themes_text(struct buf *out, bool markdown);
int themes_command(const struct options *o);

#endif
