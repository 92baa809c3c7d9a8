/* tero-console policy ...: what can be done with policy files without a control plane.
 *
 * argv[0] is "policy". Gives the exit code: EXIT_FINE, EXIT_USAGE (also I/O), EXIT_FAILING (errors found, or the files differ). */
#ifndef CONSOLE_POLICY_COMMAND_H
#define CONSOLE_POLICY_COMMAND_H

int policy_command(int argc, char **argv);

#endif
