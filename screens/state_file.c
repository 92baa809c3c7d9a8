#include "screens/state_file.h"

#include "base/die.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

char *state_file_path(const char *name)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && *state == '/') return xasprintf("%s/tero/%s", state, name);
    return home && *home == '/' ? xasprintf("%s/.local/state/tero/%s", home, name) : xstrdup("");
}

bool state_file_read(const char *name, struct buf *text)
{
    char piece[4096], *path = state_file_path(name);
    ssize_t n = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    free(path);
    if (fd < 0) return errno == ENOENT;
    while (!text->full && (n = read(fd, piece, sizeof piece)) > 0) buf_add(text, piece, (size_t)n);
    int error = text->full ? EFBIG : n < 0 ? errno : 0;
    close(fd);
    errno = error;
    return !error;
}

static void make_folders(const char *path)
{
    char *copy = xstrdup(path);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(copy, 0700);
        *slash = '/';
    }
    free(copy);
}

int state_file_lock(const char *name)
{
    char *path = state_file_path(name);
    if (!*path) {
        free(path);
        errno = 0;
        return -1;
    }
    make_folders(path);
    char *lock_path = xasprintf("%s.lock", path);
    int lock = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock >= 0 && flock(lock, LOCK_EX) != 0) close(lock), lock = -1;
    free(path);
    free(lock_path);
    return lock;
}

void state_file_unlock(int lock)
{
    if (lock >= 0) close(lock);
}

bool state_file_write(const char *name, const struct buf *text)
{
    char *path = state_file_path(name), *part = xasprintf("%s.%ld", path, (long)getpid());
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (out && text->len) fwrite(text->data, 1, text->len, out);
    bool ok = out && fflush(out) == 0 && !ferror(out) && fsync(fd) == 0 && rename(part, path) == 0;
    int error = errno;
    if (out) fclose(out);
    if (!ok) unlink(part);
    free(path);
    free(part);
    errno = error;
    return ok;
}
