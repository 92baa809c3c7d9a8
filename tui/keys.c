#include "tui/keys.h"

#include "base/suggest.h"
#include "base/utf8.h"
#include "tui/term.h"

#include <stdio.h>
#include <strings.h>

/* The first name of a key is the one that is shown. */
static const struct {
    const char *name;
    int key;
} names[] = {
    {"Up", TERM_UP},
    {"Down", TERM_DOWN},
    {"Left", TERM_LEFT},
    {"Right", TERM_RIGHT},
    {"Home", TERM_HOME},
    {"End", TERM_END},
    {"PgUp", TERM_PAGE_UP},
    {"PageUp", TERM_PAGE_UP},
    {"PgDn", TERM_PAGE_DOWN},
    {"PageDown", TERM_PAGE_DOWN},
    {"Ins", TERM_INSERT},
    {"Insert", TERM_INSERT},
    {"Del", TERM_DELETE},
    {"Delete", TERM_DELETE},
    {"Backspace", TERM_BACKSPACE},
    {"Enter", TERM_ENTER},
    {"Return", TERM_ENTER},
    {"Tab", TERM_TAB},
    {"Shift-Tab", TERM_BACK_TAB},
    {"BackTab", TERM_BACK_TAB},
    {"Esc", TERM_ESCAPE},
    {"Escape", TERM_ESCAPE},
    {"Space", ' '},
    {"Comma", ','},
};

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static int character(const char *name)
{
    struct slice s = slice_str(name);
    size_t at = 0;
    if (s.len == 0) return -1;
    uint32_t code = utf8_next(s, &at);
    if (at != s.len || utf8_unsafe(code) || (code == UTF8_REPLACEMENT && at == 1)) return -1;
    return (int)code;
}

static int function_key(const char *name)
{
    int number = 0;
    if ((name[0] != 'F' && name[0] != 'f') || !name[1] || strlen(name) > 3) return -1;
    for (const char *c = name + 1; *c; c++) {
        if (*c < '0' || *c > '9') return -1;
        number = number * 10 + (*c - '0');
    }
    return number >= 1 && number <= 12 ? TERM_F1 + number - 1 : -1;
}

static int named(const char *name)
{
    for (size_t i = 0; i < LENGTH(names); i++)
        if (!strcasecmp(name, names[i].name)) return names[i].key;
    return function_key(name);
}

static int with_control(int key)
{
    int upper = key >= 'a' && key <= 'z' ? key - 32 : key;
    if (upper == ' ') return TERM_CTRL | ' ';
    if (upper < '@' || upper > '_') return key | TERM_CTRL;
    switch (upper) {
    case 'H': return TERM_BACKSPACE;
    case 'I': return TERM_TAB;
    case 'J':
    case 'M': return TERM_ENTER;
    case '[': return TERM_ESCAPE;
    case '@': return TERM_CTRL | ' ';
    default: return upper & 31;
    }
}

static int with_shift(int key)
{
    if (key >= 'a' && key <= 'z') return key - 32;
    if (key == TERM_TAB) return TERM_BACK_TAB;
    return key >= KEY_BASE ? key | TERM_SHIFT : -1;
}

int key_parse(const char *name)
{
    int key = character(name);
    if (key >= 0) return key;
    key = named(name);
    if (key >= 0) return key;
    bool caret = name[0] == '^' && name[1];
    if (caret || !strncasecmp(name, "Ctrl-", 5)) {
        key = key_parse(name + (caret ? 1 : 5));
        return key < 0 ? -1 : with_control(key);
    }
    if (!strncasecmp(name, "Alt-", 4)) {
        key = key_parse(name + 4);
        return key < 0 ? -1 : key | TERM_ALT;
    }
    if (!strncasecmp(name, "Shift-", 6)) {
        key = key_parse(name + 6);
        return key < 0 ? -1 : with_shift(key);
    }
    return -1;
}

static void bare_name(struct buf *out, int key)
{
    for (size_t i = 0; i < LENGTH(names); i++)
        if (names[i].key == key && key != ',') {
            buf_str(out, names[i].name);
            return;
        }
    if (key >= TERM_F1 && key <= TERM_F12) buf_printf(out, "F%d", key - TERM_F1 + 1);
    else if (key < 32) buf_printf(out, "Ctrl-%c", key + 64);
    else utf8_put(out, (uint32_t)key);
}

const char *key_name(int key)
{
    static char text[4][32];
    static unsigned turn;
    struct buf out;
    char *place = text[turn++ % 4];
    buf_init(&out, sizeof text[0] - 1);
    if (key & TERM_ALT) buf_str(&out, "Alt-");
    if (key & TERM_CTRL) buf_str(&out, "Ctrl-");
    if (key & TERM_SHIFT) buf_str(&out, "Shift-");
    bare_name(&out, key & ~(TERM_ALT | TERM_CTRL | TERM_SHIFT));
    snprintf(place, sizeof text[0], "%s", out.data ? out.data : "");
    buf_free(&out);
    return place;
}
