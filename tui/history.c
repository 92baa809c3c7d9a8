#include "tui/history.h"

#include "base/die.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>

static unsigned limit = 500;

void history_limit(unsigned lines) { limit = lines; }

static bool absolute(const char *path) { return path && path[0] == '/'; }

/* The folder, made where it is missing; NULL: there is no place. xmalloc'd. */
static char *folder(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    char *path = NULL;
    if (absolute(state)) path = xasprintf("%s/tero", state);
    else if (absolute(home)) path = xasprintf("%s/.local/state/tero", home);
    if (!path) return NULL;
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    if (mkdir(path, 0700) == 0 || errno == EEXIST) return path;
    free(path);
    return NULL;
}

static char *file_of(const char *name)
{
    char *dir = name && limit ? folder() : NULL, *path = dir ? xasprintf("%s/history-%s", dir, name) : NULL;
    free(dir);
    return path;
}

void history_open(const char *name)
{
    char *path = file_of(name);
    clear_history();
    using_history();
    if (path) read_history(path);
    stifle_history((int)limit);
    using_history();
    free(path);
}

static void forget(const char *line)
{
    for (int i = history_length - 1; i >= 0; i--) {
        HIST_ENTRY *entry = history_get(history_base + i);
        if (!entry || strcmp(entry->line, line) != 0) continue;
        entry = remove_history(i);
        if (entry) free_history_entry(entry);
    }
}

static void write_file(const char *path)
{
    char *part = xasprintf("%s.%ld", path, (long)getpid());
    mode_t mask = umask(0077);
    bool ok = write_history(part) == 0;
    umask(mask);
    if (!ok || chmod(part, 0600) || rename(part, path)) unlink(part);
    free(part);
}

void history_keep(const char *name, const char *line)
{
    char *path = file_of(name);
    if (!path) return;
    forget(line);
    add_history(line);
    write_file(path);
    free(path);
}
