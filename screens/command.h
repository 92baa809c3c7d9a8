/* The `:` prompt. */
#ifndef SCREENS_COMMAND_H
#define SCREENS_COMMAND_H

/* "  :events [FILTER]     ..." of the n-th command, NULL beyond the last; static, until the next call. */
const char *command_help(int n);
/* Lines on the filter language. */
const char *filter_help(int n);

#endif
