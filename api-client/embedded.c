#include "api-client/api.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STARTS_MAX = 5, LOG_MAX = 1 << 20, LEAVE_SECONDS = 10 };

/* One a process: the lock lives as long as the process does. */
static struct {
    char *directory, *program, *frozen /* NULL: it lives */;
    int lock;
    bool locked;
    pid_t child; /* ours and not reaped; 0: none */
    unsigned starts;
    int64_t first_start, last_start; /* monotonic */
    int exit_status;
} embedded = {.lock = -1};

char *embedded_directory(void)
{
    const char *own = getenv("TERO_DATA"), *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (own && *own) return xstrdup(own);
    if (data && *data == '/') return xasprintf("%s/tero", data);
    return xasprintf("%s/.local/share/tero", home && *home ? home : "");
}

char *embedded_socket(const char *directory) { return xasprintf("%s/control-plane.sock", directory); }

static bool make_directory(const char *directory, char **problem)
{
    char *path = xstrdup(directory);
    for (char *at = path + 1; (at = strchr(at, '/')); at++) {
        *at = '\0';
        (void)mkdir(path, 0755);
        *at = '/';
    }
    free(path);
    struct stat st;
    if (mkdir(directory, 0700) == 0) return true;
    if (errno == EEXIST && stat(directory, &st) == 0 && S_ISDIR(st.st_mode)) return true;
    *problem = xasprintf("%s: %s", directory, strerror(errno));
    return false;
}

static bool try_lock(void)
{
    if (!embedded.locked) embedded.locked = flock(embedded.lock, LOCK_SH | LOCK_NB) == 0;
    return embedded.locked;
}

static bool open_lock(char **problem)
{
    char *path = xasprintf("%s/consoles", embedded.directory);
    embedded.lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (embedded.lock < 0) *problem = xasprintf("%s: %s", path, strerror(errno));
    free(path);
    if (embedded.lock < 0) return false;
    try_lock();
    return true;
}

static bool answers(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char *path = embedded_socket(embedded.directory);
    bool fits = strlen(path) < sizeof address.sun_path, ok = false;
    int fd = fits ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) : -1;
    if (fd >= 0) {
        memcpy(address.sun_path, path, strlen(path));
        ok = connect(fd, (struct sockaddr *)&address, sizeof address) == 0 || errno == EAGAIN || errno == EINPROGRESS;
        close(fd);
    }
    free(path);
    return ok;
}

static char *find_beside(void)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n <= 0) return NULL;
    self[n] = '\0';
    char *slash = strrchr(self, '/');
    char *path = slash ? xasprintf("%.*s/tero-control-plane", (int)(slash - self), self) : NULL;
    if (path && access(path, X_OK) == 0) return path;
    free(path);
    return NULL;
}

static char *find_on_path(void)
{
    const char *at = getenv("PATH");
    while (at && *at) {
        size_t n = strcspn(at, ":");
        char *path = n ? xasprintf("%.*s/tero-control-plane", (int)n, at) : NULL;
        if (path && access(path, X_OK) == 0) return path;
        free(path);
        at += n + (at[n] == ':');
    }
    return NULL;
}

static int open_log(void)
{
    char *path = xasprintf("%s/log", embedded.directory);
    struct stat st;
    int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW;
    int fd = open(path, flags, 0600);
    free(path);
    bool full = fd >= 0 && fstat(fd, &st) == 0 && st.st_size > LOG_MAX;
    if (!full || ftruncate(fd, 0) == 0) return fd;
    close(fd);
    return -1;
}

/* Its own session, no signal blocked or ignored, no descriptor but these three. */
static int spawn(int log)
{
    posix_spawnattr_t attr;
    posix_spawn_file_actions_t files;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&files, 0, 1);
    posix_spawn_file_actions_adddup2(&files, log, 2);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    char *arguments[] = {embedded.program, "serve", "--embedded", "--data", embedded.directory, embedded.frozen ? "--frozen" : NULL,
                         embedded.frozen,  NULL};
    int wrong = posix_spawn(&embedded.child, embedded.program, &files, &attr, arguments, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attr);
    return wrong;
}

static bool start(char **problem)
{
    int log = open_log();
    if (log < 0) {
        *problem = xasprintf("%s/log: %s", embedded.directory, strerror(errno));
        return false;
    }
    int64_t now = clock_monotonic();
    if (!embedded.starts || now - embedded.first_start > 60 * NS_PER_SECOND) embedded.starts = 0, embedded.first_start = now;
    embedded.starts++;
    embedded.last_start = now;
    int wrong = spawn(log);
    close(log);
    if (!wrong) return true;
    embedded.child = 0;
    *problem = xasprintf("%s: %s", embedded.program, strerror(wrong));
    return false;
}

char *embedded_program(void)
{
    char *program = find_beside();
    return program ? program : find_on_path();
}

void embedded_freeze(const char *time) { embedded.frozen = xstrdup(time); }

bool embedded_start(const char *directory, char **problem)
{
    if (embedded.directory) die("embedded_start: twice");
    embedded.directory = *directory == '/' ? xstrdup(directory) : NULL;
    if (!embedded.directory) {
        char *here = getcwd(NULL, 0);
        embedded.directory = xasprintf("%s/%s", here ? here : "", directory);
        free(here);
    }
    if (!make_directory(embedded.directory, problem) || !open_lock(problem)) return false;
    embedded.program = embedded_program();
    if (answers()) return true;
    if (embedded.program) return start(problem);
    *problem = xstrdup("tero-control-plane is neither beside this program nor on PATH");
    return false;
}

/* The last line of the log, cleaned; xmalloc'd. */
static char *last_words(void)
{
    char tail[1024], *path = xasprintf("%s/log", embedded.directory);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    off_t size = fd >= 0 ? lseek(fd, 0, SEEK_END) : 0;
    off_t from = size > (off_t)sizeof tail ? size - (off_t)sizeof tail : 0;
    ssize_t n = fd >= 0 ? pread(fd, tail, sizeof tail, from) : 0;
    if (fd >= 0) close(fd);
    free(path);
    while (n > 0 && tail[n - 1] == '\n') n--;
    ssize_t begin = n;
    while (begin > 0 && tail[begin - 1] != '\n') begin--;
    struct buf clean;
    buf_init(&clean, 4 * sizeof tail);
    if (n > begin) utf8_clean(&clean, slice_of(tail + begin, (size_t)(n - begin)));
    struct statvfs disk;
    bool full = !clean.len && statvfs(embedded.directory, &disk) == 0 && disk.f_bavail == 0;
    char *words = full ? xasprintf("the disk of %s is full", embedded.directory) : xstrdup(clean.len ? clean.data : "it left no message");
    buf_free(&clean);
    return words;
}

static bool child_runs(void)
{
    if (!embedded.child) return false;
    pid_t ended = waitpid(embedded.child, &embedded.exit_status, WNOHANG);
    if (ended == 0) return true;
    embedded.child = 0;
    return false;
}

void embedded_leave(void)
{
    if (embedded.lock >= 0) close(embedded.lock);
    embedded.lock = -1;
    embedded.locked = false;
    free(embedded.program);
    embedded.program = NULL;
    int64_t deadline = clock_monotonic() + LEAVE_SECONDS * NS_PER_SECOND;
    while (child_runs() && clock_monotonic() < deadline) nanosleep(&(struct timespec){0, 5000000}, NULL);
}

bool embedded_tend(char **problem)
{
    if (!embedded.directory || !embedded.program) return true;
    try_lock();
    if (child_runs() || answers()) return true;
    static const int64_t pause_ms[STARTS_MAX + 1] = {0, 20, 100, 500, 1000, 1500};
    if (clock_monotonic() - embedded.last_start < pause_ms[embedded.starts] * 1000000) return true;
    if (embedded.starts < STARTS_MAX || clock_monotonic() - embedded.first_start > 60 * NS_PER_SECOND) return start(problem);
    char *words = last_words();
    *problem = xasprintf("the control plane does not start: %s", words);
    free(words);
    return false;
}
