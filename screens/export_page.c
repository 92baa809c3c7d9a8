#include "screens/export_page.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/export_file.h"
#include "screens/object_text.h"
#include "screens/plain.h"
#include "screens/screens.h"
#include "tui/prompt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TEXT_MAX = 32 << 20 };
enum format { TEXT, MARKDOWN, JSON, YAML, FORMATS };

static const struct {
    const char *name, *ending, *other;
} formats[FORMATS] = {{"text", ".txt", NULL}, {"markdown", ".md", NULL}, {"json", ".json", NULL}, {"yaml", ".yaml", ".yml"}};

struct page_export {
    struct app *app;
    struct export_file file;
    struct buf text;
};

static void drop(void *context)
{
    struct page_export *e = context;
    export_file_close(&e->file);
    buf_free(&e->text);
    free(e);
}

static void write_page(void *context)
{
    struct page_export *e = context;
    const char *problem = NULL;
    if (export_file_open(&e->file)) {
        errno = 0;
        fwrite(e->text.data, 1, e->text.len, e->file.out);
        export_file_note(&e->file);
        problem = export_file_finish(&e->file);
    } else {
        problem = strerror(errno);
    }
    if (problem) app_message(e->app, ROLE_BAD, "not exported: %s: %s", e->file.path, problem);
    else app_message(e->app, ROLE_GOOD, "this page is in %s", e->file.path);
    drop(e);
}

/* ---- the text ---- */

static void head_line(struct buf *out, enum format format, const char *name, const char *value)
{
    if (format == JSON) {
        buf_printf(out, " \"%s\": ", name);
        plain_json_string(out, value, strlen(value));
        buf_str(out, ",\n");
    } else {
        buf_printf(out, "%s%s: %s\n", format == MARKDOWN ? "- " : format == YAML ? "# " : "", name, value);
    }
}

static void head(struct buf *out, enum format format, const struct view *v, const char *title)
{
    struct buf when;
    int64_t synced = v->ops->synced ? v->ops->synced(v) : 0;
    buf_init(&when, 64);
    clock_rfc3339(&when, clock_now() - (synced ? clock_monotonic() - synced : 0));
    if (format == MARKDOWN) buf_printf(out, "# %s\n\n", title);
    else head_line(out, format, "page", title);
    head_line(out, format, "time", when.data);
    head_line(out, format, "control plane", app_options(v->app)->profile);
    if (app_options(v->app)->bundle) head_line(out, format, "bundle of", app_options(v->app)->bundle);
    head_line(out, format, "withheld", "what the screen withholds or masks is so here");
    buf_free(&when);
}

/* A fence that the text does not hold. */
static size_t fence_of(const char *text)
{
    size_t longest = 2, run = 0;
    for (; *text; text++) {
        run = *text == '`' ? run + 1 : 0;
        if (run > longest) longest = run;
    }
    return longest + 1;
}

static void put_text(struct buf *out, enum format format, const char *text)
{
    char fence[64];
    size_t n = fence_of(text) < sizeof fence ? fence_of(text) : sizeof fence - 1;
    memset(fence, '`', n);
    fence[n] = '\0';
    if (format == MARKDOWN) buf_printf(out, "\n%stext\n", fence);
    else buf_char(out, '\n');
    buf_str(out, text);
    if (format == MARKDOWN) buf_printf(out, "%s\n", fence);
}

static void put_object(struct buf *out, enum format format, const json_t *object)
{
    if (format == YAML) {
        object_yaml(out, object, 0);
        return;
    }
    buf_str(out, " \"object\": ");
    object_json(out, object, 2);
    buf_str(out, "\n}\n");
}

static void compose(struct buf *out, enum format format, struct view *v)
{
    struct buf title;
    buf_init(&title, 400);
    v->ops->title(v, &title);
    if (format == JSON) buf_str(out, "{\n");
    head(out, format, v, title.data ? title.data : "");
    if (format == JSON || format == YAML) {
        put_object(out, format, v->ops->object(v));
    } else {
        char *text = v->ops->text(v);
        put_text(out, format, text);
        free(text);
    }
    buf_free(&title);
}

/* ---- the start ---- */

static bool ends(const char *name, const char *ending)
{
    size_t n = strlen(name), m = ending ? strlen(ending) : 0;
    return m && n > m && !strcmp(name + n - m, ending);
}

/* FORMATS: none. */
static enum format format_of(const char **arguments)
{
    size_t len = strcspn(*arguments, " ");
    int f = 0;
    for (f = 0; f < FORMATS; f++)
        if (strlen(formats[f].name) == len && !strncmp(*arguments, formats[f].name, len) && (*arguments)[len]) break;
    if (f < FORMATS) *arguments += len + strspn(*arguments + len, " ");
    else
        for (f = 0; f < FORMATS; f++)
            if (ends(*arguments, formats[f].ending) || ends(*arguments, formats[f].other)) break;
    return (enum format)f;
}

static const char *why_not(struct view *v, enum format format, const char *name)
{
    if (!v->ops->text) return "not possible here: a list, a page of one object or a text can be exported";
    if (format == FORMATS || !*name) return "export [text|markdown|json|yaml] FILE; without a format the file ends in .txt .md .json .yaml";
    bool object = format == JSON || format == YAML;
    if (object && !v->ops->object) return "this page is no object: text or markdown";
    return object && !v->ops->object(v) ? "the object is not loaded" : NULL;
}

void export_page(struct app *app, struct view *v, const char *arguments)
{
    enum format format = format_of(&arguments);
    const char *why = why_not(v, format, arguments);
    if (why) {
        app_message(app, ROLE_BAD, "export: %s", why);
        return;
    }
    struct page_export *e = xcalloc(1, sizeof *e);
    e->app = app;
    buf_init(&e->text, TEXT_MAX);
    compose(&e->text, format, v);
    export_file_name(&e->file, arguments);
    export_file_ask(app, &e->file, write_page, drop, e);
}

/* ---- the prompt ---- */

/* "A policy's name" as "a-policy-s-name". */
static char *suggested(const struct view *v)
{
    char when[32];
    struct tm tm;
    time_t now = time(NULL);
    struct buf title, name;
    buf_init(&title, 400);
    buf_init(&name, 60);
    v->ops->title(v, &title);
    for (size_t i = 0; i < title.len && name.len < 48; i++) {
        char c = title.data[i] >= 'A' && title.data[i] <= 'Z' ? (char)(title.data[i] + 32) : title.data[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (good) buf_char(&name, c);
        else if (name.len && name.data[name.len - 1] != '-') buf_char(&name, '-');
    }
    strftime(when, sizeof when, "%Y%m%d-%H%M", localtime_r(&now, &tm));
    char *whole = xasprintf("%s%s%s.md", name.len ? name.data : "page", name.len && name.data[name.len - 1] == '-' ? "" : "-", when);
    buf_free(&title);
    buf_free(&name);
    return whole;
}

static void named(void *context, const char *text)
{
    struct view *v = context;
    app_dirty(v->app);
    if (text && *text) export_page(v->app, v, text);
}

void export_page_prompt(struct app *app, struct view *v)
{
    const char *why = v->ops->text ? NULL : why_not(v, FORMATS, "");
    char *name = why ? NULL : suggested(v);
    if (why) app_message(app, ROLE_BAD, "export: %s", why);
    else prompt_open(&(struct prompt_options){.label = "export to: ", .initial = name, .history = "exports", .done = named, .context = v});
    free(name);
}
