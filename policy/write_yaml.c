/* Trees as YAML: block style, flow lists of a few words, every string that could be read as something else quoted. */
#include "policy/node.h"

#include "base/utf8.h"

#include <ctype.h>
#include <strings.h>

static void quote_double(struct buf *out, struct slice s)
{
    buf_char(out, '"');
    for (size_t at = 0; at < s.len;) {
        uint32_t c = utf8_next(s, &at);
        if (c == '"' || c == '\\') {
            buf_char(out, '\\');
            buf_char(out, (char)c);
        } else if (c == '\n') buf_str(out, "\\n");
        else if (c == '\t') buf_str(out, "\\t");
        else if (c < 0x20 || (c >= 0x7f && c < 0xa0)) buf_printf(out, "\\x%02X", c);
        else if (utf8_unsafe(c) && c <= 0xffff) buf_printf(out, "\\u%04X", c);
        else if (utf8_unsafe(c)) buf_printf(out, "\\U%08X", c);
        else utf8_put(out, c);
    }
    buf_char(out, '"');
}

static void quote_single(struct buf *out, struct slice s)
{
    buf_char(out, '\'');
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '\'') buf_char(out, '\'');
        buf_char(out, s.ptr[i]);
    }
    buf_char(out, '\'');
}

static bool needs_escapes(struct slice s)
{
    for (size_t at = 0; at < s.len;) {
        uint32_t c = utf8_next(s, &at);
        if (c < 0x20 || c == 0x7f || utf8_unsafe(c)) return true;
    }
    return false;
}

static bool other_word(struct slice s)
{
    static const char *const words[] = {"true", "false", "null", "yes", "no", "on", "off", "y", "n", ".nan", ".inf"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (s.len == strlen(words[i]) && strncasecmp(s.ptr, words[i], s.len) == 0) return true;
    return false;
}

/* Letters first, then what can mean nothing else in any position. */
static bool plain(struct slice s)
{
    if (!s.len || !(isalpha((unsigned char)*s.ptr) || *s.ptr == '_' || *s.ptr == '/') || other_word(s)) return false;
    if (s.ptr[s.len - 1] == ' ') return false;
    for (size_t i = 0; i < s.len; i++)
        if (!isalnum((unsigned char)s.ptr[i]) && !strchr("_./ -+()", s.ptr[i])) return false;
    return memchr(s.ptr, '\0', s.len) == NULL;
}

static void write_string(struct buf *out, struct slice s)
{
    if (plain(s)) buf_slice(out, s);
    else if (needs_escapes(s)) quote_double(out, s);
    else quote_single(out, s);
}

static void write_scalar(struct buf *out, const struct node *n)
{
    switch (n->kind) {
    case NODE_NULL: buf_str(out, "null"); break;
    case NODE_BOOL: buf_str(out, n->boolean ? "true" : "false"); break;
    case NODE_NUMBER: buf_slice(out, n->text); break;
    case NODE_STRING: write_string(out, n->text); break;
    case NODE_LIST: buf_str(out, "[]"); break;
    case NODE_MAP: buf_str(out, "{}"); break;
    }
}

static bool scalars_only(const struct node *n)
{
    for (const struct node *c = n->first; c; c = c->next)
        if (c->first) return false;
    return n->kind == NODE_LIST && n->first;
}

static void flow_list(struct buf *out, const struct node *n)
{
    buf_char(out, '[');
    for (const struct node *c = n->first; c; c = c->next) {
        if (c->kind == NODE_STRING) quote_double(out, c->text);
        else write_scalar(out, c);
        if (c->next) buf_str(out, ", ");
    }
    buf_char(out, ']');
}

static void blanks(struct buf *out, unsigned n)
{
    while (n--) buf_char(out, ' ');
}

static void write_block(struct buf *out, const struct node *n, unsigned indent, bool started);

static void write_member(struct buf *out, const struct node *c, unsigned indent)
{
    if (!c->first) {
        buf_char(out, ' ');
        write_scalar(out, c);
        buf_char(out, '\n');
    } else if (scalars_only(c)) {
        buf_char(out, ' ');
        flow_list(out, c);
        buf_char(out, '\n');
    } else {
        buf_char(out, '\n');
        write_block(out, c, indent + 2, false);
    }
}

/* `started`: the first line's indentation is written already. */
static void write_block(struct buf *out, const struct node *n, unsigned indent, bool started)
{
    for (const struct node *c = n->first; c; c = c->next) {
        if (!started) blanks(out, indent);
        started = false;
        if (n->kind == NODE_MAP) {
            write_string(out, c->key);
            buf_char(out, ':');
            write_member(out, c, indent);
        } else if (c->first && !scalars_only(c)) {
            buf_str(out, "- ");
            write_block(out, c, indent + 2, true);
        } else {
            buf_char(out, '-');
            write_member(out, c, indent);
        }
    }
}

void node_write_yaml(struct buf *out, const struct node *n)
{
    if (n->first) write_block(out, n, 0, false);
    else {
        write_scalar(out, n);
        buf_char(out, '\n');
    }
}
