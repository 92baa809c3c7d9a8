/* The commands of tero-control-plane. Each gets its own name as argv[0] and gives the exit code:
 * 0 done, 1 usage or I/O, 2 failing. */
#ifndef CONTROL_PLANE_COMMANDS_H
#define CONTROL_PLANE_COMMANDS_H

int serve_command(int argc, char **argv);
int ingest_command(int argc, char **argv);
int patterns_command(int argc, char **argv);
int bundle_command(int argc, char **argv);
int demo_command(int argc, char **argv);

#endif
