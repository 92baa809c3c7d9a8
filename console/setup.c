#include "console/setup.h"

#include "console/config_check.h"

#include <stdlib.h>

bool setup_open(struct setup *s, const struct options *typed, bool console, char **problem)
{
    char *path = config_path();
    *s = (struct setup){.options = *typed};
    config_read(&s->config, path);
    free(path);
    if (console && !s->config.problems.count) config_check(&s->config);
    *problem = s->config.problems.count ? problems_summary(&s->config.problems) : NULL;
    if (!*problem && effective_make(&s->effective, &s->config, typed, problem)) {
        effective_apply(&s->effective, &s->options);
        return true;
    }
    setup_close(s);
    return false;
}

void setup_close(struct setup *s) { config_close(&s->config); }
