/* Policy files of a command line. */
#ifndef CONSOLE_POLICY_FILES_H
#define CONSOLE_POLICY_FILES_H

#include "policy/policy.h"

/* The whole file ("-": stdin) into an empty buf. False: one line on stderr was written. */
bool file_read(const char *path, struct buf *text);
/* Adds the file's policies. "*.pb", "*.bin": protobuf; "*.json": JSON; everything else by its first bytes. False: a line on stderr. What is
 * no policy text at all is an error of the set, not of this call. */
bool policy_file_read(struct policy_set *set, const char *path);
/* One line on stderr for each text of the set that could not be read; whether there was none. */
bool policy_files_complain(const struct policy_set *set);

#endif
