#include "console/file_replace.h"

#include "base/die.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PART = 8192 };

static bool take(int fd, struct buf *text)
{
    struct stat st;
    if (fstat(fd, &st) != 0) return false;
    errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
    if (!S_ISREG(st.st_mode)) return false;
    for (;;) {
        char bytes[PART];
        ssize_t n = read(fd, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n == 0;
        buf_add(text, bytes, (size_t)n);
        errno = EFBIG;
        if (text->full) return false;
    }
}

bool file_text(const char *path, struct buf *text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) return false;
    bool good = take(fd, text);
    int error = errno;
    close(fd);
    errno = error;
    return good;
}

static void make_directories(const char *path)
{
    char *copy = xstrdup(path);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(copy, 0700);
        *slash = '/';
    }
    free(copy);
}

static bool put(int fd, const char *text, mode_t mode)
{
    size_t len = strlen(text);
    while (len) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        text += n;
        len -= (size_t)n;
    }
    return fchmod(fd, mode) == 0 && fsync(fd) == 0;
}

static void sync_directory(const char *path)
{
    char *directory = xstrndup(path, (size_t)(strrchr(path, '/') - path) + 1);
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    free(directory);
}

static bool replace(const char *target, const char *text)
{
    struct stat st;
    char *part = xasprintf("%s.XXXXXX", target);
    mode_t mode = stat(target, &st) == 0 ? st.st_mode & 0777 : 0600;
    int fd = mkostemp(part, O_CLOEXEC);
    bool good = fd >= 0 && put(fd, text, mode);
    int error = errno;
    if (fd >= 0 && close(fd) != 0 && good) good = false, error = errno;
    if (good && rename(part, target) != 0) good = false, error = errno;
    if (!good && fd >= 0) unlink(part);
    if (good) sync_directory(target);
    free(part);
    errno = error;
    return good;
}

bool file_replace(const char *path, const char *text, char **problem)
{
    make_directories(path);
    char *real = realpath(path, NULL);
    bool good = replace(real ? real : path, text);
    if (!good) *problem = xasprintf("%s: %s", path, strerror(errno));
    free(real);
    return good;
}
