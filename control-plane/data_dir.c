#include "control-plane/data_dir.h"

#include "base/die.h"

#include <dirent.h>
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

static bool make_parents(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int made = mkdir(path, 0700);
        *slash = '/';
        if (made != 0 && errno != EEXIST) return false;
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

/* An empty directory, or one that was ours before: not /tmp or a home. */
static bool ours_to_close(const char *path)
{
    char *db = data_dir_file(path, "control-plane.db");
    bool ours = access(db, F_OK) == 0;
    free(db);
    if (ours) return true;
    DIR *d = opendir(path);
    if (!d) return false;
    unsigned names = 0;
    while (readdir(d)) names++;
    closedir(d);
    return names <= 2;
}

bool data_dir_make(const char *path, uid_t *owner, char **problem)
{
    char *copy = xstrdup(path);
    struct stat st;
    bool there = make_parents(copy) && stat(path, &st) == 0;
    free(copy);
    if (there && !S_ISDIR(st.st_mode)) {
        *problem = xasprintf("%s is not a directory", path);
        return false;
    }
    if (there && geteuid() != 0 && st.st_uid != geteuid()) {
        *problem = xasprintf("%s belongs to user %ld", path, (long)st.st_uid);
        return false;
    }
    if (there && (st.st_mode & 077) && !ours_to_close(path)) {
        *problem = xasprintf("%s is open to others and holds other things: choose a directory of its own", path);
        return false;
    }
    if (!there || ((st.st_mode & 077) && chmod(path, 0700) != 0)) {
        *problem = xasprintf("cannot use %s: %s", path, strerror(errno));
        return false;
    }
    *owner = st.st_uid;
    return true;
}

char *data_dir_file(const char *directory, const char *name) { return xasprintf("%s/%s", directory, name); }
