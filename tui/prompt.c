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

enum { QUEUE = 32, LINE_MAX_BYTES = 4096 };

static struct {
    struct prompt_options options;
    bool open, started, finished;
    char *line; /* of the finished prompt; NULL: given up */
    unsigned char queue[QUEUE];
    size_t queued, taken;
    char before[LINE_MAX_BYTES + 1];
    struct completions candidates;
    long chosen; /* that Tab put into the line, -1: none */
    int first;   /* columns scrolled off at the left */
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
    completions_free(&prompt.candidates);
    prompt.open = false;
    prompt.finished = true;
    prompt.line = line;
}

static int nothing(int count, int key)
{
    (void)count;
    (void)key;
    return 0;
}

static int too_long(int count, int key) { return rl_end < LINE_MAX_BYTES ? rl_insert(count, key) : 0; }

static void bind_keys(void)
{
    for (int c = 32; c < 256; c++)
        if (c != 127) rl_bind_key(c, too_long);
    rl_bind_keyseq("\033[1;5D", rl_backward_word);
    rl_bind_keyseq("\033[1;5C", rl_forward_word);
    rl_bind_keyseq("\033[3~", rl_delete);
    rl_bind_key('\t', nothing);
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
    if (!rl_instream || !rl_outstream) die("no /dev/null");
    rl_initialize();
    bind_keys();
    if (kept) setlocale(LC_CTYPE, kept);
    free(kept);
}

static void remember(void) { snprintf(prompt.before, sizeof prompt.before, "%s", rl_line_buffer); }

/* ---- candidates ---- */

static void offer_simple(struct completions *c)
{
    char *text;
    bool more = true;
    const char *word = completions_prefix(c);
    for (int n = 0; more && (text = prompt.options.complete(prompt.options.context, rl_line_buffer, word, n)); n++) {
        more = completions_add(c, text, NULL, true) && n < COMPLETIONS_MAX;
        free(text);
    }
}

static void look_for_candidates(void)
{
    struct completions *c = &prompt.candidates;
    prompt.chosen = -1;
    completions_begin(c, rl_line_buffer, (size_t)rl_point);
    if (prompt.options.offer) prompt.options.offer(prompt.options.context, c);
    else if (prompt.options.complete) offer_simple(c);
}

static void replace_word(const char *text, size_t len)
{
    char *word = xstrndup(text, len);
    rl_begin_undo_group();
    rl_delete_text((int)prompt.candidates.start, rl_point);
    rl_point = (int)prompt.candidates.start;
    if (rl_end + (int)len <= LINE_MAX_BYTES) rl_insert_text(word);
    rl_end_undo_group();
    free(word);
}

static void put_candidate(long n)
{
    const struct completion *item = &prompt.candidates.items[n];
    replace_word(item->text, strlen(item->text));
}

/* The candidates stay those of the word as it was typed while Tab goes through them. */
static void step(int by)
{
    long count = (long)prompt.candidates.count, from = prompt.chosen;
    if (from < 0) from = by > 0 ? -1 : 0;
    prompt.chosen = (from + by + count) % count;
    put_candidate(prompt.chosen);
}

static void complete_word(int by)
{
    const struct completions *c = &prompt.candidates;
    size_t word = strlen(completions_prefix(c)), common = completions_common(c);
    if (c->count == 0) return;
    if (c->count == 1) {
        put_candidate(0);
        if (!c->items[0].open && rl_end < LINE_MAX_BYTES) rl_insert_text(" ");
        look_for_candidates();
    } else if (prompt.chosen < 0 && by > 0 && common > word) {
        replace_word(c->items[0].text, common);
        look_for_candidates();
    } else {
        step(by);
    }
}

static bool searching(void) { return RL_ISSTATE(RL_STATE_ISEARCH) != 0; }

void prompt_refresh(void)
{
    if (prompt.open && prompt.chosen < 0 && !searching()) look_for_candidates();
}

bool prompt_has_candidates(void) { return prompt.open && prompt.candidates.count > 0 && !searching(); }
void prompt_paint_candidates(int y) { completions_paint(&prompt.candidates, prompt.chosen, y); }

const char *prompt_help(void)
{
    if (!prompt.open || !prompt.options.help) return "";
    return searching() ? "Enter takes the line, Esc stays in it to edit, Ctrl-R goes on to older ones, Ctrl-C gives up"
                       : prompt.options.help(prompt.options.context, rl_line_buffer);
}

void prompt_remember(unsigned lines) { history_limit(lines); }

void prompt_open(const struct prompt_options *options)
{
    prompt_close();
    start();
    prompt.options = *options;
    prompt.open = true;
    prompt.finished = false;
    prompt.first = 0;
    history_open(options->history);
    rl_callback_handler_install("", finish);
    if (options->initial) rl_insert_text(options->initial);
    remember();
    look_for_candidates();
}

bool prompt_is_open(void) { return prompt.open; }

void prompt_close(void)
{
    if (!prompt.open) return;
    rl_callback_handler_remove();
    completions_free(&prompt.candidates);
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

static void edited(void)
{
    if (!searching()) look_for_candidates();
    tell_changed();
}

static void feed(const char *bytes, size_t n)
{
    if (n > QUEUE) return;
    memcpy(prompt.queue, bytes, n);
    prompt.queued = n;
    prompt.taken = 0;
    while (prompt.open && queue_available()) rl_callback_read_char();
    if (prompt.finished) tell_done();
    else if (prompt.open) edited();
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
    bool nothing_left = rl_end == 0 && key == 4;
    if (searching() && (key == TERM_ESCAPE || key == 3 || key == 7)) {
        feed(key == TERM_ESCAPE ? "\033" : "\007", 1);
        return;
    }
    if (!searching() && (key == TERM_TAB || key == TERM_BACK_TAB)) {
        complete_word(key == TERM_TAB ? 1 : -1);
        tell_changed();
        return;
    }
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
    if (searching()) feed("\033", 1);
    struct buf line;
    size_t room = rl_end < LINE_MAX_BYTES ? (size_t)(LINE_MAX_BYTES - rl_end) : 0, len = strlen(text);
    buf_init(&line, LINE_MAX_BYTES * 3);
    while (len > room || (len > 0 && text[len - 1] == '\n')) len--;
    while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80) len--;
    utf8_clean(&line, slice_of(text, len));
    if (line.data) rl_insert_text(line.data);
    buf_free(&line);
    edited();
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
    canvas_text(y, left, room, theme_style(ROLE_TEXT), text, strlen(text));
    term_cursor(y, left + (cursor > skipped ? cursor - skipped : 0));
}
