/* The floor: the least that a scrolling ncurses table of the same look costs. Rows are made up on the fly, nothing is
 * fetched; only what changed is painted. `table [color]`; keys: j k, ^F ^B, g G, q. */
#include <curses.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 100000 };

static bool colour;

static void paint_row(WINDOW *w, int y, long i, bool selected)
{
    static const char *const services[] = {"api-gateway", "checkout", "payments-worker", "search", "session-store"};
    char text[512];
    int n = snprintf(text, sizeof text, " request %06ld finished in <*> ms  %-16s INFO  %9ld  %6.1f GB/mo  $%5.1fK", i, services[i % 5],
                     (i * 7919) % 1000000, (double)(i % 977) / 3, (double)(i % 313) / 7);
    if (n > COLS) n = COLS;
    attr_t attributes = selected ? A_REVERSE : A_NORMAL;
    wattrset(w, (int)attributes);
    mvwaddnstr(w, y, 0, text, n);
    if (n < COLS) whline(w, ' ' | attributes, COLS - n);
    if (colour) mvwchgat(w, y, 34, 16, attributes, (short)(1 + i % 5), NULL);
    wattrset(w, A_NORMAL);
}

static void repaint(WINDOW *w, long top, long cursor, long old_top, long old_cursor)
{
    int height = getmaxy(w);
    long moved = top - old_top;
    bool scrolled = moved > -height && moved < height;
    if (moved && scrolled) {
        scrollok(w, TRUE);
        wscrl(w, (int)moved);
        scrollok(w, FALSE);
    }
    for (int y = 0; y < height; y++) {
        long i = top + y;
        bool fresh = i < old_top || i >= old_top + height;
        if (!scrolled || fresh || i == cursor || i == old_cursor) paint_row(w, y, i, i == cursor);
    }
}

static long clamp(long value, long low, long high) { return value < low ? low : value > high ? high : value; }

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    initscr();
    cbreak();
    noecho();
    nonl();
    curs_set(0);
    colour = argc > 1 && !strcmp(argv[1], "color") && has_colors();
    if (colour) {
        start_color();
        use_default_colors();
        for (short i = 1; i < 8; i++) init_pair(i, i, -1);
    }
    mvaddstr(0, 0, " EVENT                             SERVICE           SEV     EVENTS/h       VOLUME  COST/yr");
    mvaddstr(LINES - 1, 0, " j k move  ^F ^B page  g G ends  q quit");
    wnoutrefresh(stdscr);
    int height = LINES - 2;
    WINDOW *w = newwin(height, COLS, 1, 0);
    keypad(w, TRUE);
    long top = 0, cursor = 0;
    repaint(w, 0, 0, -ROWS, -ROWS);
    for (int key; wnoutrefresh(w), doupdate(), (key = wgetch(w)) != 'q';) {
        long old_top = top, old_cursor = cursor;
        if (key == 'j') cursor++;
        if (key == 'k') cursor--;
        if (key == 6) cursor += height, top += height;
        if (key == 2) cursor -= height, top -= height;
        if (key == 'g') cursor = 0;
        if (key == 'G') cursor = ROWS - 1;
        cursor = clamp(cursor, 0, ROWS - 1);
        top = clamp(top, 0, ROWS - height);
        top = clamp(top, cursor - height + 1, cursor);
        repaint(w, top, cursor, old_top, old_cursor);
    }
    endwin();
    return 0;
}
