#include "base/usage.h"

#include <stdio.h>
#include <string.h>

/* "tero-console" as the name of a function. */
static void function_name(struct buf *out, const char *program)
{
    buf_char(out, '_');
    for (const char *c = program; *c; c++) buf_char(out, *c == '-' ? '_' : *c);
}

/* In single quotes of any of the shells. */
static void quoted(struct buf *out, const char *text, bool fish)
{
    buf_char(out, '\'');
    for (const char *c = text; *c; c++) {
        if (*c == '\'' && fish) buf_str(out, "\\'");
        else if (*c == '\'') buf_str(out, "'\\''");
        else if (*c == '\\' && fish) buf_str(out, "\\\\");
        else buf_char(out, *c);
    }
    buf_char(out, '\'');
}

static bool valued(const struct usage_option *o) { return o->argument != NULL; }
static bool of_file(const struct usage_option *o) { return !o->words && usage_takes_file(o); }

/* "COMMAND:--name|COMMAND:-n"; the command "*" for all. */
static void pattern(struct buf *out, const char *command, const struct usage_option *o)
{
    buf_printf(out, "%s:--%s", command, o->name);
    if (o->letter) buf_printf(out, "|%s:-%c", command, o->letter);
}

static void own_values(struct buf *out, const char *command, const struct usage_option *o)
{
    if (!valued(o)) return;
    buf_str(out, "    ");
    pattern(out, command, o);
    buf_str(out, ") kind=");
    buf_str(out, of_file(o) ? "files" : strchr(o->argument, ',') ? "commas" : "words");
    buf_str(out, " list=");
    quoted(out, o->words ? o->words : "", false);
    buf_str(out, " ;;\n");
}

/* The values of options, the most special first. Of bash and zsh alike. */
static void values(const struct usage *u, struct buf *out)
{
    for (size_t i = 0; i < u->command_count; i++)
        for (size_t k = 0; k < u->commands[i].option_count; k++) own_values(out, u->commands[i].name, &u->commands[i].options[k]);
    for (size_t i = 0; i < u->option_count; i++) own_values(out, "*", &u->options[i]);
}

/* Options whose next word is no command. */
static void skipping(const struct usage *u, struct buf *out)
{
    for (size_t i = 0, n = 0; i < u->option_count; i++) {
        if (!valued(&u->options[i])) continue;
        buf_printf(out, "%s--%s", n++ ? "|" : "", u->options[i].name);
        if (u->options[i].letter) buf_printf(out, "|-%c", u->options[i].letter);
    }
}

static bool among(const struct usage *u, const char *name)
{
    for (size_t i = 0; i < u->option_count; i++)
        if (!strcmp(u->options[i].name, name)) return true;
    return false;
}

static void option_word(struct buf *out, const char *name) { buf_printf(out, "%s--%s", out->data[out->len - 1] == '\'' ? "" : " ", name); }

static void program_options(const struct usage *u, struct buf *out)
{
    for (size_t i = 0; i < u->option_count; i++) option_word(out, u->options[i].name);
}

static void options_of_commands(const struct usage *u, struct buf *out)
{
    for (size_t i = 0; i < u->command_count; i++) {
        if (!u->commands[i].option_count) continue;
        buf_printf(out, "        %s) list='", u->commands[i].name);
        program_options(u, out);
        for (size_t k = 0; k < u->commands[i].option_count; k++)
            if (!among(u, u->commands[i].options[k].name)) option_word(out, u->commands[i].options[k].name);
        buf_str(out, "' ;;\n");
    }
    buf_str(out, "        *) list='");
    program_options(u, out);
    buf_str(out, "' ;;\n");
}

static void words_of_commands(const struct usage *u, struct buf *out)
{
    buf_str(out, "        '') list='");
    for (size_t i = 0; i < u->command_count; i++) buf_printf(out, "%s%s", i ? " " : "", u->commands[i].name);
    buf_str(out, "' ;;\n");
    for (size_t i = 0; i < u->command_count; i++) {
        const struct usage_command *c = &u->commands[i];
        if (c->files) buf_printf(out, "        %s) kind=files ;;\n", c->name);
        if (!c->words || c->files) continue;
        buf_printf(out, "        %s) list=", c->name);
        quoted(out, c->words, false);
        buf_str(out, " ;;\n");
    }
}

/* Sets `command`, `kind` and `list` from the words before the cursor. */
static void decide(const struct usage *u, struct buf *out)
{
    buf_str(out, "    case $command:$prev in\n");
    values(u, out);
    buf_str(out, "    *) case $cur in\n    -*) case $command in\n");
    options_of_commands(u, out);
    buf_str(out, "        esac ;;\n    *) case $command in\n");
    words_of_commands(u, out);
    buf_str(out, "        esac ;;\n    esac ;;\n    esac\n");
}

static void find_command(const struct usage *u, struct buf *out, const char *count, const char *from)
{
    buf_printf(out, "    for ((i = %s; i < %s; i++)); do\n        case ${words[i]} in\n        ", from, count);
    if (u->option_count) {
        skipping(u, out);
        buf_str(out, ") ((i++)) ;;\n        ");
    }
    buf_str(out, "-*) ;;\n        *) command=${words[i]}; break ;;\n        esac\n    done\n");
}

static void bash(const struct usage *u, struct buf *out)
{
    buf_printf(out, "# bash completion of %s. Made by `%s generate bash`.\n", u->program, u->program);
    function_name(out, u->program);
    buf_str(out, "()\n{\n"
                 "    local line=${COMP_LINE:0:COMP_POINT} cur prev command='' kind=words list='' before='' i\n"
                 "    local -a words\n"
                 "    read -ra words <<<\"$line\"\n"
                 "    [[ $line == *[[:space:]] ]] && words+=('')\n"
                 "    local last=$((${#words[@]} - 1))\n"
                 "    cur=${words[last]} prev=''\n"
                 "    ((last > 1)) && prev=${words[last - 1]}\n");
    find_command(u, out, "last", "1");
    decide(u, out);
    buf_str(out, "    if [[ $kind == files ]]; then\n"
                 "        compopt -o filenames 2>/dev/null\n"
                 "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
                 "        return\n"
                 "    fi\n"
                 "    [[ $kind == commas && $cur == *,* ]] && before=${cur%,*},\n"
                 "    mapfile -t COMPREPLY < <(compgen -P \"$before\" -W \"$list\" -- \"${cur#\"$before\"}\")\n"
                 "    [[ $kind == commas || ${COMPREPLY[0]} == *: ]] && compopt -o nospace 2>/dev/null\n"
                 "    # Readline takes a word to begin after a colon.\n"
                 "    if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then\n"
                 "        before=${cur%\"${cur##*:}\"}\n"
                 "        COMPREPLY=(\"${COMPREPLY[@]#\"$before\"}\")\n"
                 "    fi\n}\n");
    buf_str(out, "complete -F ");
    function_name(out, u->program);
    buf_printf(out, " %s\n", u->program);
}

static void zsh(const struct usage *u, struct buf *out)
{
    buf_printf(out, "#compdef %s\n# zsh completion of %s. Made by `%s generate zsh`.\n", u->program, u->program, u->program);
    function_name(out, u->program);
    buf_str(out, "()\n{\n"
                 "    local cur=${words[CURRENT]} prev='' command='' kind=words list='' i\n"
                 "    ((CURRENT > 2)) && prev=${words[CURRENT-1]}\n");
    find_command(u, out, "CURRENT", "2");
    decide(u, out);
    buf_str(out, "    case $kind in\n"
                 "    files) _files ;;\n"
                 "    commas) compset -P '*,'; compadd -S '' -- ${=list} ;;\n"
                 "    *) local -a open closed\n"
                 "       for i in ${=list}; do [[ $i == *: ]] && open+=(\"$i\") || closed+=(\"$i\"); done\n"
                 "       compadd -S '' -a -- open\n"
                 "       compadd -a -- closed ;;\n"
                 "    esac\n}\n");
    function_name(out, u->program);
    buf_str(out, " \"$@\"\n");
}

static void fish_option(const struct usage *u, struct buf *out, const char *command, const struct usage_option *o)
{
    buf_printf(out, "complete -c %s", u->program);
    if (command) buf_printf(out, " -n '__fish_seen_subcommand_from %s'", command);
    buf_printf(out, " -l %s", o->name);
    if (o->letter) buf_printf(out, " -s %c", o->letter);
    if (valued(o)) buf_str(out, of_file(o) ? " -r -F" : " -x");
    if (o->words) {
        buf_str(out, " -a ");
        quoted(out, o->words, true);
    }
    buf_str(out, " -d ");
    quoted(out, o->help, true);
    buf_char(out, '\n');
}

static void fish(const struct usage *u, struct buf *out)
{
    buf_printf(out, "# fish completion of %s. Made by `%s generate fish`.\ncomplete -c %s -f\n", u->program, u->program, u->program);
    for (size_t i = 0; i < u->command_count; i++) {
        const struct usage_command *c = &u->commands[i];
        size_t line = strcspn(c->help, "\n");
        char help[160];
        snprintf(help, sizeof help, "%.*s", (int)line, c->help);
        buf_printf(out, "complete -c %s -n __fish_use_subcommand -a %s -d ", u->program, c->name);
        quoted(out, help, true);
        buf_char(out, '\n');
        if (c->files) buf_printf(out, "complete -c %s -n '__fish_seen_subcommand_from %s' -F\n", u->program, c->name);
        if (c->words && !c->files) {
            buf_printf(out, "complete -c %s -n '__fish_seen_subcommand_from %s' -a ", u->program, c->name);
            quoted(out, c->words, true);
            buf_char(out, '\n');
        }
        for (size_t k = 0; k < c->option_count; k++) fish_option(u, out, c->name, &c->options[k]);
    }
    for (size_t i = 0; i < u->option_count; i++) fish_option(u, out, NULL, &u->options[i]);
}

bool usage_completion(const struct usage *u, const char *shell, struct buf *out)
{
    if (!strcmp(shell, "bash")) bash(u, out);
    else if (!strcmp(shell, "zsh")) zsh(u, out);
    else if (!strcmp(shell, "fish")) fish(u, out);
    else return false;
    return true;
}
