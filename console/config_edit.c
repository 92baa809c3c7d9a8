#include "console/config_edit.h"

#include "base/die.h"
#include "console/config_check.h"
#include "console/config_text.h"
#include "console/file_replace.h"
#include "console/headless.h"
#include "screens/editor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct edit {
    char *path;
    char *before; /* NULL: the file was not there */
    char *text;
};

static char *sample(void)
{
    struct buf out;
    buf_init(&out, CONFIG_TEXT_MAX);
    config_sample(&out);
    return out.data;
}

/* The text at the path; NULL with errno. */
static char *text_of(const char *path)
{
    struct buf text;
    buf_init(&text, EDITOR_TEXT_MAX);
    if (file_text(path, &text)) return text.data ? text.data : xstrdup("");
    int error = errno;
    buf_free(&text);
    errno = error;
    return NULL;
}

static bool fine(const struct edit *e)
{
    struct config c;
    config_parse(&c, e->path, slice_str(e->text));
    config_check(&c);
    bool good = c.problems.count == 0;
    problems_print(&c.problems, stderr);
    config_close(&c);
    return good;
}

/* Enter edits again. */
static bool again(void)
{
    char line[16];
    if (!isatty(STDIN_FILENO)) return false;
    fputs("Edit it again? [Y/n] ", stderr);
    return fgets(line, sizeof line, stdin) && *line != 'n' && *line != 'N';
}

static void give_up(const struct edit *e, const char *why)
{
    char *problem = NULL, *path = xasprintf("%s.rejected", e->path);
    bool kept = file_replace(path, e->text, &problem);
    if (kept) complain("%s; %s is as it was, and what you wrote is in %s", why, e->path, path);
    else complain("%s; %s", why, problem);
    free(problem);
    free(path);
}

static bool changed_meanwhile(const struct edit *e)
{
    char *now = text_of(e->path);
    bool changed = !now != !e->before || (now && strcmp(now, e->before) != 0);
    free(now);
    return changed;
}

static int save(const struct edit *e)
{
    char *problem = NULL;
    if (e->before && !strcmp(e->text, e->before)) {
        printf("%s: nothing was changed\n", e->path);
        return output_end(EXIT_FINE);
    }
    if (changed_meanwhile(e)) {
        give_up(e, "the file was changed by somebody else meanwhile");
        return EXIT_USAGE;
    }
    if (file_replace(e->path, e->text, &problem)) {
        printf("%s: saved\n", e->path);
        return output_end(EXIT_FINE);
    }
    int code = complain("%s", problem);
    free(problem);
    return code;
}

static int run(struct edit *e)
{
    for (;;) {
        const char *problem;
        char *edited = editor_run(e->text, ".yaml", &problem);
        if (!edited) return complain("%s", problem);
        free(e->text);
        e->text = edited;
        if (fine(e)) return save(e);
        if (again()) continue;
        give_up(e, "the text has errors");
        return EXIT_FAILING;
    }
}

int config_edit(const struct options *typed)
{
    (void)typed;
    struct edit e = {.path = config_path()};
    e.before = text_of(e.path);
    int code = EXIT_USAGE;
    if (!e.before && errno != ENOENT && errno != ENOTDIR) complain("%s: %s", e.path, strerror(errno));
    else {
        e.text = e.before ? xstrdup(e.before) : sample();
        code = run(&e);
    }
    free(e.path);
    free(e.before);
    free(e.text);
    return code;
}
