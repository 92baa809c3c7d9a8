#include "control-plane/data_dir.h"

#include "base/die.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *home(void)
{
    const char *given = getenv("HOME");
    if (given && given[0] == '/') return given;
    struct passwd *user = getpwuid(getuid());
    return user ? user->pw_dir : NULL;
}

static char *chosen(const char *option)
{
    const char *env = getenv("TERO_DATA"), *xdg = getenv("XDG_DATA_HOME");
    if (option && *option) return xstrdup(option);
    if (env && *env) return xstrdup(env);
    if (xdg && xdg[0] == '/') return xasprintf("%s/tero", xdg);
    const char *directory = home();
    return directory ? xasprintf("%s/.local/share/tero", directory) : NULL;
}

static void trim(char *path)
{
    for (size_t n = strlen(path); n > 1 && path[n - 1] == '/'; n--) path[n - 1] = '\0';
}

char *data_dir_path(const char *option, char **problem)
{
    char *path = chosen(option), *here, *whole;
    if (!path) {
        *problem = xstrdup("there is no home directory; say where to keep the data with --data DIR");
        return NULL;
    }
    trim(path);
    if (path[0] == '/') return path;
    here = getcwd(NULL, 0);
    if (!here) {
        *problem = xasprintf("%s: cannot tell the current directory: %s", path, strerror(errno));
        free(path);
        return NULL;
    }
    whole = xasprintf("%s/%s", here, path);
    free(here);
    free(path);
    return whole;
}

bool data_dir_owner(const char *path, uid_t *owner, char **problem)
{
    struct stat st;
    *owner = geteuid();
    if (stat(path, &st) != 0) {
        if (errno == ENOENT) return true;
        *problem = xasprintf("%s: %s", path, strerror(errno));
        return false;
    }
    *owner = st.st_uid;
    if (geteuid() == 0 || st.st_uid == geteuid()) return true;
    *problem = xasprintf("%s belongs to user %ld", path, (long)st.st_uid);
    return false;
}

char *data_dir_file(const char *directory, const char *name) { return xasprintf("%s/%s", directory, name); }
