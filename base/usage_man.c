#include "base/usage.h"
#include "base/version.h"

#include <stdio.h>
#include <string.h>

static void escaped(struct buf *out, const char *text, size_t len)
{
    if (len && (text[0] == '.' || text[0] == '\'')) buf_str(out, "\\&");
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\\') buf_str(out, "\\e");
        else if (text[i] == '-') buf_str(out, "\\-");
        else buf_char(out, text[i]);
    }
}

static void word(struct buf *out, const char *text) { escaped(out, text, strlen(text)); }

/* Lines that begin with a blank are kept as they are. */
static void text(struct buf *out, const char *t)
{
    bool kept = false;
    while (*t) {
        size_t n = strcspn(t, "\n");
        bool keep = *t == ' ';
        if (keep != kept) buf_str(out, keep ? ".nf\n" : ".fi\n");
        kept = keep;
        if (n == 0) buf_str(out, ".PP\n");
        else escaped(out, t, n);
        if (n) buf_char(out, '\n');
        t += n + (t[n] == '\n');
    }
    if (kept) buf_str(out, ".fi\n");
}

static void option(struct buf *out, const struct usage_option *o)
{
    buf_str(out, ".TP\n\\fB");
    if (o->letter) buf_printf(out, "\\-%c\\fR, \\fB", o->letter);
    buf_str(out, "\\-\\-");
    word(out, o->name);
    buf_str(out, "\\fR");
    if (o->argument) {
        buf_str(out, " \\fI");
        word(out, o->argument);
        buf_str(out, "\\fR");
    }
    buf_char(out, '\n');
    text(out, o->help);
    if (o->environment) buf_printf(out, "Environment: \\fB%s\\fR.\n", o->environment);
}

static void command(struct buf *out, const struct usage_command *c)
{
    buf_str(out, ".TP\n\\fB");
    word(out, c->name);
    buf_str(out, "\\fR");
    if (*c->arguments) {
        buf_char(out, ' ');
        word(out, c->arguments);
    }
    buf_char(out, '\n');
    text(out, c->help);
}

static void own_options(struct buf *out, const struct usage_command *c)
{
    if (!c->option_count) return;
    buf_str(out, ".SS \"Options of ");
    word(out, c->name);
    buf_str(out, "\"\n");
    for (size_t i = 0; i < c->option_count; i++) option(out, &c->options[i]);
}

static bool same_options(const struct usage *u)
{
    for (size_t i = 0; i < u->command_count; i++)
        for (size_t k = 0; k < u->commands[i].option_count; k++)
            for (size_t n = 0; n < u->option_count; n++)
                if (!strcmp(u->commands[i].options[k].name, u->options[n].name)) return true;
    return false;
}

void usage_man(const struct usage *u, struct buf *out)
{
    buf_printf(out, ".\\\" Made by `%s generate man`.\n.TH %s %d \"\" \"%s " TERO_VERSION "\"\n.SH NAME\n", u->program, u->program,
               u->manual, u->program);
    word(out, u->program);
    buf_str(out, " \\- ");
    text(out, u->summary);
    buf_str(out, "\n.SH SYNOPSIS\n");
    text(out, u->synopsis);
    buf_str(out, ".SH DESCRIPTION\n");
    text(out, u->description);
    buf_str(out, ".SH COMMANDS\n");
    for (size_t i = 0; i < u->command_count; i++) command(out, &u->commands[i]);
    buf_str(out, ".SH OPTIONS\n");
    for (size_t i = 0; i < u->option_count; i++) option(out, &u->options[i]);
    for (size_t i = 0; i < u->command_count && !same_options(u); i++) own_options(out, &u->commands[i]);
    for (size_t i = 0; i < u->section_count; i++) {
        buf_printf(out, ".SH \"%s\"\n", u->sections[i].title);
        text(out, u->sections[i].text);
    }
}

bool usage_takes_file(const struct usage_option *o)
{
    return o->argument && (strstr(o->argument, "FILE") || strstr(o->argument, "DIR") || strstr(o->argument, "PATH"));
}

int usage_generate(const struct usage *u, const char *what)
{
    struct buf out;
    bool good = true;
    buf_init(&out, 1 << 20);
    if (what && !strcmp(what, "man")) usage_man(u, &out);
    else good = what && usage_completion(u, what, &out);
    if (good) fwrite(out.data, 1, out.len, stdout);
    else fprintf(stderr, "%s: generate man, bash, zsh or fish\n", u->program);
    buf_free(&out);
    return good ? 0 : 1;
}
