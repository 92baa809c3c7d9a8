/* tero-console policy eval: OTLP JSON in, the same document under policies and their statistics out.
 * policy preview: only what each policy would do, as a table. */
#ifndef CONSOLE_POLICY_EVAL_H
#define CONSOLE_POLICY_EVAL_H

int policy_eval(int argc, char **argv);
int policy_preview(int argc, char **argv);

#endif
