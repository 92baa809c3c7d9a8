/* The prompt's histories: readline's list, kept in files under $XDG_STATE_HOME/tero (0700, files 0600). Private to
 * tui/. */
#ifndef TUI_HISTORY_H
#define TUI_HISTORY_H

/* How many lines of each are kept, 500 unless told; 0: no file is read or written. */
void history_limit(unsigned lines);
/* Makes the named history readline's; NULL: an empty one. */
void history_open(const char *name);
/* Adds a line (its former occurrences go) and writes the file whole; failing to write costs only the memory of it. */
void history_keep(const char *name, const char *line);

#endif
