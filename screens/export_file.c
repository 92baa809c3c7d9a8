#include "screens/export_file.h"

#include "base/die.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void export_file_name(struct export_file *f, const char *typed)
{
    const char *home = getenv("HOME");
    f->path = *typed == '~' && typed[1] == '/' && home ? xasprintf("%s%s", home, typed + 1) : xstrdup(typed);
}

bool export_file_open(struct export_file *f)
{
    f->part = xasprintf("%s.part-%ld", f->path, (long)getpid());
    int fd = open(f->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0) f->out = fdopen(fd, "w");
    if (f->out) return true;
    free(f->part);
    f->part = NULL;
    return false;
}

void export_file_note(struct export_file *f)
{
    int error = errno;
    if (!f->error && ferror(f->out)) f->error = error ? error : EIO;
}

/* Where links cannot be made, the name is looked at once more instead. */
static bool give_name(const struct export_file *f)
{
    struct stat st;
    if (f->replace) return rename(f->part, f->path) == 0;
    if (link(f->part, f->path) == 0) return unlink(f->part) == 0;
    if (errno == EEXIST || (errno != EPERM && errno != EOPNOTSUPP)) return false;
    if (lstat(f->path, &st) == 0) errno = EEXIST;
    else return rename(f->part, f->path) == 0;
    return false;
}

const char *export_file_finish(struct export_file *f)
{
    bool whole = !f->error && fflush(f->out) == 0 && !ferror(f->out) && fsync(fileno(f->out)) == 0 && give_name(f);
    if (!whole) return strerror(f->error ? f->error : errno);
    free(f->part);
    f->part = NULL;
    return NULL;
}

void export_file_close(struct export_file *f)
{
    if (f->out) fclose(f->out);
    if (f->part) unlink(f->part);
    free(f->path);
    free(f->part);
    *f = (struct export_file){0};
}

/* ---- the question ---- */

/* Waits for the answer to "replace it?"; one at a time. */
static struct {
    void (*go)(void *context), (*drop)(void *context);
    void *context;
} waiting;

static void drop_waiting(void)
{
    if (waiting.drop) waiting.drop(waiting.context);
    waiting.drop = NULL;
}

static void agreed(void *unused)
{
    (void)unused;
    waiting.drop = NULL;
    waiting.go(waiting.context);
}

void export_file_ask(struct app *app, struct export_file *f, void (*go)(void *), void (*drop)(void *), void *context)
{
    struct stat st;
    drop_waiting();
    f->replace = lstat(f->path, &st) == 0;
    if (!f->replace) {
        go(context);
    } else if (!S_ISREG(st.st_mode)) {
        app_message(app, ROLE_BAD, "not exported: %s is no plain file", f->path);
        drop(context);
    } else {
        char *question = xasprintf("%s is there already: replace it?", f->path);
        waiting.go = go;
        waiting.drop = drop;
        waiting.context = context;
        app_confirm(app, question, agreed, NULL);
        free(question);
    }
}
