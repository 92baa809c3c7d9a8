#include "control-plane/catalog/scan.h"

#include "control-plane/catalog/vocabulary.h"

enum {
    BLANK = 1 << 0,
    HEX = 1 << 1,    /* a-f */
    LETTER = 1 << 2, /* the others and _ */
    HIGH = 1 << 3,   /* beyond ASCII */
    DIGIT = 1 << 4,
    DOT = 1 << 5,
    JOIN = 1 << 6, /* - + % ~ ^ $ \ */
    SLASH = 1 << 7,
    AT = 1 << 8,
    SIGN = 1 << 9,
    LONG_WORD = 40,
    QUOTE_MAX = 2048,
    BRACKET_MAX = 4096,
};

#define R4(v)  v, v, v, v
#define R16(v) R4(v), R4(v), R4(v), R4(v)
#define R32(v) R16(v), R16(v)

/* What ends a value behind "=", a path, an URL. */
#define VALUE_END (1 << 10)
#define PATH_END  (1 << 11)
#define URL_END   (1 << 12)
#define ALL_END   (VALUE_END | PATH_END | URL_END)

static const uint16_t class_of[256] = {
    R32(BLANK | VALUE_END),
    /* blank to / */
    BLANK | VALUE_END,
    SIGN,
    SIGN | ALL_END,
    SIGN,
    JOIN,
    JOIN,
    SIGN | VALUE_END,
    SIGN | ALL_END,
    SIGN | PATH_END,
    SIGN | ALL_END,
    SIGN,
    JOIN,
    SIGN | ALL_END,
    JOIN,
    DOT,
    SLASH,
    /* 0 to ? */
    R4(DIGIT),
    R4(DIGIT),
    DIGIT,
    DIGIT,
    SIGN,
    SIGN | ALL_END,
    SIGN | ALL_END,
    SIGN,
    SIGN | ALL_END,
    SIGN,
    /* @ to _ */
    AT,
    HEX,
    HEX,
    HEX,
    HEX,
    HEX,
    HEX,
    LETTER,
    R16(LETTER),
    LETTER,
    LETTER,
    LETTER,
    SIGN | PATH_END,
    JOIN,
    SIGN | ALL_END,
    JOIN,
    LETTER,
    /* ` to DEL */
    SIGN | PATH_END | URL_END,
    HEX,
    HEX,
    HEX,
    HEX,
    HEX,
    HEX,
    LETTER,
    R16(LETTER),
    LETTER,
    LETTER,
    LETTER,
    SIGN | PATH_END,
    SIGN | ALL_END,
    SIGN | ALL_END,
    JOIN,
    BLANK | VALUE_END,
    /* beyond ASCII */
    R32(HIGH),
    R32(HIGH),
    R32(HIGH),
    R32(HIGH),
};

struct cursor {
    struct token *out;
    size_t n;
    const char *begin, *at, *end; /* of the text */
    const char *stop;             /* end of the run of non-blanks around `at` */
    bool space;
    bool in_request; /* the next double quote closes an HTTP request line */
};

static inline unsigned class_at(const char *p) { return class_of[(unsigned char)*p]; }
static inline bool is_alnum(const char *p) { return class_at(p) & (HEX | LETTER | HIGH | DIGIT); }

static inline struct token *emit(struct cursor *c, const char *p, size_t n, enum token_kind kind)
{
    struct token *t = &c->out[c->n];
    if (c->n + 1 < SCAN_TOKENS) c->n++;
    *t = (struct token){.ptr = p, .len = (uint32_t)n, .kind = (uint8_t)kind, .space = c->space, .hash = TOKEN_VALUE_HASH};
    c->space = false;
    return t;
}

static inline void emit_value(struct cursor *c, const char *p, const char *q)
{
    struct token *t = emit(c, p, (size_t)(q - p), TOKEN_VALUE);
    if (q > p) t->number = class_at(p) & DIGIT || (q > p + 1 && class_at(p) & (JOIN | DOT) && class_at(p + 1) & (DIGIT | DOT));
}

static inline void emit_sign(struct cursor *c, const char *p, const char *q)
{
    struct token *t = emit(c, p, 1, TOKEN_SIGN);
    t->sign = *p;
    t->run = q > p + 1;
    t->hash = hash_mix((uint64_t)(unsigned char)*p, q > p + 1 ? 3 : 1);
}

static inline void emit_word(struct cursor *c, const char *p, const char *q)
{
    uint64_t a, b;
    size_t n = (size_t)(q - p);
    struct token *t = emit(c, p, n, TOKEN_WORD);
    word_ends(p, n, (size_t)(c->end - p), &a, &b);
    t->hash = word_mix(p, n, a, b);
    t->uses = vocabulary_of_ends(a, b, n);
}

static bool is_top_domain(struct slice s)
{
    static const char *const domains[] = {"com",  "net",  "org",   "edu",   "gov",         "mil",     "int",
                                          "info", "biz",  "arpa",  "local", "localdomain", "lan",     "internal",
                                          "home", "corp", "intra", "test",  "invalid",     "example", NULL};
    static const char suffixes[] = " py cc so js sh go rs md gz hs ts ml pl rb cs vb db ko in hw ui ac ec os vm io fs ";
    if (s.len == 2) {
        char probe[5] = {' ', s.ptr[0], s.ptr[1], ' ', '\0'};
        return s.ptr[0] >= 'a' && s.ptr[1] >= 'a' && !strstr(suffixes, probe);
    }
    for (size_t i = 0; domains[i]; i++) {
        if (slice_is(s, domains[i])) return true;
    }
    return false;
}

bool scan_dotted_value(struct slice name)
{
    size_t dots = 0, last = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '.') {
            dots++;
            last = i + 1;
        }
    }
    struct slice end = slice_of(name.ptr + last, name.len - last);
    if (dots == 1) return end.len >= 3 && end.len <= 5 && is_top_domain(end);
    for (size_t i = 0; i < end.len; i++) {
        if (end.ptr[i] >= 'a' && end.ptr[i] <= 'z') return true;
    }
    return end.len < 4 || memchr(end.ptr, '_', end.len) == NULL;
}

/* Digits between letters beyond ASCII: a script without blanks, a unit. */
static void emit_mixed(struct cursor *c, const char *p, const char *q)
{
    while (p < q) {
        bool number = class_at(p) & (DIGIT | JOIN | DOT);
        const char *r = p + 1;
        if (number) {
            while (r < q && !(class_at(r) & HIGH)) r++;
            emit_value(c, p, r);
        } else {
            while (r < q && !(class_at(r) & DIGIT)) r++;
            emit_word(c, p, r);
        }
        p = r;
    }
}

/* "checkout-service": the name of an instance by its kind. */
static bool names_instance(const char *p, const char *q)
{
    const char *dash = memrchr(p, '-', (size_t)(q - p));
    return dash && dash > p && vocabulary_uses(slice_of(dash + 1, (size_t)(q - dash - 1))) & WORD_KIND;
}

/* A word with signs inside; those before it ("--name") stand for themselves. */
static void emit_joined(struct cursor *c, const char *p, const char *q)
{
    const char *word = p;
    while (class_at(word) & JOIN) word++;
    if (word > p) emit_sign(c, p, word);
    if (names_instance(word, q)) emit_value(c, word, q);
    else emit_word(c, word, q);
}

static void emit_plain(struct cursor *c, const char *p, const char *q, unsigned bits)
{
    size_t n = (size_t)(q - p);
    if (bits & (DIGIT | AT)) {
        if ((bits & (HIGH | AT)) == HIGH) emit_mixed(c, p, q);
        else emit_value(c, p, q);
        return;
    }
    if (!(bits & (HEX | LETTER | HIGH))) {
        emit_sign(c, p, q);
        return;
    }
    if (n > LONG_WORD || (n >= 8 && !(bits & ~(unsigned)HEX))) {
        emit_value(c, p, q);
        return;
    }
    if (bits & SLASH) {
        const char *first = memchr(p, '/', n);
        if (memchr(first + 1, '/', (size_t)(q - first - 1))) {
            emit_value(c, p, q);
            return;
        }
    }
    if (bits & DOT) {
        const char *e = q;
        while (e > p && e[-1] == '.') e--;
        if (memchr(p, '.', (size_t)(e - p)) && scan_dotted_value(slice_of(p, (size_t)(e - p)))) emit_value(c, p, e);
        else emit_word(c, p, e);
        if (e < q) emit_sign(c, e, e + 1);
        return;
    }
    if (bits & JOIN) emit_joined(c, p, q);
    else emit_word(c, p, q);
}

/* Leaders ("state......0") part what they join. */
static void emit_dotted(struct cursor *c, const char *p, const char *q)
{
    while (p < q) {
        const char *r = p;
        unsigned bits = 0;
        while (r < q && !(r[0] == '.' && r + 1 < q && r[1] == '.')) bits |= class_at(r++);
        if (r > p) emit_plain(c, p, r, bits);
        p = r;
        while (r < q && *r == '.') r++;
        if (r > p) emit_sign(c, p, r);
        p = r;
    }
}

static inline void emit_run(struct cursor *c, const char *p, const char *q, unsigned bits)
{
    if (!(bits & ~(unsigned)(LETTER | HEX)) && (bits & LETTER)) {
        if (q - p <= LONG_WORD) emit_word(c, p, q);
        else emit_value(c, p, q);
    } else if (bits == DIGIT) {
        emit_value(c, p, q);
    } else if (bits & DOT && q - p > 2) {
        emit_dotted(c, p, q);
    } else {
        emit_plain(c, p, q, bits);
    }
}

/* The end of an IPv6 or MAC address at p, or NULL. */
static const char *hex_colons(const char *p, const char *end)
{
    const char *q = p;
    unsigned colons = 0, digits = 0, twin = 0;
    for (; q < end && (class_at(q) & (HEX | DIGIT) || *q == ':' || *q == '.'); q++) {
        if (*q == ':') {
            colons++;
            twin += q + 1 < end && q[1] == ':';
        }
        digits += (class_at(q) & DIGIT) != 0;
    }
    if (colons < 2 || digits + twin == 0 || (q < end && class_at(q) & (LETTER | HIGH | SLASH))) return NULL;
    if (q - p > 2 && q[-1] == ':' && q[-2] != ':') q--;
    if (q < end && *q == '%') {
        while (q < end && class_at(q) & (HEX | LETTER | DIGIT | JOIN | DOT)) q++;
    }
    return q;
}

static const char *url_end(const char *p, const char *stop)
{
    while (p < stop && !(class_at(p) & URL_END)) p++;
    while (p[-1] == '.' || p[-1] == ':') p--;
    return p;
}

/* Of a path that begins at p: with its query, without the sign behind it. */
static const char *path_end(const char *p, const char *stop)
{
    bool query = false;
    const char *q = p;
    for (; q < stop; q++) {
        if (*q == '?') query = true;
        if (class_at(q) & PATH_END) break;
        if (!query && (*q == '=' || *q == ':') && !(*q == ':' && q + 1 < stop && q[1] == '\\')) break;
    }
    while (q > p + 1 && (q[-1] == '.' || q[-1] == '?' || q[-1] == ':')) q--;
    return q;
}

static bool begins_path(const struct cursor *c, const char *p)
{
    size_t n = (size_t)(c->stop - p);
    if (*p == '/') return n > 1 && is_alnum(p + 1);
    if (*p == '.' || *p == '~') return (n > 2 && p[1] == '/') || (n > 3 && p[1] == '.' && p[2] == '/');
    return n > 3 && p[1] == ':' && p[2] == '\\' && class_at(p) & (HEX | LETTER);
}

static const char *skip_same(const char *p, const char *end)
{
    const char *q = p + 1;
    while (q < end && *q == *p) q++;
    return q;
}

/* Behind the quote that closes the one at p, or NULL. */
static const char *quote_end(const char *p, const char *end)
{
    const char *last = end - p > QUOTE_MAX ? p + QUOTE_MAX : end;
    for (const char *q = p + 1; q < last; q++) {
        if (*q == '\\') q++;
        else if (*q == *p && (*p == '"' || q + 1 == end || !is_alnum(q + 1))) return q + 1;
    }
    return NULL;
}

/* Behind the bracket that closes the one at p, quotes respected, or NULL. */
static const char *bracket_end(const char *p, const char *end)
{
    const char *last = end - p > BRACKET_MAX ? p + BRACKET_MAX : end;
    int depth = 0;
    for (const char *q = p; q < last; q++) {
        if (*q == '"') {
            const char *e = quote_end(q, last);
            if (!e) return NULL;
            q = e - 1;
        } else if (*q == '{' || *q == '[' || *q == '(') {
            depth++;
        } else if ((*q == '}' || *q == ']' || *q == ')') && --depth == 0) {
            return q + 1;
        }
    }
    return NULL;
}

/* What stands behind "=": to the next blank or closing sign. */
static const char *value_end(const char *p, const char *end)
{
    const char *q = NULL;
    if (p < end && (*p == '"' || *p == '\'')) q = quote_end(p, end);
    else if (p < end && (*p == '[' || *p == '{')) q = bracket_end(p, end);
    if (q) return q;
    for (q = p; q < end && !(class_at(q) & VALUE_END); q++) {
        const char *e = *q == '{' || *q == '[' || *q == '(' ? bracket_end(q, end) : NULL;
        if (e) q = e - 1;
    }
    if (q > p + 1 && q[-1] == ':') q--;
    return q;
}

static const char *after_equals(struct cursor *c, const char *p)
{
    const char *q = skip_same(p, c->end);
    bool arrow = q < c->end && *q == '>';
    emit_sign(c, p, q + arrow);
    if (arrow || p == c->begin || q > p + 2) return q + arrow;
    bool apart = class_at(p - 1) & BLANK;
    if (q < c->end && class_at(q) & BLANK && apart) {
        while (q < c->end && class_at(q) & BLANK) q++;
        c->space = true;
    }
    const char *e = value_end(q, c->end);
    if (apart && vocabulary_uses(slice_of(q, (size_t)(e - q))) & WORD_SECRET) return q;
    emit_value(c, q, e);
    return e;
}

/* Signs alone between two quotes: one of them belongs to something else. */
static bool is_hollow(const char *p, const char *e)
{
    for (p++; p + 1 < e; p++) {
        if (is_alnum(p)) return false;
    }
    return true;
}

/* "GET /x HTTP/1.1": what is quoted is no free text. */
static bool is_request(const char *p, const char *end)
{
    const char *q = p;
    while (q < end && *q >= 'A' && *q <= 'Z') q++;
    return q - p >= 3 && q - p <= 7 && q + 1 < end && *q == ' ' && (q[1] == '/' || q[1] == 'h') &&
           (vocabulary_uses(slice_of(p, (size_t)(q - p))) & WORD_METHOD);
}

static const char *after_quote(struct cursor *c, const char *p)
{
    bool apostrophe = *p == '\'' && p > c->begin && is_alnum(p - 1);
    const char *e = apostrophe || c->in_request ? NULL : quote_end(p, c->end);
    bool request = e && is_request(p + 1, e);
    if (!e || request || (e > p + 2 && is_hollow(p, e))) {
        c->in_request = request;
        emit_sign(c, p, p + 1);
        return p + 1;
    }
    emit_value(c, p, e);
    return e;
}

/* "[====>    ]" */
static const char *progress_end(const char *p, const char *end)
{
    size_t bars = 0;
    const char *q = p + 1;
    while (q < end && q - p < 256 && *q && strchr("=#->*. _", *q)) bars += *q++ != ' ';
    return q < end && *q == ']' && bars >= 2 ? q + 1 : NULL;
}

/* Nothing between brackets is an empty list: a value. */
static const char *after_open(struct cursor *c, const char *p)
{
    const char *q = p + 1;
    emit_sign(c, p, q);
    while (q < c->end && class_at(q) & BLANK) q++;
    if (q == c->end || *q != (*p == '[' ? ']' : '}')) return p + 1;
    emit_value(c, q, q);
    emit_sign(c, q, q + 1);
    return q + 1;
}

static const char *after_square(struct cursor *c, const char *p)
{
    const char *e = progress_end(p, c->end);
    if (e) {
        emit_sign(c, p, p + 1);
        emit_value(c, p + 1, e - 1);
        emit_sign(c, e - 1, e);
        return e;
    }
    e = hex_colons(p + 1, c->stop);
    if (e && e + 1 < c->stop && *e == ']' && e[1] == ':' && e + 2 < c->stop && class_at(e + 2) & DIGIT) {
        for (e += 2; e < c->stop && class_at(e) & DIGIT; e++) continue;
        emit_value(c, p, e);
        return e;
    }
    return after_open(c, p);
}

static const char *after_brace(struct cursor *c, const char *p)
{
    const char *q = p + 1;
    while (q < c->end && class_at(q) & BLANK) q++;
    const char *e = q < c->end && *q == '"' ? bracket_end(p, c->end) : NULL;
    if (!e) return after_open(c, p);
    emit_value(c, p, e);
    return e;
}

/* "#12", "#3#" */
static const char *after_hash(struct cursor *c, const char *p)
{
    const char *q = p + 1;
    if (q == c->stop || !(class_at(q) & DIGIT)) return NULL;
    while (q < c->stop && !(class_at(q) & SIGN)) q++;
    emit_value(c, p + 1, q);
    return q < c->stop && *q == '#' && (q + 1 == c->stop || !is_alnum(q + 1)) ? q + 1 : q;
}

/* "<1", ">20": a bound; not "<0>". */
static const char *after_bound(struct cursor *c, const char *p)
{
    const char *q = p + 1;
    if ((p > c->begin && !(class_at(p - 1) & BLANK)) || q == c->stop || !(class_at(q) & DIGIT)) return NULL;
    while (q < c->stop && !(class_at(q) & SIGN)) q++;
    if (q < c->stop && (*q == '>' || *q == '<')) return NULL;
    emit_value(c, p + 1, q);
    return q;
}

static const char *after_plain_sign(struct cursor *c, const char *p)
{
    const char *e = *p == ':' && p + 1 < c->stop && p[1] == ':' ? hex_colons(p, c->stop) : NULL;
    if (e && e > p + 2) {
        emit_value(c, p, e);
        return e;
    }
    e = strchr("()]}", *p) ? p + 1 : skip_same(p, c->stop);
    emit_sign(c, p, e);
    return e;
}

static const char *after_sign(struct cursor *c, const char *p)
{
    const char *number = *p == '#' ? after_hash(c, p) : *p == '<' || *p == '>' ? after_bound(c, p) : NULL;
    if (number) return number;
    switch (*p) {
    case '=': return after_equals(c, p);
    case '"':
    case '\'': return after_quote(c, p);
    case '[': return after_square(c, p);
    case '{': return after_brace(c, p);
    default: return after_plain_sign(c, p);
    }
}

/* A run that stands before a sign which may belong to it: an URL, an address. NULL: it does not. */
static const char *longer_value(struct cursor *c, const char *p, const char *q, unsigned bits)
{
    if (q >= c->stop) return NULL;
    if (*q == ':' && q + 2 < c->stop && q[1] == '/' && q[2] == '/') return url_end(q + 3, c->stop);
    if (*q == ':' && !(bits & ~(unsigned)(HEX | DIGIT)) && q - p <= 8) return hex_colons(p, c->stop);
    if (*q == '\'' && is_alnum(q - 1) && q + 1 < c->stop && is_alnum(q + 1) && !(bits & DIGIT)) {
        for (q++; q < c->stop && !(class_at(q) & SIGN); q++) continue;
        return q;
    }
    return NULL;
}

static const char *after_run(struct cursor *c, const char *p)
{
    const char *q = p;
    unsigned bits = 0;
    if (class_at(p) & (SLASH | DOT | JOIN) ? begins_path(c, p) : (p + 2 < c->stop && p[2] == '\\' && begins_path(c, p))) {
        q = path_end(p, c->stop);
        emit_value(c, p, q);
        return q;
    }
    while (q < c->stop && !(class_at(q) & SIGN)) bits |= class_at(q++);
    const char *e = longer_value(c, p, q, bits);
    if (!e) {
        emit_run(c, p, q, bits);
        return q;
    }
    if (*q == '\'') emit_word(c, p, e);
    else emit_value(c, p, e);
    return e;
}

static bool begins_pem(const struct cursor *c, const char *p) { return c->end - p > 10 && memcmp(p, "-----BEGIN", 10) == 0; }

/* The run of non-blanks at p, which holds signs or may be a path. */
static const char *scan_parts(struct cursor *c, const char *p)
{
    if (*p == '-' && begins_pem(c, p)) {
        emit_value(c, p, c->end);
        return c->end;
    }
    while (p < c->stop) p = class_at(p) & SIGN ? after_sign(c, p) : after_run(c, p);
    return p;
}

/* Behind the blank at p, and behind the colour or erasure of a terminal that it may begin. */
static const char *after_blank(const char *p, const char *end)
{
    if (*p++ != '\x1b' || p == end || *p != '[') return p;
    const char *q = p + 1;
    while (q < end && *q >= '0' && *q <= '?') q++;
    return q < end && (*q == 'm' || *q == 'K') ? q + 1 : p;
}

size_t scan_text(struct token *tokens, struct slice text)
{
    bool cut = text.len > SCAN_BYTES;
    if (!text.len) return 0;
    struct cursor c = {.out = tokens, .begin = text.ptr, .at = text.ptr, .end = text.ptr + (cut ? SCAN_BYTES : text.len)};
    if (cut) {
        while (c.end > c.begin && !(class_at(c.end - 1) & BLANK)) c.end--;
    }
    for (const char *p = c.at; p < c.end && c.n + 1 < SCAN_TOKENS;) {
        if (class_at(p) & BLANK) {
            c.space = true;
            p = after_blank(p, c.end);
            continue;
        }
        const char *q = p;
        unsigned bits = 0;
        while (q < c.end && !(class_at(q) & BLANK)) bits |= class_at(q++);
        c.stop = q;
        if (bits & (SIGN | SLASH | DOT | JOIN)) q = scan_parts(&c, p);
        else emit_run(&c, p, q, bits);
        p = q;
        cut = cut || (c.n + 1 >= SCAN_TOKENS && p < c.end);
    }
    if (cut) {
        c.space = true;
        emit_value(&c, c.end, c.end);
    }
    return c.n;
}
