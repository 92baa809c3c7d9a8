/* docs/themes.md is what the program says, and the program says all of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "console/themes_command.h"

#include "tui/theme.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *text_of(bool markdown)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    themes_text(&out, markdown);
    return out.data;
}

static void every_role_is_told(void **state)
{
    (void)state;
    char *lines = text_of(false), *markdown = text_of(true), line[200];
    for (int i = 0; i < ROLES; i++) {
        const char *name = theme_role_name((enum role)i), *help = theme_role_help((enum role)i);
        snprintf(line, sizeof line, "| `%s` | %s |\n", name, help);
        assert_non_null(strstr(markdown, line));
        snprintf(line, sizeof line, "  %-20s %s\n", name, help);
        assert_non_null(strstr(lines, line));
    }
    assert_non_null(strstr(lines, "/nonexistent/tero/themes/NAME.theme"));
    free(lines);
    free(markdown);
}

static void the_document_is_up_to_date(void **state)
{
    (void)state;
    static char kept[1 << 16];
    FILE *in = fopen("docs/themes.md", "re");
    assert_non_null(in);
    kept[fread(kept, 1, sizeof kept - 1, in)] = '\0';
    fclose(in);
    char *now = text_of(true);
    assert_string_equal(kept, now);
    free(now);
}

int main(void)
{
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_role_is_told), cmocka_unit_test(the_document_is_up_to_date)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
