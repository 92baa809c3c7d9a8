#include "console/keep.h"

#include "base/die.h"
#include "console/file_replace.h"
#include "console/token.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char *home(void)
{
    const char *data = getenv("XDG_DATA_HOME"), *user = getenv("HOME");
    if (data && *data == '/') return xasprintf("%s/tero", data);
    return xasprintf("%s/.local/share/tero", user && *user == '/' ? user : "");
}

static char *below(const char *name)
{
    char *directory = home(), *path = xasprintf("%s/%s", directory, name);
    free(directory);
    return path;
}

char *keep_tokens(void) { return below("tokens"); }
char *keep_lock_path(void) { return below("console-lock"); }

/* Any name becomes one of a file: what is no letter, digit, - or _ as %XX; a dot only inside. */
char *keep_token_path(const char *profile)
{
    struct buf name;
    buf_init(&name, 1 << 12);
    buf_str(&name, "tokens/");
    for (const char *c = profile; *c; c++) {
        bool plain = isalnum((unsigned char)*c) || *c == '-' || *c == '_' || (*c == '.' && c > profile);
        if (plain) buf_char(&name, *c);
        else buf_printf(&name, "%%%02X", (unsigned char)*c);
    }
    char *path = below(name.data);
    buf_free(&name);
    return path;
}

static enum keep_read take(const char *path, struct buf *text, char **problem)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) return KEEP_NONE;
    const char *wrong = fd < 0 ? strerror(errno) : token_wrong_file(fd);
    if (fd >= 0) close(fd);
    if (!wrong && !file_text(path, text)) wrong = errno == EFBIG ? "too large" : strerror(errno);
    if (!wrong) return KEEP_THERE;
    *problem = xasprintf("%s: %s", path, wrong);
    return KEEP_BAD;
}

enum keep_read keep_read_token(struct sealed *s, const char *path, char **problem)
{
    struct buf text;
    const char *wrong;
    buf_init(&text, SEALED_FILE_MAX);
    enum keep_read read = take(path, &text, problem);
    if (read == KEEP_THERE && !sealed_parse(s, buf_view(&text), &wrong)) {
        *problem = xasprintf("%s: %s", path, wrong);
        read = KEEP_BAD;
    }
    buf_free(&text);
    return read;
}

enum keep_read keep_read_lock(struct lockfile *l, char **problem)
{
    struct buf text;
    const char *wrong;
    char *path = keep_lock_path();
    buf_init(&text, LOCKFILE_MAX);
    enum keep_read read = take(path, &text, problem);
    if (read == KEEP_THERE && !lockfile_parse(l, buf_view(&text), &wrong)) {
        *problem = xasprintf("%s: %s", path, wrong);
        read = KEEP_BAD;
    }
    buf_free(&text);
    free(path);
    return read;
}

/* file_replace() keeps the mode of what was there. */
bool keep_write(const char *path, const struct buf *text, char **problem)
{
    (void)chmod(path, 0600);
    return file_replace(path, text->data, problem);
}
