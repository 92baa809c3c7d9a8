#include "tests/pty/lib/keys.h"

#include <ctype.h>
#include <string.h>

static const struct {
    const char *name, *bytes;
} keys[] = {
    {"Enter", "\r"},
    {"Esc", "\033"},
    {"Space", " "},
    {"Tab", "\t"},
    {"Backspace", "\177"},
    {"Up", "\033OA"},
    {"Down", "\033OB"},
    {"Right", "\033OC"},
    {"Left", "\033OD"},
    {"Home", "\033OH"},
    {"End", "\033OF"},
    {"PgUp", "\033[5~"},
    {"PgDn", "\033[6~"},
    {"Del", "\033[3~"},
    {"F1", "\033OP"},
    {"F5", "\033[15~"},
    {"BackTab", "\033[Z"},
    {"Lt", "<"},
    {"PasteStart", "\033[200~"},
    {"PasteEnd", "\033[201~"},
};

static bool add_key(struct buf *out, const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strlen(keys[i].name) == n && !strncmp(keys[i].name, name, n)) return buf_str(out, keys[i].bytes), true;
    if (n == 3 && name[0] == 'C' && name[1] == '-') return buf_char(out, (char)(toupper((unsigned char)name[2]) & 0x1f)), true;
    if (n == 3 && name[0] == 'M' && name[1] == '-') return buf_char(out, '\033'), buf_char(out, name[2]), true;
    return false;
}

bool key_bytes(struct buf *out, const char *word)
{
    while (*word) {
        const char *end = *word == '<' ? strchr(word, '>') : NULL;
        if (end) {
            if (!add_key(out, word + 1, (size_t)(end - word - 1))) return false;
            word = end + 1;
        } else {
            buf_char(out, *word++);
        }
    }
    return true;
}
