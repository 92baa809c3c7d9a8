#include "screens/policy_edit.h"

#include "base/die.h"
#include "screens/bulk.h"
#include "screens/editor.h"
#include "screens/text.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const gone = "the edited text is kept until this screen is closed: e goes on with it";

static void replace(char **to, const char *text)
{
    char *copy = xstrdup(text);
    free(*to);
    *to = copy;
}

static void forget(struct policy_edit *e)
{
    free(e->text);
    e->text = NULL;
}

/* ---- saving ---- */

static const struct bulk_words words = {.word = "propose",
                                        .doing = "proposing",
                                        .done = "proposed as a new version",
                                        .consequence = ": it waits for approval",
                                        .prompt = "why is it changed? ",
                                        .history = "reasons",
                                        .needs = "a reason"};

static const char *save_refused(const struct bulk *b, const struct bulk_item *i)
{
    const struct policy_edit *e = b->order.context;
    const char *hash = json_string_value(json_object_get(bulk_node(i), "contentHash"));
    return hash && strcmp(hash, e->hash) != 0 ? "it was changed by somebody else since it was opened here" : NULL;
}

static json_t *save_request(struct bulk *b, struct bulk_item *i, const char **operation)
{
    const struct policy_edit *e = b->order.context;
    *operation = "EditPolicy";
    return json_pack("{ssssssss}", "id", i->id, "text", e->text, "contentHash", e->hash, "reason", b->text);
}

static enum bulk_state saved(struct bulk *b, struct bulk_item *i, const struct api_answer *answer)
{
    (void)i;
    if (answer->status != API_OK) {
        app_message(b->v.app, ROLE_BAD, "not saved: %s; %s", answer->message, gone);
        return BULK_FAILED;
    }
    forget(b->order.context);
    return BULK_DONE;
}

static const struct bulk_ops ops = {
    .resource = &resource_policies, .load = "PolicyEffect", .refused = save_refused, .request = save_request, .answered = saved};

/* The reason is the confirmation. */
static void save(void *context)
{
    struct policy_edit *e = context;
    bulk_open(e->app, &(struct bulk_order){.ops = &ops, .words = &words, .ids = bulk_one(e->id), .count = 1, .context = e});
}

/* ---- the editor ---- */

static void edit(void *context)
{
    struct policy_edit *e = context;
    const char *problem;
    char *text = editor_run(e->text ? e->text : e->before, ".yaml", &problem);
    app_dirty(e->app);
    if (!text) {
        app_message(e->app, ROLE_BAD, "%s", problem);
        return;
    }
    forget(e);
    if (!strcmp(text, e->before)) {
        free(text);
        app_message(e->app, ROLE_DIM, "nothing was changed");
        return;
    }
    e->text = text;
    fetch_send(&e->lint, json_pack("{ss}", "text", e->text));
    app_message(e->app, ROLE_DIM, "checking%s", glyph(GLYPH_ELLIPSIS));
}

/* ---- checking ---- */

static const json_t *first_of(const json_t *findings, const char *level, size_t *count)
{
    const json_t *f, *first = NULL;
    size_t i;
    *count = 0;
    json_array_foreach((json_t *)findings, i, f)
    {
        const char *of = json_string_value(json_object_get(f, "level"));
        if (!of || strcmp(of, level) != 0) continue;
        if ((*count)++ == 0) first = f;
    }
    return first;
}

static char *told(struct arena *a, const json_t *finding)
{
    const char *text = api_text(a, finding, "message");
    long line = (long)api_integer(finding, "line", 0);
    return line ? xasprintf("line %ld: %s", line, text ? text : "") : xstrdup(text ? text : "");
}

static void checked(void *context)
{
    struct policy_edit *e = context;
    size_t errors, warnings;
    if (e->lint.status != API_OK) {
        app_message(e->app, ROLE_BAD, "not saved: it could not be checked: %s; %s", e->lint.message, gone);
        return;
    }
    struct arena *a = arena_new(1 << 16);
    const json_t *findings = json_object_get(e->lint.data, "lintPolicy"), *error = first_of(findings, "ERROR", &errors),
                 *warning = first_of(findings, "WARNING", &warnings);
    char *first = told(a, error ? error : warning), *cut = text_cut(first, term_columns() - 54), *question = NULL;
    if (errors) question = xasprintf("Edit it again? %zu error%s, %s", errors, errors == 1 ? "" : "s", cut);
    else if (warnings) question = xasprintf("Propose it as a new version? %zu warning%s, %s", warnings, warnings == 1 ? "" : "s", cut);
    if (question) app_confirm(e->app, question, errors ? edit : save, e);
    else save(e);
    free(question);
    free(first);
    free(cut);
    arena_free(a);
}

/* ---- start and end ---- */

void policy_edit_init(struct policy_edit *e, struct app *app)
{
    *e = (struct policy_edit){.app = app};
    fetch_init(&e->lint, app_api(app), "LintPolicy", checked, e);
}

void policy_edit_free(struct policy_edit *e)
{
    fetch_free(&e->lint);
    free(e->id);
    free(e->hash);
    free(e->before);
    free(e->text);
}

void policy_edit_start(struct policy_edit *e, const char *id, const char *hash, const char *text)
{
    if (!e->id || strcmp(e->id, id) != 0) forget(e);
    replace(&e->id, id);
    replace(&e->hash, hash);
    replace(&e->before, text);
    edit(e);
}

const char *policy_edit_disabled(const struct policy_edit *e) { return e->lint.ticket ? "a change is under way" : NULL; }
