#include "tui/screen.h"

#include "base/die.h"
#include "tui/style.h"

/* term.h has macros of many common words ("columns", "lines"): last. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

enum { OUT_MAX = 64 << 20, OUT_KEPT = 256 << 10 };

static struct {
    SCREEN *curses;
    FILE *out;
    int fd;
    char *bytes; /* what curses wrote, mapped */
    off_t written;
    struct cell *shown;
    cchar_t *line;
    int rows, across;
    bool all, cursor_shown, can_hide;
    unsigned generation;
} screen;

static bool open_memory(void)
{
    screen.fd = memfd_create("frame", MFD_CLOEXEC);
    if (screen.fd < 0) return false;
    screen.bytes = mmap(NULL, OUT_MAX, PROT_READ, MAP_SHARED, screen.fd, 0);
    if (screen.bytes == MAP_FAILED) screen.bytes = NULL;
    screen.out = screen.bytes ? fdopen(screen.fd, "w") : NULL;
    return screen.out != NULL;
}

static void close_memory(void)
{
    if (screen.out) fclose(screen.out);
    else if (screen.fd >= 0) close(screen.fd);
    if (screen.bytes) munmap(screen.bytes, OUT_MAX);
    screen.out = NULL;
    screen.bytes = NULL;
    screen.fd = -1;
}

/* Delays are for terminals that have long gone; only curses would know how to make them. */
static const char *without_padding(const char *from)
{
    static char text[128];
    size_t n = 0;
    while (*from && n + 1 < sizeof text) {
        const char *end = from[0] == '$' && from[1] == '<' ? strchr(from, '>') : NULL;
        if (end) from = end + 1;
        else text[n++] = *from++;
    }
    text[n] = '\0';
    return text;
}

const char *screen_capability(const char *name)
{
    const char *value = tigetstr(name);
    return value && value != (const char *)-1 ? without_padding(value) : NULL;
}

bool screen_flag(const char *name) { return tigetflag(name) > 0; }

const char *screen_goto(int y, int x)
{
    const char *move = tigetstr("cup");
    return move && move != (const char *)-1 ? without_padding(tiparm(move, y, x)) : "";
}

const char *screen_scroll_all(void)
{
    const char *region = tigetstr("csr");
    return region && region != (const char *)-1 ? without_padding(tiparm(region, 0, screen.rows - 1)) : "";
}

static void open_colors(bool color)
{
    bool any = color && has_colors() && start_color() == OK;
    if (any && use_default_colors() == ERR) assume_default_colors(COLOR_WHITE, COLOR_BLACK);
    theme_terminal(any ? COLORS : 0, any && tigetflag("RGB") > 0);
    screen.generation = 0;
}

static void start(int rows, int across)
{
    noecho();
    cbreak();
    nonl();
    typeahead(-1);
    scrollok(stdscr, FALSE);
    leaveok(stdscr, TRUE);
    screen.can_hide = curs_set(0) != ERR;
    screen.cursor_shown = !screen.can_hide;
    screen_resize(rows, across);
}

/* Asked first, since newterm() loses memory over a type that it does not know. */
static bool known(const char *type)
{
    int why;
    if (setupterm(type, screen.fd, &why) != OK) return false;
    del_curterm(cur_term);
    return true;
}

/* curses writes into memory, so it cannot ask for the size; without it, it would confine scrolling to the 24 lines of the
 * terminal's description. */
static SCREEN *open_sized(const char *type, int rows, int across)
{
    static const char *const names[] = {"LINES", "COLUMNS"};
    const int sizes[] = {rows, across};
    char *before[2], text[16];
    for (int i = 0; i < 2; i++) {
        const char *value = getenv(names[i]);
        before[i] = value ? xstrdup(value) : NULL;
        snprintf(text, sizeof text, "%d", sizes[i]);
        setenv(names[i], text, 1);
    }
    SCREEN *curses = newterm(type, screen.out, stdin);
    for (int i = 0; i < 2; i++) {
        if (before[i]) setenv(names[i], before[i], 1);
        else unsetenv(names[i]);
        free(before[i]);
    }
    return curses;
}

enum screen_opened screen_open(const char *type, int rows, int across, bool color)
{
    if (!open_memory()) die("no memory for the screen");
    screen.curses = known(type) ? open_sized(type, rows, across) : NULL;
    bool able = screen.curses && screen_capability("cup");
    if (able) {
        open_colors(color);
        start(rows, across);
        return SCREEN_OPEN;
    }
    enum screen_opened why = screen.curses ? SCREEN_UNABLE : SCREEN_UNKNOWN;
    if (screen.curses) delscreen(screen.curses);
    screen.curses = NULL;
    close_memory();
    return why;
}

void screen_close(void)
{
    if (!screen.curses) return;
    delscreen(screen.curses);
    close_memory();
    free(screen.shown);
    free(screen.line);
    screen.shown = NULL;
    screen.line = NULL;
    screen.curses = NULL;
}

void screen_resize(int rows, int across)
{
    screen.rows = rows;
    screen.across = across;
    resizeterm(rows, across);
    screen.shown = xreallocarray(screen.shown, (size_t)rows * (size_t)across, sizeof *screen.shown);
    screen.line = xreallocarray(screen.line, (size_t)across, sizeof *screen.line);
    screen_repaint();
}

void screen_repaint(void)
{
    screen.all = true;
    clearok(curscr, TRUE);
}

static void apply_pairs(void)
{
    int count;
    unsigned generation;
    const struct theme_pair *pairs = theme_pairs(&count, &generation);
    if (generation == screen.generation) return;
    screen.generation = generation;
    if (has_colors())
        for (int i = 1; i < count; i++) init_extended_pair(i, pairs[i].fg, pairs[i].bg);
    screen.all = true;
}

static attr_t attributes_of(uint16_t style)
{
    attr_t a = A_NORMAL;
    if (style & STYLE_BOLD) a |= A_BOLD;
    if (style & STYLE_DIM) a |= A_DIM;
    if (style & STYLE_UNDERLINE) a |= A_UNDERLINE;
    if (style & STYLE_REVERSE) a |= A_REVERSE;
    if (style & STYLE_ITALIC) a |= A_ITALIC;
    return a;
}

static void to_curses(const struct cell *cell, cchar_t *out)
{
    wchar_t text[4] = {(wchar_t)cell->code, (wchar_t)cell->marks[0], (wchar_t)cell->marks[1], 0};
    int pair = cell->style >> 8;
    setcchar(out, text, attributes_of(cell->style), (short)pair, NULL);
}

static bool same(const struct cell *a, const struct cell *b, size_t n) { return !memcmp(a, b, n * sizeof *a); }

/* Hands over the part of the row that differs. The right half of a wide character goes with its left one. */
static void draw_row(int y, const struct cell *now, struct cell *before, bool all)
{
    int from = 0, to = screen.across;
    if (!all) {
        while (from < to && same(now + from, before + from, 1)) from++;
        while (to > from && same(now + to - 1, before + to - 1, 1)) to--;
        while (from > 0 && (now[from].width == 0 || before[from].width == 0)) from--;
    }
    int n = 0;
    for (int x = from; x < to; x++)
        if (now[x].width) to_curses(&now[x], &screen.line[n++]);
    if (n) mvwadd_wchnstr(stdscr, y, from, screen.line, n);
    memcpy(before, now, (size_t)screen.across * sizeof *now);
}

static struct cell *shown_row(int y) { return screen.shown + (size_t)y * (size_t)screen.across; }

static bool row_same(int now, int before) { return same(canvas_row(now), shown_row(before), (size_t)screen.across); }

/* By how many rows most of what is to show between first and last moved up; 0: it did not. */
static int find_shift(int first, int last)
{
    int middle = (first + last) / 2, moved = 0, equal = 0;
    for (int y = first; y <= last && !moved; y++)
        if (y != middle && row_same(middle, y)) moved = y - middle;
    for (int y = first; moved && y <= last; y++) equal += y + moved >= first && y + moved <= last && row_same(y, y + moved);
    return equal * 2 > last - first ? moved : 0;
}

/* Lets curses move rows that only moved, instead of taking each anew. */
static void scroll_rows(void)
{
    int first = 0, last = screen.rows - 1;
    while (first <= last && row_same(first, first)) first++;
    while (last > first && row_same(last, last)) last--;
    int shift = last - first < 3 ? 0 : find_shift(first, last);
    if (shift == 0) return;
    scrollok(stdscr, TRUE);
    wsetscrreg(stdscr, first, last);
    wscrl(stdscr, shift);
    wsetscrreg(stdscr, 0, screen.rows - 1);
    scrollok(stdscr, FALSE);
    int kept = last - first + 1 - abs(shift), from = shift > 0 ? first + shift : first, to = shift > 0 ? first : first - shift;
    memmove(shown_row(to), shown_row(from), (size_t)kept * (size_t)screen.across * sizeof *screen.shown);
    struct cell *fresh = shown_row(shift > 0 ? first + kept : first);
    size_t cells = (size_t)abs(shift) * (size_t)screen.across;
    for (size_t i = 0; i < cells; i++) fresh[i] = (struct cell){.code = ' ', .width = 1};
}

static void place_cursor(int y, int x)
{
    bool show = y >= 0;
    if (show != screen.cursor_shown && screen.can_hide) curs_set(show);
    screen.cursor_shown = show;
    leaveok(stdscr, !show);
    if (show) wmove(stdscr, y >= screen.rows ? screen.rows - 1 : y, x < 0 ? 0 : x >= screen.across ? screen.across - 1 : x);
}

void screen_draw(int y, int x)
{
    if (screen.written > OUT_KEPT && ftruncate(screen.fd, 0) == 0) screen.written = 0;
    apply_pairs();
    if (!screen.all) scroll_rows();
    for (int row = 0; row < screen.rows; row++) {
        const struct cell *now = canvas_row(row);
        struct cell *before = shown_row(row);
        if (now && (screen.all || !same(now, before, (size_t)screen.across))) draw_row(row, now, before, screen.all);
    }
    screen.all = false;
    place_cursor(y, x);
    wnoutrefresh(stdscr);
    doupdate();
}

struct slice screen_take(void)
{
    fflush(screen.out);
    off_t end = lseek(screen.fd, 0, SEEK_CUR);
    lseek(screen.fd, 0, SEEK_SET);
    screen.written = end;
    size_t n = end < 0 ? 0 : end > OUT_MAX ? OUT_MAX : (size_t)end;
    return (struct slice){screen.bytes, n};
}
