#include "control-plane/graphql/lex.h"

#include "base/utf8.h"

static const char *const byte_order_mark = "\xEF\xBB\xBF";

void gql_lex_begin(struct gql_lexer *lex, struct slice text, size_t max_tokens)
{
    *lex = (struct gql_lexer){.text = text, .left = max_tokens, .kind = TOK_ERROR};
    if (!utf8_valid(text)) lex->error = "The document is not valid UTF-8.";
}

static int fail(struct gql_lexer *lex, const char *why)
{
    lex->error = why;
    return lex->kind = TOK_ERROR;
}

static unsigned char peek(const struct gql_lexer *lex, size_t ahead)
{
    size_t at = lex->next + ahead;
    return at < lex->text.len ? (unsigned char)lex->text.ptr[at] : 0;
}

static bool name_start(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static bool digit(unsigned char c) { return c >= '0' && c <= '9'; }
static bool control(unsigned char c) { return c < 0x20 && c != '\t'; }

static bool skip_comment(struct gql_lexer *lex)
{
    while (lex->next < lex->text.len) {
        unsigned char c = (unsigned char)lex->text.ptr[lex->next];
        if (c == '\n' || c == '\r') return true;
        if (control(c)) return false;
        lex->next++;
    }
    return true;
}

static bool skip_ignored(struct gql_lexer *lex)
{
    while (lex->next < lex->text.len) {
        unsigned char c = (unsigned char)lex->text.ptr[lex->next];
        if (c == ' ' || c == '\n' || c == ',' || c == '\t' || c == '\r') lex->next++;
        else if (c == '#' && skip_comment(lex)) continue;
        else if (c == 0xEF && lex->text.len - lex->next >= 3 && memcmp(lex->text.ptr + lex->next, byte_order_mark, 3) == 0) lex->next += 3;
        else return !control(c);
    }
    return true;
}

static int finish(struct gql_lexer *lex, int kind, size_t end)
{
    lex->token = slice_of(lex->text.ptr + lex->at, end - lex->at);
    lex->next = end;
    return lex->kind = kind;
}

static int read_name(struct gql_lexer *lex)
{
    size_t end = lex->at + 1;
    while (end < lex->text.len && (name_start((unsigned char)lex->text.ptr[end]) || digit((unsigned char)lex->text.ptr[end]))) end++;
    return finish(lex, TOK_NAME, end);
}

static size_t digits(const struct gql_lexer *lex, size_t ahead)
{
    while (digit(peek(lex, ahead))) ahead++;
    return ahead;
}

static int read_number(struct gql_lexer *lex)
{
    size_t start = peek(lex, 0) == '-', n = digits(lex, start);
    int kind = TOK_INT;
    if (n == start) return fail(lex, "A digit is expected after '-'.");
    if (n > start + 1 && peek(lex, start) == '0') return fail(lex, "A number must not start with 0.");
    if (peek(lex, n) == '.') {
        size_t end = digits(lex, n + 1);
        if (end == n + 1) return fail(lex, "A digit is expected after the decimal point.");
        n = end;
        kind = TOK_FLOAT;
    }
    if ((peek(lex, n) | 0x20) == 'e') {
        size_t from = n + 1 + (peek(lex, n + 1) == '+' || peek(lex, n + 1) == '-'), end = digits(lex, from);
        if (end == from) return fail(lex, "A digit is expected in the exponent.");
        n = end;
        kind = TOK_FLOAT;
    }
    if (peek(lex, n) == '.' || name_start(peek(lex, n))) return fail(lex, "A number must not be followed by a letter or '.'.");
    return finish(lex, kind, lex->at + n);
}

static int hex(unsigned char c)
{
    if (digit(c)) return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What follows "\u" at s.ptr[*at]: four digits, or braces. Moves *at past it. UINT32_MAX: no such escape. */
static uint32_t unicode_unit(struct slice s, size_t *at)
{
    uint32_t code = 0;
    size_t i = *at, n = 0;
    bool braces = i < s.len && s.ptr[i] == '{';
    if (braces) i++;
    for (; i < s.len && n < (braces ? 8 : 4); i++, n++) {
        int h = hex((unsigned char)s.ptr[i]);
        if (h < 0) break;
        code = code << 4 | (uint32_t)h;
        if (code > 0x10FFFF) return UINT32_MAX;
    }
    if (braces ? n == 0 || i >= s.len || s.ptr[i++] != '}' : n != 4) return UINT32_MAX;
    if (braces && code >= 0xD800 && code <= 0xDFFF) return UINT32_MAX;
    *at = i;
    return code;
}

/* As unicode_unit, with a surrogate pair taken together. */
static uint32_t unicode_escape(struct slice s, size_t *at)
{
    uint32_t code = unicode_unit(s, at);
    if (code == UINT32_MAX || code < 0xD800 || code > 0xDFFF) return code;
    size_t low_at = *at + 2;
    if (code >= 0xDC00 || *at + 2 >= s.len || s.ptr[*at] != '\\' || s.ptr[*at + 1] != 'u' || s.ptr[low_at] == '{') return UINT32_MAX;
    uint32_t low = unicode_unit(s, &low_at);
    if (low < 0xDC00 || low > 0xDFFF) return UINT32_MAX;
    *at = low_at;
    return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
}

static int read_string(struct gql_lexer *lex)
{
    struct slice s = lex->text;
    size_t from = lex->at + 1, i = from;
    while (i < s.len && s.ptr[i] != '"') {
        if (control((unsigned char)s.ptr[i])) return fail(lex, "A string must end on its line.");
        if (s.ptr[i++] != '\\') continue;
        char c = i < s.len ? s.ptr[i++] : '\0';
        if (c == 'u' ? unicode_escape(s, &i) == UINT32_MAX : !c || !strchr("\"\\/bfnrt", c))
            return fail(lex, "Unknown escape in a string.");
    }
    if (i >= s.len) return fail(lex, "A string without end.");
    lex->token = slice_of(s.ptr + from, i - from);
    lex->next = i + 1;
    return lex->kind = TOK_STRING;
}

static int read_block(struct gql_lexer *lex)
{
    struct slice s = lex->text;
    size_t from = lex->at + 3;
    for (size_t i = from; i < s.len; i++) {
        if (s.len - i >= 4 && memcmp(s.ptr + i, "\\\"\"\"", 4) == 0) {
            i += 3;
        } else if (s.len - i >= 3 && memcmp(s.ptr + i, "\"\"\"", 3) == 0) {
            lex->token = slice_of(s.ptr + from, i - from);
            lex->next = i + 3;
            return lex->kind = TOK_BLOCK;
        } else if (control((unsigned char)s.ptr[i]) && s.ptr[i] != '\n' && s.ptr[i] != '\r') {
            return fail(lex, "A control character in a block string.");
        }
    }
    return fail(lex, "A block string without end.");
}

int gql_lex_next(struct gql_lexer *lex)
{
    if (lex->error) return TOK_ERROR;
    bool plain = skip_ignored(lex);
    lex->at = lex->next;
    if (!plain) return fail(lex, "A control character.");
    if (lex->at >= lex->text.len) return finish(lex, TOK_END, lex->at);
    if (lex->left == 0) {
        lex->too_many = true;
        return fail(lex, "The document holds too many tokens.");
    }
    lex->left--;
    unsigned char c = (unsigned char)lex->text.ptr[lex->at];
    if (name_start(c)) return read_name(lex);
    if (digit(c) || c == '-') return read_number(lex);
    if (c == '"') return peek(lex, 1) == '"' && peek(lex, 2) == '"' ? read_block(lex) : read_string(lex);
    if (c == '.') return peek(lex, 1) == '.' && peek(lex, 2) == '.' ? finish(lex, TOK_SPREAD, lex->at + 3) : fail(lex, "A lone '.'.");
    if (c && strchr("!$&():=@[]{|}", c)) return finish(lex, c, lex->at + 1);
    return fail(lex, "An unexpected character.");
}

static struct slice decode_string(struct slice token, struct arena *arena)
{
    struct buf out;
    buf_init(&out, token.len);
    for (size_t i = 0; i < token.len;) {
        if (token.ptr[i] != '\\') {
            const char *slash = memchr(token.ptr + i, '\\', token.len - i);
            size_t end = slash ? (size_t)(slash - token.ptr) : token.len;
            buf_add(&out, token.ptr + i, end - i);
            i = end;
            continue;
        }
        char c = token.ptr[i + 1];
        i += 2;
        const char *known = strchr("b\bf\fn\nr\rt\t", c);
        if (c == 'u') utf8_put(&out, unicode_escape(token, &i));
        else buf_char(&out, known ? known[1] : c);
    }
    struct slice view = buf_view(&out);
    char *copy = arena_copy(arena, view);
    buf_free(&out);
    return copy ? slice_of(copy, view.len) : SLICE("");
}

/* Takes one line off *rest. */
static struct slice take_line(struct slice *rest)
{
    size_t n = 0;
    while (n < rest->len && rest->ptr[n] != '\n' && rest->ptr[n] != '\r') n++;
    struct slice line = slice_of(rest->ptr, n);
    size_t end = n < rest->len ? n + 1 : n;
    if (n + 1 < rest->len && rest->ptr[n] == '\r' && rest->ptr[n + 1] == '\n') end++;
    *rest = n < rest->len ? slice_of(rest->ptr + end, rest->len - end) : slice_of(NULL, 0);
    return line;
}

static size_t indent_of(struct slice line)
{
    size_t n = 0;
    while (n < line.len && (line.ptr[n] == ' ' || line.ptr[n] == '\t')) n++;
    return n;
}

struct block_shape {
    size_t indent, first, last; /* common indent; lines that are kept, `last` not included */
};

static struct block_shape measure(struct slice token)
{
    struct block_shape shape = {.indent = SIZE_MAX, .first = SIZE_MAX};
    size_t number = 0;
    for (struct slice rest = token; rest.ptr; number++) {
        struct slice line = take_line(&rest);
        size_t indent = indent_of(line);
        if (indent == line.len) continue;
        if (number && indent < shape.indent) shape.indent = indent;
        if (shape.first == SIZE_MAX) shape.first = number;
        shape.last = number + 1;
    }
    if (shape.indent == SIZE_MAX) shape.indent = 0;
    return shape;
}

static size_t put_line(char *out, struct slice line)
{
    size_t n = 0;
    for (size_t i = 0; i < line.len; i++) {
        if (line.len - i >= 4 && memcmp(line.ptr + i, "\\\"\"\"", 4) == 0) i++;
        out[n++] = line.ptr[i];
    }
    return n;
}

static struct slice decode_block(struct slice token, struct arena *arena)
{
    struct block_shape shape = measure(token);
    char *out = arena_alloc(arena, token.len + 1);
    if (!out) return SLICE("");
    size_t n = 0, number = 0;
    for (struct slice rest = token; rest.ptr && number < shape.last; number++) {
        struct slice line = take_line(&rest);
        if (number < shape.first) continue;
        if (number > shape.first) out[n++] = '\n';
        size_t cut = number == 0 ? 0 : shape.indent < line.len ? shape.indent : line.len;
        n += put_line(out + n, slice_of(line.ptr + cut, line.len - cut));
    }
    return slice_of(out, n);
}

struct slice gql_lex_string(int kind, struct slice token, struct arena *arena)
{
    if (kind == TOK_BLOCK) return decode_block(token, arena);
    return memchr(token.ptr, '\\', token.len) ? decode_string(token, arena) : token;
}
