#include "tests/pty/lib/frame.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUND, ESCAPE, CHARSET, CSI, STRING, STRING_ESCAPE };
enum { WIDEST = 512, LABELS = 32, HEADER_ROW = 3 };

static char problem[400];

/* ---- bytes ---- */

static bool invisible(unsigned c)
{
    return (c >= 0x80 && c < 0xA0) || c == 0xAD || c == 0x61C || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || c >= 0xE0000 || (c >= 0xD800 && c <= 0xDFFF);
}

static const char *wrong_character(unsigned code)
{
    snprintf(problem, sizeof problem, "the character U+%04X reached the terminal", code);
    return problem;
}

static const char *ground(struct stream *s, unsigned char c, bool ascii)
{
    if (s->rest && (c & 0xC0) == 0x80) {
        s->code = s->code << 6 | (c & 0x3F);
        return --s->rest || !invisible(s->code) ? NULL : wrong_character(s->code);
    }
    if (s->rest || (c & 0xC0) == 0x80 || c >= 0xF8) return "a byte that is no UTF-8 reached the terminal";
    if (c >= 0x80 && ascii) return "a byte beyond ASCII reached the terminal";
    if (c >= 0x80) {
        s->rest = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
        s->code = c & (0x3FU >> s->rest);
        return NULL;
    }
    if (c == '\033') s->state = ESCAPE;
    else if (c == 0x7F || (c < 0x20 && !strchr("\r\n\b\t\016\017\007", c))) return wrong_character(c);
    return NULL;
}

static const char *escape(struct stream *s, unsigned char c)
{
    s->state = c == '[' ? CSI : c == '(' || c == ')' ? CHARSET : c == ']' || c == 'P' ? STRING : GROUND;
    s->string_len = 0;
    if (s->state == STRING) s->string[s->string_len++] = (char)c;
    if (s->state != GROUND || strchr("=>78MDEHc", c)) return NULL;
    snprintf(problem, sizeof problem, "the sequence ESC 0x%02x reached the terminal", c);
    return problem;
}

static const char *sequence(struct stream *s, unsigned char c)
{
    if (c >= 0x20 && c < 0x40) return NULL;
    s->state = GROUND;
    return c >= 0x40 && c < 0x7F ? NULL : "a control sequence was broken off";
}

/* The clipboard (OSC 52) is all that a console says by strings, also wrapped for tmux. */
static const char *string(struct stream *s, unsigned char c)
{
    bool over = c == '\007' || (s->state == STRING_ESCAPE && c == '\\');
    if (s->string_len < sizeof s->string - 1) s->string[s->string_len++] = (char)c, s->string[s->string_len] = '\0';
    s->state = over ? GROUND : c == '\033' ? STRING_ESCAPE : STRING;
    if (!over || !strncmp(s->string, "]52;", 4) || !strncmp(s->string, "Ptmux;", 6) || !strncmp(s->string, "P\033]52;", 6)) return NULL;
    return "a string sequence other than that of the clipboard reached the terminal";
}

const char *stream_problem(struct stream *s, const struct vt *vt, const struct frame_rules *rules)
{
    size_t n;
    const char *bytes = vt_all(vt, &n), *wrong = NULL;
    for (; s->seen < n && !wrong; s->seen++) {
        unsigned char c = (unsigned char)bytes[s->seen];
        switch (s->state) {
        case GROUND: wrong = ground(s, c, rules->ascii); break;
        case ESCAPE: wrong = escape(s, c); break;
        case CHARSET: s->state = GROUND; break;
        case CSI: wrong = sequence(s, c); break;
        default: wrong = string(s, c);
        }
    }
    if (!wrong && rules->mono && vt_colours(vt) > 0) wrong = "a colour is set although there shall be none";
    return wrong;
}

/* ---- columns ---- */

struct span {
    int from, to; /* cells, `to` excluded */
};

static bool blank(const struct vt *vt, int y, int x) { return vt_char(vt, y, x) == ' ' || vt_char(vt, y, x) == 0; }

/* The labels of a header: what stands between two blanks or more. 0: no header. */
static int labels(const struct vt *vt, int y, struct span *out)
{
    int count = 0, width = vt_columns(vt);
    for (int x = 0; x < width && count < LABELS; x++) {
        if (blank(vt, y, x)) continue;
        struct span *s = &out[count++];
        s->from = x;
        while (x < width && (!blank(vt, y, x) || (x + 1 < width && !blank(vt, y, x + 1)))) x++;
        s->to = x;
    }
    return count;
}

static bool rule_line(const struct vt *vt, int y)
{
    unsigned c = vt_char(vt, y, 0), next = vt_char(vt, y, 1);
    return (c == 0x2500 || c == '-') && c == next;
}

/* A header says its names in capitals; words in small letters are units behind a stroke. */
static bool header(const struct vt *vt, const struct span *all, int count)
{
    int capitals = 0;
    for (int i = 0; i < count; i++) {
        bool small = false, capital = false;
        for (int x = all[i].from; x < all[i].to && vt_char(vt, HEADER_ROW, x) != '/' && !blank(vt, HEADER_ROW, x); x++) {
            unsigned c = vt_char(vt, HEADER_ROW, x);
            small = small || (c < 0x80 && islower((int)c));
            capital = capital || (c < 0x80 && isupper((int)c));
        }
        capitals += capital && !small;
        if (small && capital) return false;
    }
    return capitals >= 3;
}

static int rows_end(const struct vt *vt)
{
    int y = HEADER_ROW + 1, end = vt_rows(vt) - 2;
    while (y < end && !rule_line(vt, y) && *vt_row(vt, y)) y++;
    return y;
}

static bool gap_is_free(const struct vt *vt, int from, int to, int end)
{
    for (int x = from; x < to; x++) {
        bool free_column = true;
        for (int y = HEADER_ROW + 1; y < end && free_column; y++) free_column = blank(vt, y, x);
        if (free_column) return true;
    }
    return false;
}

static const char *columns_problem(const struct vt *vt)
{
    struct span all[LABELS];
    int count = labels(vt, HEADER_ROW, all), end = rows_end(vt);
    if (!header(vt, all, count)) return NULL;
    for (int i = 0; i + 1 < count; i++) {
        if (gap_is_free(vt, all[i].to, all[i + 1].from, end)) continue;
        snprintf(problem, sizeof problem, "no blank column between the columns at %d and %d", all[i].from, all[i + 1].from);
        return problem;
    }
    return NULL;
}

/* ---- the frame ---- */

static bool too_small(const struct vt *vt) { return vt_columns(vt) < 60 || vt_rows(vt) < 15; }

static const char *characters_problem(const struct vt *vt, bool ascii)
{
    for (int y = 0; y < vt_rows(vt); y++)
        for (int x = 0; x < vt_columns(vt); x++) {
            unsigned c = vt_char(vt, y, x);
            if (c == VT_RIGHT_HALF) continue;
            if ((c && c < 0x20) || c == 0x7F || invisible(c) || (ascii && c > 0x7E)) return wrong_character(c);
        }
    return NULL;
}

static const char *cursor_problem(const struct vt *vt)
{
    int row, column, reversed = -1, count = 0;
    bool visible;
    vt_cursor(vt, &row, &column, &visible);
    for (int y = HEADER_ROW; y < vt_rows(vt) - 2; y++)
        if (vt_attribute(vt, y, 0, 'r')) reversed = y, count++;
    if (!visible) return "plain: the cursor is hidden";
    if (count != 1 || row == reversed || row == vt_rows(vt) - 1) return NULL;
    snprintf(problem, sizeof problem, "plain: the cursor is in row %d, the selected row is %d", row + 1, reversed + 1);
    return problem;
}

const char *frame_problem(const struct vt *vt, const struct frame_rules *rules)
{
    if (!vt_alternate(vt) || too_small(vt)) return NULL;
    const char *wrong = characters_problem(vt, rules->ascii);
    if (wrong) return wrong;
    if (strncmp(vt_row(vt, 0), " Tero", 5) != 0) return "the top line does not begin with Tero";
    const char *bottom = vt_row(vt, vt_rows(vt) - 1);
    if (!*bottom) return "the bottom line is empty: no hint, no message, no question";
    bool typing = *bottom == ':' || *bottom == '/';
    if (!typing && (wrong = columns_problem(vt))) return wrong;
    return rules->plain ? cursor_problem(vt) : NULL;
}
