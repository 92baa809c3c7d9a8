#include "control-plane/store/directory.h"

#include "base/die.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool make_path(const char *path)
{
    char *copy = xstrdup(path);
    bool ok = true;
    for (char *p = copy + 1; ok && *p; p++) {
        if (*p != '/') continue;
        *p = '\0';
        ok = mkdir(copy, 0700) == 0 || errno == EEXIST || errno == EROFS || errno == EACCES;
        *p = '/';
    }
    ok = ok && (mkdir(copy, 0700) == 0 || errno == EEXIST);
    int saved = errno;
    free(copy);
    errno = saved;
    return ok;
}

/* True where the directory holds nothing but what a console puts there before its control plane runs. */
static bool holds_only_ours(const char *directory)
{
    static const char *const ours[] = {".", "..", "consoles", "log", "lock"};
    DIR *d = opendir(directory);
    bool only = d != NULL;
    for (struct dirent *e; only && (e = readdir(d));) {
        only = false;
        for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) only = only || !strcmp(e->d_name, ours[i]);
    }
    if (d) closedir(d);
    return only;
}

static bool make_private(const char *directory, const char *database, char **problem)
{
    struct stat st;
    if (stat(directory, &st) != 0 || !S_ISDIR(st.st_mode)) {
        *problem = xasprintf("%s: %s", directory, S_ISDIR(st.st_mode) ? strerror(errno) : "not a directory");
        return false;
    }
    if ((st.st_mode & 077) == 0) return true;
    if (access(database, F_OK) != 0 && !holds_only_ours(directory)) {
        *problem = xasprintf("%s: holds other files and is open to other users (mode %03o); give the control plane a directory of its own",
                             directory, (unsigned)st.st_mode & 07777);
        return false;
    }
    if (chmod(directory, 0700) == 0) return true;
    *problem = xasprintf("%s: cannot make it private: %s", directory, strerror(errno));
    return false;
}

static void holder(int fd, char out[32])
{
    ssize_t n = pread(fd, out, 31, 0);
    out[n > 0 ? n : 0] = '\0';
    out[strcspn(out, "\n")] = '\0';
}

static int take_lock(const char *directory, char **problem)
{
    char *path = xasprintf("%s/lock", directory);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        *problem = xasprintf("%s: %s", path, strerror(errno));
    } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        char pid[32];
        holder(fd, pid);
        *problem = xasprintf("%s: in use by another control plane%s%s", directory, *pid ? ", process " : "", pid);
        close(fd);
        fd = -1;
    } else if (ftruncate(fd, 0) == 0) {
        dprintf(fd, "%ld\n", (long)getpid());
    }
    free(path);
    return fd;
}

static bool make_database(const char *database, char **problem)
{
    int fd = open(database, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && fchmod(fd, 0600) == 0) {
        close(fd);
        return true;
    }
    *problem = xasprintf("%s: %s", database, strerror(errno));
    if (fd >= 0) close(fd);
    return false;
}

int directory_take(const char *directory, const char *database, char **problem)
{
    if (!make_path(directory)) {
        *problem = xasprintf("%s: %s", directory, strerror(errno));
        return -1;
    }
    if (!make_private(directory, database, problem)) return -1;
    int lock = take_lock(directory, problem);
    if (lock < 0) return -1;
    if (make_database(database, problem)) return lock;
    close(lock);
    return -1;
}
