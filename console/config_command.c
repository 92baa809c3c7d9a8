#include "console/config_command.h"

#include "base/suggest.h"
#include "console/config_check.h"
#include "console/config_edit.h"
#include "console/config_show.h"
#include "console/config_text.h"
#include "console/headless.h"

#include <stdlib.h>
#include <string.h>

static int check(const struct options *typed)
{
    struct config c;
    char *path = config_path();
    config_read(&c, typed->path ? typed->path : path);
    config_check(&c);
    int code = c.problems.count ? EXIT_FAILING : EXIT_FINE;
    problems_print(&c.problems, stdout);
    if (!c.present && typed->path && !code) code = complain("%s: there is no such file", c.path);
    else if (!c.present && !code) printf("%s: not there, so the defaults hold\n", c.path);
    else if (!code) printf("%s: fine, %zu profile%s\n", c.path, c.profile_count, c.profile_count == 1 ? "" : "s");
    config_close(&c);
    free(path);
    return output_end(code);
}

static int path(const struct options *typed)
{
    (void)typed;
    char *path = config_path();
    puts(path);
    free(path);
    return output_end(EXIT_FINE);
}

static int schema(const struct options *typed)
{
    struct buf out;
    buf_init(&out, CONFIG_TEXT_MAX);
    if (typed->markdown) config_markdown(&out);
    else config_schema(&out);
    fwrite(buf_view(&out).ptr, 1, out.len, stdout);
    buf_free(&out);
    return output_end(EXIT_FINE);
}

static const struct {
    const char *name;
    int (*run)(const struct options *typed);
} actions[] = {{"show", config_show}, {"check", check}, {"edit", config_edit}, {"path", path}, {"schema", schema}};
enum { ACTIONS = sizeof actions / sizeof *actions };

int config_command(const struct options *typed)
{
    const char *word = typed->action ? typed->action : "";
    struct suggest s = suggest_for(slice_str(word));
    for (int i = 0; i < ACTIONS; i++) {
        if (!strcmp(actions[i].name, word)) return actions[i].run(typed);
        suggest_try(&s, actions[i].name);
    }
    if (s.best) return complain("config %.40s: did you mean %s?", word, s.best);
    return complain("config: show, check [FILE], edit, path or schema");
}
