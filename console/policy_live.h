/* tero-console policy preview --live: records as they come in, before and after a policy, masked, for a while. */
#ifndef CONSOLE_POLICY_LIVE_H
#define CONSOLE_POLICY_LIVE_H

#include <stdbool.h>

bool policy_live_wanted(int argc, char **argv);
int policy_live(int argc, char **argv);

#endif
