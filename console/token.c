#include "console/token.h"

#include "base/die.h"
#include "secrets/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

char *token_take(void)
{
    char *value = getenv("TERO_API_TOKEN");
    if (!value || !*value) return NULL;
    size_t size = strlen(value) + 1;
    char *token = secret_alloc(size);
    memcpy(token, value, size);
    explicit_bzero(value, size);
    unsetenv("TERO_API_TOKEN");
    return token;
}

static char *refuse(char **problem, const char *path, const char *why)
{
    *problem = xasprintf("token file: %s (%s)", why, path);
    return NULL;
}

const char *token_wrong_file(int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0) return strerror(errno);
    if (!S_ISREG(st.st_mode)) return "not a regular file";
    if (st.st_uid != geteuid() && st.st_uid != 0) return "owned by somebody else; it must be yours";
    if (st.st_mode & 077) return "others may read or write it; chmod 600 mends that";
    return NULL;
}

/* Bytes read, at most TOKEN_MAX + 1; -1: errno. */
static ssize_t read_all(int fd, char *to)
{
    size_t have = 0;
    while (have <= TOKEN_MAX) {
        ssize_t n = read(fd, to + have, TOKEN_MAX + 1 - have);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        if (n == 0) break;
        have += (size_t)n;
    }
    return (ssize_t)have;
}

const char *token_wrong_text(const char *text)
{
    for (; *text; text++)
        if (*text <= ' ' || *text == 127) return "a token is one line of ASCII without blanks";
    return NULL;
}

/* The line may end. */
static const char *wrong_text(char *text, size_t len)
{
    if (len > TOKEN_MAX) return "too large for a token";
    while (len && (text[len - 1] == '\n' || text[len - 1] == '\r')) len--;
    text[len] = '\0';
    return len ? token_wrong_text(text) : "empty";
}

static char *read_token(int fd, const char *path, char **problem)
{
    const char *wrong = token_wrong_file(fd);
    if (wrong) return refuse(problem, path, wrong);
    char *token = secret_alloc(TOKEN_MAX + 2);
    ssize_t len = read_all(fd, token);
    wrong = len < 0 ? strerror(errno) : wrong_text(token, (size_t)len);
    if (!wrong) return token;
    token_free(token);
    return refuse(problem, path, wrong);
}

char *token_read(const char *path, char **problem)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) return refuse(problem, path, strerror(errno));
    char *token = read_token(fd, path, problem);
    close(fd);
    return token;
}

void token_free(char *token) { secret_wipe(token); }
