#include "base/buf.h"
#include "base/die.h"
#include "control-plane/catalog/header.h"
#include "control-plane/catalog/miner.h"
#include "control-plane/catalog/multiline.h"
#include "control-plane/catalog/structure.h"
#include "control-plane/commands.h"
#include "control-plane/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { SAMPLE = 1000, TEMPLATE_MAX = 64 * 1024 };
#define INPUT_MAX    ((size_t)4 << 30)
#define MINER_MEMORY ((size_t)1 << 34)

struct lines {
    struct slice *line;
    size_t n, room;
};

static bool read_all(const char *path, struct buf *text)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *f = standard ? stdin : fopen(path, "rb");
    if (!f) return false;
    for (size_t got = 1; got && buf_reserve(text, 1 << 20);) {
        got = fread(text->data + text->len, 1, 1 << 20, f);
        text->len += got;
    }
    bool fine = !ferror(f) && !text->full;
    if (text->full) errno = EFBIG;
    if (!standard) fclose(f);
    return fine;
}

static void split_lines(struct lines *lines, struct slice text)
{
    const char *p = text.ptr, *end = text.ptr + text.len;
    while (p < end) {
        const char *q = memchr(p, '\n', (size_t)(end - p));
        if (!q) q = end;
        if (lines->n == lines->room) {
            lines->room = lines->room ? lines->room * 2 : 1024;
            lines->line = xreallocarray(lines->line, lines->room, sizeof *lines->line);
        }
        lines->line[lines->n++] = slice_of(p, (size_t)(q - p));
        p = q + 1;
    }
}

static void template_of_line(const struct header *header, struct structure *s, struct slice line, struct template *t)
{
    struct header_parts parts;
    if (header && header_split(header, line, &parts)) line = parts.message;
    if (structure_of_text(s, line)) structure_template(s, t);
    else template_of(t, line);
}

static void print_all(struct pattern **patterns, size_t n)
{
    struct buf text;
    char id[UUID_TEXT + 1];
    buf_init(&text, TEMPLATE_MAX);
    for (size_t i = 0; i < n; i++) {
        const struct pattern *root = pattern_root(patterns[i]);
        buf_clear(&text);
        pattern_display(root, NULL, &text);
        id_text(pattern_id(root), id);
        printf("%s\t%.*s\n", id, (int)text.len, text.data ? text.data : "");
    }
    buf_free(&text);
}

static void mine(const struct lines *lines)
{
    struct header *header = header_learn(lines->line, lines->n < SAMPLE ? lines->n : SAMPLE);
    struct miner *miner = miner_new(0, MINER_MEMORY);
    struct pattern **patterns = xcalloc(lines->n + 1, sizeof(struct pattern *));
    struct structure structure;
    struct template template;
    structure_init(&structure);
    for (size_t i = 0; i < lines->n; i++) {
        template_of_line(header, &structure, lines->line[i], &template);
        patterns[i] = miner_intern(miner, &template, 0, multiline_fragment(lines->line[i]));
    }
    miner_settle(miner);
    print_all(patterns, lines->n);
    structure_free(&structure);
    free(patterns);
    miner_free(miner);
    header_free(header);
}

int patterns_command(int argc, char **argv)
{
    struct lines lines = {0};
    struct buf text;
    int exit_code;
    const struct command_spec command = {
        .name = "patterns",
        .usage = "FILE|-",
        .summary = "Prints GROUP<TAB>TEMPLATE for every line, in order. The columns before the message (time, level,\n"
                   "program) are learned from the lines and left out. Nothing is stored and no word is withheld.",
        .operands_max = 1};
    if (!options_read(&command, &argc, argv, &exit_code)) return exit_code;
    if (argc != 2) {
        fputs("tero-control-plane patterns: a file is missing; - is standard input\n", stderr);
        return 1;
    }
    buf_init(&text, INPUT_MAX);
    bool fine = read_all(argv[1], &text);
    if (fine) {
        split_lines(&lines, buf_view(&text));
        mine(&lines);
        fine = fflush(stdout) == 0 && !ferror(stdout);
        if (!fine) fprintf(stderr, "tero-control-plane: standard output: %s\n", strerror(errno));
    } else {
        fprintf(stderr, "tero-control-plane: %s: %s\n", argv[1], strerror(errno));
    }
    free(lines.line);
    buf_free(&text);
    return fine ? 0 : 1;
}
