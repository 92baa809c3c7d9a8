#include "control-plane/catalog/structure.h"

#include "base/json_read.h"
#include "control-plane/catalog/vocabulary.h"

#include <ctype.h>
#include <stdlib.h>

enum { TEXT_MAX = 256 * 1024, JSON_MAX = 64 * 1024, KEY_MAX = 64, EVENT_NAME_MAX = 128 };

void structure_init(struct structure *s)
{
    memset(s, 0, sizeof *s);
    buf_init(&s->text, TEXT_MAX);
    buf_reserve(&s->text, TEXT_MAX);
}

void structure_free(struct structure *s) { buf_free(&s->text); }

static void begin(struct structure *s)
{
    s->key_count = s->leaf_count = 0;
    s->leaves_lost = false;
    s->message = s->event = s->event_key = s->level = (struct slice){0};
    s->message_rank = s->event_rank = 0;
    buf_clear(&s->text);
}

struct named {
    const char *name;
    unsigned rank;
};

static unsigned rank_in(const struct named *names, struct slice key)
{
    for (; names->name; names++) {
        size_t n = strlen(names->name);
        if (key.len == n && strncasecmp(key.ptr, names->name, n) == 0) return names->rank;
    }
    return 0;
}

static unsigned message_rank(struct slice key)
{
    static const struct named names[] = {{"@mt", 9},     {"messagetemplate", 9},
                                         {"message", 8}, {"msg", 7},
                                         {"@m", 7},      {"short_message", 6},
                                         {"log", 5},     {"body", 4},
                                         {"text", 3},    {NULL, 0}};
    return rank_in(names, key);
}

static unsigned event_rank(struct slice key)
{
    static const struct named names[] = {{"event_name", 9}, {"event", 8},    {"evt", 7},       {"event_type", 6},
                                         {"eventtype", 6},  {"event_id", 5}, {"eventname", 9}, {NULL, 0}};
    return rank_in(names, key);
}

static bool level_key(struct slice key)
{
    static const struct named names[] = {{"level", 1},     {"severity", 1}, {"lvl", 1},           {"loglevel", 1},
                                         {"log.level", 1}, {"@l", 1},       {"severity_text", 1}, {NULL, 0}};
    return rank_in(names, key) != 0;
}

static struct slice last_segment(struct slice path)
{
    for (size_t i = path.len; i > 0; i--) {
        if (path.ptr[i - 1] == '.') return slice_of(path.ptr + i, path.len - i);
    }
    return path;
}

/* A leaf; `text` is a string's or a number's. */
static void add_leaf(struct structure *s, struct slice path, struct slice text, bool is_text)
{
    struct slice key = last_segment(path);
    unsigned below = key.len == path.len ? 0 : 10, rank;
    if (s->key_count < STRUCTURE_KEYS) s->keys[s->key_count++] = path;
    if (text.len == 0) return;
    rank = is_text ? message_rank(key) : 0;
    if (rank && rank + 20 - below > s->message_rank) {
        s->message = text;
        s->message_rank = rank + 20 - below;
    }
    rank = is_text && !below ? event_rank(key) : 0;
    if (rank > s->event_rank) {
        s->event = text;
        s->event_key = key;
        s->event_rank = rank;
    }
    if (!s->level.len && (level_key(path) || level_key(key))) s->level = text;
}

static void keep_leaf(struct structure *s, struct slice path, enum value_type type, struct slice text)
{
    if (s->leaf_count == STRUCTURE_LEAVES) s->leaves_lost = true;
    else s->leaves[s->leaf_count++] = (struct field){path, type, text};
}

/* Copies below TEXT_MAX never move: the buffer was reserved whole. */
static struct slice keep(struct structure *s, struct slice a, struct slice b)
{
    size_t at = s->text.len;
    buf_slice(&s->text, a);
    if (a.len && b.len) buf_char(&s->text, '.');
    buf_slice(&s->text, b);
    return slice_of(s->text.data + at, s->text.len - at);
}

static struct slice unescaped(struct structure *s, struct json_reader *r)
{
    if (!r->escaped) return r->text;
    size_t at = s->text.len;
    json_unescape(&s->text, r->text);
    return slice_of(s->text.data + at, s->text.len - at);
}

struct walk {
    struct slice path[JSON_DEPTH + 1]; /* of the objects around */
    struct slice key;                  /* of the next value */
    unsigned depth;
};

static struct slice path_of(struct structure *s, const struct walk *w)
{
    struct slice above = w->path[w->depth];
    return above.len ? keep(s, above, w->key) : w->key;
}

/* An array is one leaf, however long it is. */
static bool walk_array(struct structure *s, struct walk *w, struct json_reader *r)
{
    size_t at = s->text.len;
    struct slice path = path_of(s, w);
    if (path.ptr != s->text.data + at) buf_slice(&s->text, path);
    buf_str(&s->text, "[]");
    path = slice_of(s->text.data + at, s->text.len - at);
    add_leaf(s, path, SLICE(""), false);
    size_t from = r->at;
    if (!json_skip(r)) return false;
    keep_leaf(s, path, VALUE_ARRAY, slice_of(r->in.ptr + from, r->at - from));
    return true;
}

static void enter(struct structure *s, struct walk *w)
{
    struct slice path = path_of(s, w);
    w->path[++w->depth] = path;
    w->key = (struct slice){0};
}

static void walk_leaf(struct structure *s, struct walk *w, struct json_reader *r)
{
    bool string = r->token == JSON_STRING;
    struct slice text = string ? unescaped(s, r) : r->token == JSON_NUMBER ? r->text : SLICE(""), path = path_of(s, w);
    add_leaf(s, path, text, string);
    switch (r->token) {
    case JSON_STRING: keep_leaf(s, path, VALUE_STRING, text); break;
    case JSON_TRUE: keep_leaf(s, path, VALUE_BOOL, SLICE("true")); break;
    case JSON_FALSE: keep_leaf(s, path, VALUE_BOOL, SLICE("false")); break;
    case JSON_NUMBER: keep_leaf(s, path, memchr(text.ptr, '.', text.len) ? VALUE_DOUBLE : VALUE_INT, text); break;
    default: keep_leaf(s, path, VALUE_EMPTY, text);
    }
}

static bool walk_json(struct structure *s, struct json_reader *r)
{
    struct walk w = {0};
    while (!s->text.full) {
        switch (json_next(r)) {
        case JSON_ERROR: return false;
        case JSON_END: return true;
        case JSON_KEY: w.key = unescaped(s, r); break;
        case JSON_OBJECT: enter(s, &w); break;
        case JSON_OBJECT_END: w.depth--; break;
        case JSON_ARRAY:
            if (!walk_array(s, &w, r)) return false;
            break;
        default: walk_leaf(s, &w, r);
        }
    }
    return false;
}

static inline bool is_key_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '-' && c <= '9') || c == '_' || c == '@';
}

static struct slice without_backslashes(struct structure *s, struct slice text)
{
    size_t at = s->text.len;
    for (size_t i = 0; i < text.len; i++) {
        bool escape = text.ptr[i] == '\\' && i + 1 < text.len;
        if (escape) i++;
        buf_char(&s->text, escape && text.ptr[i] == 'n' ? '\n' : escape && text.ptr[i] == 't' ? '\t' : text.ptr[i]);
    }
    return slice_of(s->text.data + at, s->text.len - at);
}

/* Behind a value of logfmt; a quoted one without its quotes in *value. */
static const char *logfmt_value(struct structure *s, const char *p, const char *end, struct slice *value)
{
    const char *q = p;
    if (p < end && *p == '"') {
        for (q = p + 1; q < end && *q != '"'; q++) q += *q == '\\' && q + 1 < end;
        if (q >= end) return NULL;
        *value = slice_of(p + 1, (size_t)(q - p - 1));
        if (memchr(p, '\\', (size_t)(q - p))) *value = without_backslashes(s, *value);
        return q + 1;
    }
    while (q < end && (unsigned char)*q > ' ') q++;
    *value = slice_of(p, (size_t)(q - p));
    return q;
}

/* Every part is key=value. */
static bool walk_logfmt(struct structure *s, struct slice text)
{
    const char *p = text.ptr, *end = text.ptr + text.len;
    while (p < end) {
        const char *k = p;
        struct slice value;
        while (p < end && is_key_char(*p)) p++;
        if (p == k || p == end || *p != '=' || isdigit((unsigned char)*k)) return false;
        struct slice key = slice_of(k, (size_t)(p - k));
        p = logfmt_value(s, p + 1, end, &value);
        if (!p || (p < end && (unsigned char)*p > ' ') || s->text.full) return false;
        add_leaf(s, key, value, true);
        keep_leaf(s, key, VALUE_STRING, value);
        while (p < end && (unsigned char)*p <= ' ') p++;
    }
    return s->key_count > 0;
}

static struct slice trim(struct slice s)
{
    while (s.len && (unsigned char)s.ptr[0] <= ' ') s = slice_of(s.ptr + 1, s.len - 1);
    while (s.len && (unsigned char)s.ptr[s.len - 1] <= ' ') s.len--;
    return s;
}

static bool maybe_logfmt(struct slice text)
{
    size_t i = 0;
    while (i < text.len && is_key_char(text.ptr[i])) i++;
    return i > 0 && i < text.len && text.ptr[i] == '=' && !isdigit((unsigned char)text.ptr[0]);
}

bool structure_of_text(struct structure *s, struct slice text)
{
    text = trim(text);
    if (text.len < 3 || text.len > JSON_MAX) return false;
    if (text.ptr[0] == '{') {
        struct json_reader r;
        begin(s);
        json_begin(&r, text);
        return text.ptr[text.len - 1] == '}' && walk_json(s, &r) && s->key_count > 0;
    }
    if (!maybe_logfmt(text)) return false;
    begin(s);
    return walk_logfmt(s, text);
}

void structure_of_fields(struct structure *s, const struct field *fields, size_t count)
{
    begin(s);
    for (size_t i = 0; i < count; i++) {
        bool text = fields[i].type == VALUE_STRING;
        const char *array = fields[i].path.len == 0 ? NULL : memmem(fields[i].path.ptr, fields[i].path.len, "[]", 2);
        struct slice path = array ? slice_of(fields[i].path.ptr, (size_t)(array - fields[i].path.ptr) + 2) : fields[i].path;
        if (array) text = false;
        add_leaf(s, path, text || (fields[i].type == VALUE_INT && !array) ? fields[i].text : SLICE(""), text);
    }
}

/* "v2", "http2", "s3": a word with a short number; anything longer is a value. */
static bool segment_is_word(struct slice segment)
{
    size_t i = 0, digits;
    while (i < segment.len && (isalpha((unsigned char)segment.ptr[i]) || segment.ptr[i] == '$')) i++;
    digits = segment.len - i;
    for (size_t k = i; k < segment.len; k++) {
        if (!isdigit((unsigned char)segment.ptr[k])) return false;
    }
    return segment.len <= 32 && (digits == 0 || (digits <= 2 && i > 0 && i <= 12));
}

/* Parts between . _ - / : and the like must all be words. */
static bool name_is_word(struct slice name)
{
    for (size_t i = 0, from = name.len && name.ptr[0] == '@'; i <= name.len; i++) {
        bool split = i == name.len || strchr("._-/:[]", name.ptr[i]);
        if (split && i > from && !segment_is_word(slice_of(name.ptr + from, i - from))) return false;
        if (split) from = i + 1;
    }
    return name.len > 0 && name.len <= KEY_MAX;
}

static void add_word(struct template *t, struct slice word, bool space)
{
    struct token *k = &t->token[t->n++];
    *k = (struct token){.ptr = word.ptr, .len = (uint32_t)word.len, .kind = TOKEN_VALUE, .hash = TOKEN_VALUE_HASH, .space = space};
    if (!name_is_word(word)) return;
    k->kind = TOKEN_WORD;
    k->hash = word_hash(word.ptr, word.len);
}

static void add_sign(struct template *t, char sign)
{
    t->token[t->n++] =
        (struct token){.kind = TOKEN_SIGN, .sign = sign, .hash = hash_mix((uint64_t)(unsigned char)sign, 1), .ptr = "", .len = 1};
}

static void add_value(struct template *t) { t->token[t->n++] = (struct token){.kind = TOKEN_VALUE, .hash = TOKEN_VALUE_HASH, .ptr = ""}; }

static int by_text(const void *a, const void *b)
{
    const struct slice *x = a, *y = b;
    int order = memcmp(x->ptr, y->ptr, x->len < y->len ? x->len : y->len);
    return order ? order : (x->len > y->len) - (x->len < y->len);
}

static void keys_template(struct structure *s, struct template *t)
{
    t->n = 0;
    qsort(s->keys, s->key_count, sizeof *s->keys, by_text);
    for (size_t i = 0; i < s->key_count; i++) {
        if (i && slice_eq(s->keys[i], s->keys[i - 1])) continue;
        size_t before = t->n;
        add_word(t, s->keys[i], i > 0);
        bool twin = t->token[before].kind == TOKEN_VALUE && before >= 3 && t->token[before - 3].kind == TOKEN_VALUE;
        if (twin) {
            t->n = before;
            continue;
        }
        add_sign(t, '=');
        add_value(t);
    }
    t->level = SEVERITY_UNSPECIFIED;
    template_rehash(t);
}

static void event_template(struct structure *s, struct template *t)
{
    t->n = 0;
    add_word(t, s->event_key, false);
    add_sign(t, '=');
    add_word(t, s->event, false);
    template_rehash(t);
}

static bool has_word(const struct template *t)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->token[i].kind == TOKEN_WORD) return true;
    }
    return false;
}

void structure_template(struct structure *s, struct template *t)
{
    enum severity level = s->level.len ? severity_of(0, s->level) : SEVERITY_UNSPECIFIED;
    if (s->message.len) template_of(t, s->message);
    if (!s->message.len || !has_word(t)) {
        if (s->event.len && name_is_word(s->event)) event_template(s, t);
        else keys_template(s, t);
    }
    t->level = level;
}

bool structure_event_name(struct template *t, struct slice name)
{
    if (name.len == 0 || name.len > EVENT_NAME_MAX) return false;
    for (size_t i = 0; i < name.len; i++) {
        if (!is_key_char(name.ptr[i]) && name.ptr[i] != ':') return false;
    }
    t->n = 0;
    t->level = SEVERITY_UNSPECIFIED;
    for (size_t i = 0, from = 0; i <= name.len && t->n + 2 < SCAN_TOKENS; i++) {
        if (i < name.len && name.ptr[i] != '.' && name.ptr[i] != ':' && name.ptr[i] != '/') continue;
        if (i > from) add_word(t, slice_of(name.ptr + from, i - from), false);
        if (i < name.len) add_sign(t, name.ptr[i]);
        from = i + 1;
    }
    if (t->n == 0) return false;
    template_rehash(t);
    return true;
}
