#include "tui/theme_find.h"

#include "base/die.h"
#include "base/embedded.h"
#include "base/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THEME_FILE_MAX = 64 * 1024, ABOUT_MAX = 120 };

static const struct embedded *embedded_find(const char *name)
{
    size_t n = strlen(name);
    for (const struct embedded *e = embedded_themes; e->name; e++)
        if (!strncmp(e->name, name, n) && !strcmp(e->name + n, ".theme")) return e;
    return NULL;
}

bool theme_find_embedded(struct theme *t, const char *name, const char **problem)
{
    const struct embedded *e = embedded_find(name);
    if (!e) return false;
    theme_plain(t);
    return theme_parse(t, e->name, slice_of(e->text, e->len), problem);
}

const char *theme_directory(void)
{
    static char path[PATH_MAX / 2];
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (config && *config == '/') snprintf(path, sizeof path, "%s/tero/themes", config);
    else snprintf(path, sizeof path, "%s/.config/tero/themes", home && *home ? home : "");
    return path;
}

bool theme_find_file(const char *name, char path[PATH_MAX])
{
    int n = snprintf(path, PATH_MAX, "%s/%s.theme", theme_directory(), name);
    return n < PATH_MAX && !strchr(name, '/') && access(path, F_OK) == 0;
}

char *theme_find_read(const char *path, const char **problem)
{
    FILE *file = fopen(path, "re");
    *problem = strerror(errno);
    if (!file) return NULL;
    char *text = xcalloc(THEME_FILE_MAX + 2, 1);
    size_t n = fread(text, 1, THEME_FILE_MAX + 1, file);
    bool unread = ferror(file);
    fclose(file);
    if (!unread && n <= THEME_FILE_MAX) return text;
    *problem = unread ? "cannot be read" : "too large for a theme";
    free(text);
    return NULL;
}

/* ---- the list ---- */

static int is_theme(const struct dirent *d)
{
    size_t n = strlen(d->d_name);
    return n > 6 && d->d_name[0] != '.' && !strcmp(d->d_name + n - 6, ".theme") && memchr(d->d_name, '.', n) == d->d_name + n - 6;
}

static void set_about(char out[ABOUT_MAX], struct slice text)
{
    struct buf clean;
    struct slice about = theme_about(text);
    if (about.len > ABOUT_MAX - 1) about.len = ABOUT_MAX - 1;
    buf_init(&clean, ABOUT_MAX * 3);
    utf8_clean(&clean, about);
    snprintf(out, ABOUT_MAX, "%s", clean.data ? clean.data : "");
    buf_free(&clean);
}

static bool embedded_entry(int n, char name[NAME_MAX + 1], char about[ABOUT_MAX])
{
    for (int i = 0; i <= n; i++)
        if (!embedded_themes[i].name) return false;
    const struct embedded *e = &embedded_themes[n];
    snprintf(name, NAME_MAX, "%.*s", (int)strcspn(e->name, "."), e->name);
    set_about(about, slice_of(e->text, e->len));
    return true;
}

static int embedded_count(void)
{
    int n = 0;
    while (embedded_themes[n].name) n++;
    return n;
}

static bool own_entry(int n, char name[NAME_MAX + 1])
{
    struct dirent **found;
    int count = scandir(theme_directory(), &found, is_theme, alphasort), seen = 0;
    bool ok = false;
    for (int i = 0; i < count; i++) {
        char word[NAME_MAX + 1];
        snprintf(word, sizeof word, "%.*s", (int)strcspn(found[i]->d_name, "."), found[i]->d_name);
        if (!embedded_find(word) && seen++ == n) {
            memcpy(name, word, sizeof word);
            ok = true;
        }
        free(found[i]);
    }
    if (count >= 0) free(found);
    return ok;
}

bool theme_entry(int n, struct theme_entry *entry)
{
    static char name[NAME_MAX + 1], about[ABOUT_MAX], path[PATH_MAX];
    const char *problem;
    *entry = (struct theme_entry){name, about, NULL};
    if (!embedded_entry(n, name, about) && !own_entry(n - embedded_count(), name)) return false;
    if (!theme_find_file(name, path)) return true;
    char *text = theme_find_read(path, &problem);
    if (text) set_about(about, slice_str(text));
    free(text);
    entry->path = path;
    return true;
}
