/* The settings as texts made from their table: JSON Schema, the sample file, the lists of docs/config.md. */
#ifndef CONSOLE_CONFIG_TEXT_H
#define CONSOLE_CONFIG_TEXT_H

#include "base/buf.h"

enum { CONFIG_TEXT_MAX = 1 << 20 };

/* JSON Schema (draft 2020-12) of the settings file. */
void config_schema(struct buf *out);
/* A settings file in which every setting stands as a comment, with what it means and its default. */
void config_sample(struct buf *out);
/* What docs/config.md ends with: a table of the settings, and the sample. */
void config_markdown(struct buf *out);

#endif
