/* What the tests of the toolkit share: cmocka with its prerequisites, and a canvas without a terminal. */
#ifndef TESTS_UNIT_TUI_LIB_H
#define TESTS_UNIT_TUI_LIB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tui/canvas.h"

#include <locale.h>
#include <stdlib.h>

static inline void canvas_for_test(int rows, int columns)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    canvas_utf8(true);
    canvas_resize(rows, columns);
}

/* The row as it would be seen. */
static inline void assert_row(int y, const char *expected)
{
    struct buf text;
    buf_init(&text, 4096);
    canvas_read(y, &text);
    assert_string_equal(text.data ? text.data : "", expected);
    buf_free(&text);
}

#endif
