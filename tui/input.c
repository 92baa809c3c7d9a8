#include "tui/input.h"

#include "base/utf8.h"
#include "tui/term.h"

enum { ESC = 27, SEQUENCE_MS = 250, PASTE_MS = 1000 };

static const char paste_end[] = "\033[201~";

/* What the start of the pending bytes is. */
enum found { FOUND_KEY, FOUND_NOTHING /* to be dropped */, FOUND_PASTE, FOUND_MOUSE, FOUND_MORE /* may go on */ };

struct match {
    enum found found;
    int key;
    size_t used;
    struct input_event mouse;
};

static struct match more(void) { return (struct match){.found = FOUND_MORE}; }
static struct match drop(size_t used) { return (struct match){.found = FOUND_NOTHING, .used = used}; }
static struct match is_key(int key, size_t used)
{
    return (struct match){.found = key < 0 ? FOUND_NOTHING : FOUND_KEY, .key = key, .used = used};
}

void input_init(struct input *in, int escape_ms)
{
    *in = (struct input){.escape_ms = escape_ms};
    buf_init(&in->paste, INPUT_PASTE_MAX);
}

void input_free(struct input *in) { buf_free(&in->paste); }

void input_extra(struct input *in, const char *sequence, int key)
{
    size_t n = sequence ? strlen(sequence) : 0;
    if (n < 3 || sequence[0] != ESC || n >= sizeof in->extras[0].sequence || in->extra_count == INPUT_EXTRAS) return;
    memcpy(in->extras[in->extra_count].sequence, sequence, n + 1);
    in->extras[in->extra_count++].key = key;
}

static int modified(int key, int parameter)
{
    int bits = parameter > 1 ? parameter - 1 : 0;
    if (key < 0) return key;
    if (key == TERM_TAB && (bits & 1)) return TERM_BACK_TAB;
    return key | (bits & 1 ? TERM_SHIFT : 0) | (bits & 2 ? TERM_ALT : 0) | (bits & 4 ? TERM_CTRL : 0);
}

static int control_key(int c)
{
    switch (c) {
    case 0: return TERM_CTRL | ' ';
    case 8:
    case 127: return TERM_BACKSPACE;
    case 9: return TERM_TAB;
    case 10:
    case 13: return TERM_ENTER;
    case ESC: return TERM_ESCAPE;
    default: return c;
    }
}

/* A key that came as a code point with modifiers. */
static int coded(int code, int parameter)
{
    int bits = parameter > 1 ? parameter - 1 : 0;
    if (code < 32 || code == 127) return modified(control_key(code), parameter);
    if (code > 0x10FFFF || (code >= 0xE000 && code <= 0xF8FF) || utf8_unsafe((uint32_t)code)) return -1;
    bool letter = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
    if ((bits & 1) && code >= 'a' && code <= 'z') code -= 32;
    if ((bits & 4) && letter) code = control_key(code & 31);
    else if (bits & 4) code |= TERM_CTRL;
    return bits & 2 ? code | TERM_ALT : code;
}

static int letter_key(int final)
{
    switch (final) {
    case 'A': return TERM_UP;
    case 'B': return TERM_DOWN;
    case 'C': return TERM_RIGHT;
    case 'D': return TERM_LEFT;
    case 'H': return TERM_HOME;
    case 'F': return TERM_END;
    case 'P': return TERM_F1;
    case 'Q': return TERM_F1 + 1;
    case 'R': return TERM_F1 + 2;
    case 'S': return TERM_F1 + 3;
    case 'Z': return TERM_BACK_TAB;
    case 'a': return TERM_UP | TERM_SHIFT;
    case 'b': return TERM_DOWN | TERM_SHIFT;
    case 'c': return TERM_RIGHT | TERM_SHIFT;
    case 'd': return TERM_LEFT | TERM_SHIFT;
    default: return -1;
    }
}

static int number_key(int number)
{
    static const int keys[] = {-1, TERM_HOME, TERM_INSERT, TERM_DELETE, TERM_END, TERM_PAGE_UP, TERM_PAGE_DOWN, TERM_HOME, TERM_END};
    if (number >= 1 && number <= 8) return keys[number];
    if (number >= 11 && number <= 15) return TERM_F1 + number - 11;
    if (number >= 17 && number <= 21) return TERM_F1 + number - 12;
    if (number >= 23 && number <= 24) return TERM_F1 + number - 13;
    return -1;
}

struct csi {
    int parameters[3], count;
    bool private, odd, more; /* more: parameters that nobody reads */
    int final, prefix;
};

static int csi_key(const struct csi *c)
{
    if (c->private || c->odd) return -1;
    switch (c->final) {
    case '~':
        return c->parameters[0] == 27 ? coded(c->parameters[2], c->parameters[1])
                                      : modified(number_key(c->parameters[0]), c->parameters[1]);
    case '^': return modified(number_key(c->parameters[0]), 5);
    case '@': return modified(number_key(c->parameters[0]), 6);
    case 'u': return coded(c->parameters[0], c->parameters[1]);
    default: return modified(letter_key(c->final), c->count > 1 ? c->parameters[1] : 0);
    }
}

static void csi_byte(struct csi *c, int byte, bool *sub)
{
    if (byte >= '0' && byte <= '9') {
        if (c->count == 0) c->count = 1;
        int *p = &c->parameters[c->count - 1];
        if (!*sub && *p < 0x200000) *p = *p * 10 + byte - '0';
    } else if (byte == ';') {
        *sub = false;
        if (c->count == 0) c->count = 1;
        if (c->count < 3) c->count++;
        else c->more = *sub = true;
    } else if (byte == ':') {
        c->more = *sub = true;
    } else if (byte >= '<') {
        c->private = true;
        c->prefix = byte;
    } else {
        c->odd = true;
    }
}

/* "CSI < button ; x ; y M": pressed or turned; releases, other buttons, drags and modifiers are nobody's. */
static struct match match_mouse(const struct csi *c, size_t used)
{
    static const struct {
        int code;
        enum input_button button;
    } buttons[] = {{0, INPUT_LEFT}, {64, INPUT_WHEEL_UP}, {65, INPUT_WHEEL_DOWN}};
    for (size_t i = 0; i < sizeof buttons / sizeof *buttons; i++) {
        if (c->final != 'M' || c->odd || c->more || c->count != 3 || c->parameters[0] != buttons[i].code) continue;
        if (c->parameters[1] < 1 || c->parameters[2] < 1) continue;
        struct input_event mouse = {.key = INPUT_MOUSE, .button = buttons[i].button, .x = c->parameters[1] - 1, .y = c->parameters[2] - 1};
        return (struct match){.found = FOUND_MOUSE, .key = -1, .used = used, .mouse = mouse};
    }
    return drop(used);
}

/* `at` is past "ESC [". */
static struct match match_csi(const unsigned char *b, size_t len, size_t at)
{
    struct csi c = {0};
    bool sub = false;
    if (at < len && b[at] == '[') {
        if (at + 1 == len) return more();
        bool function = b[at + 1] >= 'A' && b[at + 1] <= 'E';
        return is_key(function ? TERM_F1 + b[at + 1] - 'A' : -1, at + 2);
    }
    for (; at < len; at++) {
        if (b[at] < 0x20 || b[at] > 0x7E) return drop(at);
        if (b[at] >= 0x40) {
            c.final = b[at];
            if (c.final == '~' && c.parameters[0] == 200) return (struct match){.found = FOUND_PASTE, .key = -1, .used = at + 1};
            if (c.prefix == '<' && (c.final == 'M' || c.final == 'm')) return match_mouse(&c, at + 1);
            return is_key(csi_key(&c), at + 1);
        }
        csi_byte(&c, b[at], &sub);
    }
    return len >= INPUT_PENDING ? drop(len) : more();
}

/* `at` is past "ESC O". */
static struct match match_ss3(const unsigned char *b, size_t len, size_t at)
{
    int modifier = 0;
    while (at < len && b[at] >= '0' && b[at] <= '9' && modifier < 100) modifier = modifier * 10 + b[at++] - '0';
    if (at == len) return more();
    int c = b[at];
    if (c == 'M') return is_key(TERM_ENTER, at + 1);
    if (c >= 'a' && c <= 'd') return is_key((letter_key(c) & ~TERM_SHIFT) | TERM_CTRL, at + 1);
    if (c >= 'j' && c <= 'y') return is_key(c - 'j' + '*', at + 1);
    if (c < 'A' || c > 'S') return drop(at);
    return is_key(modified(letter_key(c), modifier), at + 1);
}

/* OSC, DCS, APC, PM, SOS: up to ST or BEL. */
static struct match match_string(const unsigned char *b, size_t len)
{
    for (size_t i = 2; i < len; i++) {
        if (b[i] == 7) return drop(i + 1);
        if (b[i] == ESC && i + 1 < len) return drop(b[i + 1] == '\\' ? i + 2 : i);
    }
    return len >= INPUT_PENDING ? drop(len) : more();
}

static struct match match_character(const unsigned char *b, size_t len)
{
    unsigned char c = b[0];
    if (c < 0x20 || c == 0x7F) return is_key(control_key(c), 1);
    if (c < 0x80) return is_key(c, 1);
    size_t need = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2, have = 1;
    while (have < need && have < len && (b[have] & 0xC0) == 0x80) have++;
    if (c >= 0xC2 && c <= 0xF4 && have == len && have < need) return more();
    size_t at = 0;
    uint32_t code = utf8_next(slice_of((const char *)b, len), &at);
    return is_key(code == UTF8_REPLACEMENT || utf8_unsafe(code) ? -1 : (int)code, at);
}

static struct match match_any(const struct input *in, const unsigned char *b, size_t len, int depth);

static struct match match_extra(const struct input *in, const unsigned char *b, size_t len)
{
    for (size_t i = 0; i < in->extra_count; i++) {
        size_t n = strlen(in->extras[i].sequence);
        if (n <= len && !memcmp(b, in->extras[i].sequence, n)) return is_key(in->extras[i].key, n);
    }
    return more();
}

static struct match match_escape(const struct input *in, const unsigned char *b, size_t len, int depth)
{
    struct match m = match_extra(in, b, len);
    if (m.found == FOUND_KEY || len < 2) return m;
    switch (b[1]) {
    case '[': return match_csi(b, len, 2);
    case 'O': return match_ss3(b, len, 2);
    case ']':
    case 'P':
    case '_':
    case '^':
    case 'X': return match_string(b, len);
    default: break;
    }
    if (depth) return is_key(TERM_ESCAPE, 1);
    m = match_any(in, b + 1, len - 1, 1);
    if (m.found == FOUND_PASTE || m.found == FOUND_MOUSE) return is_key(TERM_ESCAPE, 1);
    if (m.found == FOUND_KEY) m.key |= TERM_ALT;
    if (m.found != FOUND_MORE) m.used++;
    return m;
}

static struct match match_any(const struct input *in, const unsigned char *b, size_t len, int depth)
{
    return b[0] == ESC ? match_escape(in, b, len, depth) : match_character(b, len);
}

/* The pending bytes will not go on: an ESC alone is the key, "ESC [" and the like are Alt and a letter; the rest of a
 * torn sequence must not be taken for letters typed. */
static struct match match_torn(struct input *in)
{
    if (in->pending[0] != ESC) return drop(in->len);
    if (in->len == 1) {
        in->late_escape = true;
        return is_key(TERM_ESCAPE, 1);
    }
    if (in->pending[1] == ESC) return is_key(TERM_ESCAPE, 1);
    if (in->len == 2) return is_key(in->pending[1] | TERM_ALT, 2);
    return drop(in->len);
}

/* The rest of a sequence that came after its ESC was taken for the key: still one key, if it came in one piece. */
static bool match_late(const struct input *in, struct match *m)
{
    if (in->len < 2 || (in->pending[0] != '[' && in->pending[0] != 'O')) return false;
    *m = in->pending[0] == '[' ? match_csi(in->pending, in->len, 1) : match_ss3(in->pending, in->len, 1);
    return m->found == FOUND_KEY && m->key >= KEY_BASE;
}

static void consume(struct input *in, size_t n)
{
    in->len -= n;
    memmove(in->pending, in->pending + n, in->len);
    if (in->len == 0) in->expired = false;
}

/* Newlines stay, everything else is cleaned. */
static void paste_add(struct input *in, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && in->pending[i] != '\r' && in->pending[i] != '\n') continue;
        buf_add(&in->paste, in->pending + from, i - from);
        if (i < n && !(in->pending[i] == '\n' && i > 0 && in->pending[i - 1] == '\r')) buf_char(&in->paste, '\n');
        from = i + 1;
    }
}

static void paste_clean(struct buf *text)
{
    struct buf raw = *text;
    struct slice rest = buf_view(&raw);
    buf_init(text, INPUT_PASTE_MAX * 3);
    while (rest.len) {
        const char *end = memchr(rest.ptr, '\n', rest.len);
        size_t n = end ? (size_t)(end - rest.ptr) : rest.len;
        utf8_clean(text, slice_of(rest.ptr, n));
        if (end) buf_char(text, '\n');
        rest = slice_of(rest.ptr + n + (end != NULL), rest.len - n - (end != NULL));
    }
    buf_free(&raw);
}

static bool paste_done(struct input *in, struct input_event *event)
{
    in->pasting = false;
    paste_clean(&in->paste);
    *event = (struct input_event){.key = -1, .paste = in->paste.data ? in->paste.data : ""};
    return true;
}

static bool paste_next(struct input *in, struct input_event *event)
{
    const size_t mark = sizeof paste_end - 1;
    unsigned char *end = memmem(in->pending, in->len, paste_end, mark);
    size_t n = end ? (size_t)(end - in->pending) : in->len;
    if (!end && !in->expired) {
        const unsigned char *escape = memrchr(in->pending, ESC, in->len);
        if (escape && in->len - (size_t)(escape - in->pending) < mark) n = (size_t)(escape - in->pending);
    }
    paste_add(in, n);
    bool done = end || in->expired;
    consume(in, end ? n + mark : n);
    in->expired = false;
    return done && paste_done(in, event);
}

static void paste_begin(struct input *in)
{
    in->pasting = true;
    buf_free(&in->paste);
    buf_init(&in->paste, INPUT_PASTE_MAX);
}

size_t input_room(const struct input *in) { return INPUT_PENDING - in->len; }

void input_feed(struct input *in, const void *bytes, size_t n)
{
    if (n > input_room(in)) n = input_room(in);
    memcpy(in->pending + in->len, bytes, n);
    in->len += n;
    in->expired = false;
}

bool input_next(struct input *in, struct input_event *event)
{
    while (in->len || (in->pasting && in->expired)) {
        if (in->pasting) {
            size_t before = in->len;
            if (paste_next(in, event)) return true;
            if (in->len == before || in->len == 0) return false;
            continue;
        }
        struct match m;
        if (!in->late_escape || !match_late(in, &m)) m = match_any(in, in->pending, in->len, 0);
        in->late_escape = false;
        if (m.found == FOUND_MORE && !in->expired) return false;
        if (m.found == FOUND_MORE) m = match_torn(in);
        consume(in, m.used);
        if (m.found == FOUND_PASTE) paste_begin(in);
        if (m.found == FOUND_MOUSE) {
            *event = m.mouse;
            return true;
        }
        if (m.found != FOUND_KEY) continue;
        *event = (struct input_event){.key = m.key};
        return true;
    }
    in->expired = false;
    return false;
}

int input_waits(const struct input *in)
{
    if (in->pasting) return PASTE_MS;
    if (in->len == 0) return -1;
    return in->len == 1 && in->pending[0] == ESC ? in->escape_ms : in->escape_ms > SEQUENCE_MS ? in->escape_ms : SEQUENCE_MS;
}

void input_expire(struct input *in) { in->expired = true; }
