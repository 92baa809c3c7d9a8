/* tero-console policy lint, diff and print. */
#ifndef CONSOLE_POLICY_TEXT_H
#define CONSOLE_POLICY_TEXT_H

int policy_lint_files(int argc, char **argv);
int policy_diff_files(int argc, char **argv);
int policy_print_files(int argc, char **argv);

#endif
