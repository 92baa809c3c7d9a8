#include "tui/prompt.h"

#include "base/die.h"
#include "base/utf8.h"
#include "tui/canvas.h"
#include "tui/history.h"
#include "tui/paint.h"
#include "tui/style.h"
#include "tui/term.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/history.h>
#include <readline/readline.h>

enum { QUEUE = 32, LINE_MAX_BYTES = 4096, SHOWN_MAX = 256 };

static struct {
    struct prompt_options options;
    bool open, started, finished;
    char *line; /* of the finished prompt; NULL: given up */
    unsigned char queue[QUEUE];
    size_t queued, taken;
    char before[LINE_MAX_BYTES + 1];
    char matches[SHOWN_MAX];
    int first; /* columns scrolled off at the left */
} prompt;

static int queue_get(FILE *stream)
{
    (void)stream;
    return prompt.taken < prompt.queued ? prompt.queue[prompt.taken++] : EOF;
}

static int queue_available(void) { return prompt.taken < prompt.queued; }

static void redisplay(void) {}

static void finish(char *line)
{
    rl_callback_handler_remove();
    prompt.open = false;
    prompt.finished = true;
    prompt.line = line;
}

static char *candidate(const char *word, int state)
{
    static int n;
    if (state == 0) n = 0;
    return prompt.options.complete(prompt.options.context, rl_line_buffer, word, n++);
}

static char **complete(const char *word, int start, int end)
{
    (void)start;
    (void)end;
    rl_attempted_completion_over = 1;
    rl_completion_suppress_append = 1;
    return prompt.options.complete ? rl_completion_matches(word, candidate) : NULL;
}

static void show_matches(char **matches, int count, int longest)
{
    (void)longest;
    size_t used = 0;
    prompt.matches[0] = '\0';
    for (int i = 1; i <= count && used + strlen(matches[i]) + 3 < SHOWN_MAX; i++)
        used += (size_t)snprintf(prompt.matches + used, SHOWN_MAX - used, "  %s", matches[i]);
}

static int too_long(int count, int key) { return rl_end < LINE_MAX_BYTES ? rl_insert(count, key) : 0; }

static void bind_keys(void)
{
    for (int c = 32; c < 256; c++)
        if (c != 127) rl_bind_key(c, too_long);
    rl_bind_keyseq("\033[1;5D", rl_backward_word);
    rl_bind_keyseq("\033[1;5C", rl_forward_word);
    rl_bind_keyseq("\033[3~", rl_delete);
    rl_bind_key('\t', rl_complete);
    rl_variable_bind("show-all-if-ambiguous", "on");
    rl_variable_bind("bell-style", "none");
    rl_variable_bind("enable-bracketed-paste", "off");
}

static void start(void)
{
    if (prompt.started) return;
    prompt.started = true;
    char *locale = setlocale(LC_CTYPE, NULL), *kept = locale ? xstrdup(locale) : NULL;
    rl_readline_name = "tero-console";
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_prep_term_function = NULL;
    rl_deprep_term_function = NULL;
    rl_getc_function = queue_get;
    rl_input_available_hook = queue_available;
    rl_redisplay_function = redisplay;
    rl_instream = fopen("/dev/null", "re");
    rl_outstream = fopen("/dev/null", "we");
    rl_attempted_completion_function = complete;
    rl_completion_display_matches_hook = show_matches;
    rl_basic_word_break_characters = " ";
    rl_completer_word_break_characters = " ";
    rl_completer_quote_characters = "";
    if (!rl_instream || !rl_outstream) die("no /dev/null");
    rl_initialize();
    bind_keys();
    if (kept) setlocale(LC_CTYPE, kept);
    free(kept);
}

static void remember(void) { snprintf(prompt.before, sizeof prompt.before, "%s", rl_line_buffer); }

void prompt_open(const struct prompt_options *options)
{
    prompt_close();
    start();
    prompt.options = *options;
    prompt.open = true;
    prompt.finished = false;
    prompt.first = 0;
    prompt.matches[0] = '\0';
    history_open(options->history);
    rl_callback_handler_install("", finish);
    if (options->initial) rl_insert_text(options->initial);
    remember();
}

bool prompt_is_open(void) { return prompt.open; }

void prompt_close(void)
{
    if (!prompt.open) return;
    rl_callback_handler_remove();
    prompt.open = false;
    term_cursor(-1, 0);
}

/* The callbacks may open the next prompt. */
static void tell_done(void)
{
    struct prompt_options options = prompt.options;
    char *line = prompt.line;
    prompt.finished = false;
    prompt.line = NULL;
    term_cursor(-1, 0);
    if (line && *line && options.history) history_keep(options.history, line);
    if (options.done) options.done(options.context, line);
    free(line);
}

static void tell_changed(void)
{
    if (!strcmp(prompt.before, rl_line_buffer)) return;
    remember();
    if (prompt.options.changed) prompt.options.changed(prompt.options.context, prompt.before);
}

static void feed(const char *bytes, size_t n)
{
    if (n > QUEUE) return;
    memcpy(prompt.queue, bytes, n);
    prompt.queued = n;
    prompt.taken = 0;
    while (prompt.open && queue_available()) rl_callback_read_char();
    if (prompt.finished) tell_done();
    else if (prompt.open) tell_changed();
}

static void give_up(void)
{
    prompt_close();
    prompt.line = NULL;
    tell_done();
}

/* What readline's own key table knows the key by. */
static const char *sequence_of(int key)
{
    switch (key) {
    case TERM_UP: return "\033[A";
    case TERM_DOWN: return "\033[B";
    case TERM_RIGHT: return "\033[C";
    case TERM_LEFT: return "\033[D";
    case TERM_HOME: return "\033[H";
    case TERM_END: return "\033[F";
    case TERM_DELETE: return "\033[3~";
    case TERM_LEFT | TERM_CTRL: return "\033[1;5D";
    case TERM_RIGHT | TERM_CTRL: return "\033[1;5C";
    case TERM_BACKSPACE: return "\177";
    case TERM_BACKSPACE | TERM_ALT: return "\033\177";
    case TERM_ENTER: return "\r";
    case TERM_TAB: return "\t";
    default: return NULL;
    }
}

static void feed_character(int key)
{
    struct buf bytes;
    buf_init(&bytes, QUEUE);
    if (key & TERM_ALT) buf_char(&bytes, '\033');
    key &= ~TERM_ALT;
    if (key < KEY_BASE) {
        utf8_put(&bytes, (uint32_t)key);
        feed(bytes.data, bytes.len);
    }
    buf_free(&bytes);
}

void prompt_key(int key)
{
    if (!prompt.open) return;
    prompt.matches[0] = '\0';
    bool nothing_left = rl_end == 0 && key == 4;
    if (key == TERM_ESCAPE || key == 3 || key == 7 || nothing_left) {
        give_up();
        return;
    }
    const char *sequence = sequence_of(key);
    if (sequence) feed(sequence, strlen(sequence));
    else feed_character(key);
}

void prompt_paste(const char *text)
{
    if (!prompt.open) return;
    struct buf line;
    size_t room = rl_end < LINE_MAX_BYTES ? (size_t)(LINE_MAX_BYTES - rl_end) : 0, len = strlen(text);
    buf_init(&line, LINE_MAX_BYTES * 3);
    while (len > room || (len > 0 && text[len - 1] == '\n')) len--;
    while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80) len--;
    utf8_clean(&line, slice_of(text, len));
    if (line.data) rl_insert_text(line.data);
    buf_free(&line);
    tell_changed();
}

/* The text without its first `columns`; *skipped is what really went, more where a wide character stood there. */
static const char *scrolled(const char *text, int columns, int *skipped)
{
    size_t len = strlen(text), at = 0;
    *skipped = 0;
    while (at < len && *skipped < columns) {
        uint32_t code;
        *skipped += width_next(slice_of(text, len), &at, &code);
    }
    return text + at;
}

static const char *label(void)
{
    return rl_display_prompt && *rl_display_prompt ? rl_display_prompt : prompt.options.label ? prompt.options.label : "";
}

void prompt_paint(int y)
{
    paint_clear(y, 0, ROLE_TEXT);
    if (!prompt.open) return;
    int left = paint_text(y, 0, term_columns(), ROLE_KEY, label()), room = term_columns() - left;
    int cursor = text_width_n(rl_line_buffer, (size_t)rl_point), skipped;
    if (cursor < prompt.first) prompt.first = cursor > room / 3 ? cursor - room / 3 : 0;
    if (cursor - prompt.first >= room) prompt.first = cursor - room + 1;
    const char *text = scrolled(rl_line_buffer, prompt.first, &skipped);
    int used = paint_text(y, left, room, ROLE_TEXT, text);
    if (prompt.matches[0] && used < room) paint_cell(y, left + used, room - used, ROLE_DIM, ALIGN_LEFT, prompt.matches);
    term_cursor(y, left + (cursor > skipped ? cursor - skipped : 0));
}
