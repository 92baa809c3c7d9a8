/* Any bytes are a settings file or have problems with places in it; what is accepted keeps its form when it is read again. */
#include "console/config.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_value(enum setting_id id, const struct config_value *v)
{
    char again[SETTING_TEXT_MAX];
    const char *problem;
    const struct setting *s = setting_of(id);
    if (!v->text) return;
    if (!v->at.line) abort();
    if (s->type != SETTING_KEYS && strlen(v->text) < SETTING_TEXT_MAX && !setting_read(s, v->text, false, again, &problem)) abort();
    if (s->type == SETTING_PATH && *v->text != '/') abort();
    if (s->type == SETTING_DURATION && strcmp(v->text, "off") != 0 && setting_milliseconds(v->text) < s->min) abort();
}

static void check_problems(const struct problems *p)
{
    struct place last = {0};
    for (size_t i = 0; i < p->count; i++) {
        struct place at = p->list[i].at;
        if (at.line < last.line || (at.line == last.line && at.column < last.column) || !*p->list[i].text) abort();
        last = at;
    }
    free(problems_summary(p));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config c;
    config_parse(&c, "/etc/tero/config.yaml", slice_of((const char *)data, size));
    check_problems(&c.problems);
    for (int i = 0; i < SETTINGS; i++) check_value((enum setting_id)i, &c.values[i]);
    for (size_t p = 0; p < c.profile_count; p++)
        for (int i = 0; i < SETTINGS; i++) check_value((enum setting_id)i, &c.profiles[p].values[i]);
    for (size_t i = 0; i < c.binding_count; i++)
        if (!c.bindings[i].action || !c.bindings[i].keys) abort();
    config_close(&c);
    return 0;
}
