/* tero-console config edit: the settings file in $VISUAL or $EDITOR, checked before it takes its place. */
#ifndef CONSOLE_CONFIG_EDIT_H
#define CONSOLE_CONFIG_EDIT_H

#include "console/options.h"

/* A file that is not there begins as the sample. What has errors is shown with them and can be edited again; what is given up is kept
 * beside the file as FILE.rejected. */
int config_edit(const struct options *typed);

#endif
