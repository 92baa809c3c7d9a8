#include "screens/cells.h"

#include "base/utf8.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

bool cells_begin(void)
{
    bool utf8 = setlocale(LC_CTYPE, "") && !strcmp(nl_langinfo(CODESET), "UTF-8");
    if (!utf8) (void)setlocale(LC_CTYPE, "C.UTF-8");
    return utf8;
}

static int character_width(struct slice s, size_t *at)
{
    unsigned char c = (unsigned char)s.ptr[*at];
    if (c >= 0x20 && c < 0x7f) {
        (*at)++;
        return 1;
    }
    int width = wcwidth((wchar_t)utf8_next(s, at));
    return width < 0 ? 1 : width;
}

int cell_width(const char *text)
{
    struct slice s = slice_str(text);
    int width = 0;
    for (size_t at = 0; at < s.len;) width += character_width(s, &at);
    return width;
}

/* Bytes that fit into `width` columns, and how many columns they take. */
static size_t fit(struct slice s, int width, int *taken)
{
    size_t at = 0;
    *taken = 0;
    while (at < s.len) {
        size_t next = at;
        int w = character_width(s, &next);
        if (*taken + w > width) break;
        *taken += w;
        at = next;
    }
    return at;
}

static void blanks(FILE *out, int count)
{
    for (; count > 0; count--) fputc(' ', out);
}

void cell_write(FILE *out, const char *text, int width, bool right, bool last, bool utf8)
{
    struct slice s = slice_str(text);
    int taken;
    size_t fits = fit(s, width, &taken);
    bool cut = fits < s.len;
    if (cut) fits = fit(s, width - 1, &taken), taken++;
    if (right) blanks(out, width - taken);
    fwrite(s.ptr, 1, fits, out);
    if (cut) fputs(utf8 ? "\u2026" : ">", out);
    if (!right && !last) blanks(out, width - taken);
}

int cells_line(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    const char *columns = getenv("COLUMNS");
    int n = columns ? atoi(columns) : 0;
    return n >= 20 && n <= 10000 ? n : 80;
}
