#include "control-plane/catalog/mask.h"

#include "base/utf8.h"
#include "control-plane/catalog/field_names.h"
#include "control-plane/catalog/sensitive.h"
#include "control-plane/catalog/sensitive_check.h"
#include "control-plane/catalog/template.h"

enum { SCANNED = 64 * 1024, SHAPED = 256 };

static const char *stand_in(const struct words *words, const struct token *k)
{
    if (k->kind == TOKEN_SIGN) return NULL;
    if (k->kind == TOKEN_VALUE || words_suspicious(slice_of(k->ptr, k->len))) return "<*>";
    return words_known(words, k->hash) ? NULL : "<?>";
}

static void put_token(struct buf *out, const struct words *words, const struct token *k, bool first)
{
    const char *instead = stand_in(words, k);
    if (!first && k->space) buf_char(out, ' ');
    if (instead) buf_str(out, instead);
    else if (k->kind == TOKEN_WORD) utf8_clean(out, slice_of(k->ptr, k->len));
    else buf_add(out, (const char[]){k->sign, k->sign}, k->run ? 2 : 1);
}

static size_t lines_after_first(struct slice text)
{
    size_t n = 0;
    for (size_t i = 0; i + 1 < text.len; i++) n += text.ptr[i] == '\n';
    return n;
}

void mask_text(struct buf *out, const struct words *words, struct slice text)
{
    struct template t;
    if (!text.len) {
        buf_str(out, "<empty>");
        return;
    }
    template_of(&t, text);
    for (size_t i = 0; i < t.n; i++) put_token(out, words, &t.token[i], i == 0);
    size_t more = lines_after_first(text);
    if (more) buf_printf(out, " <%zu more lines>", more);
    explicit_bzero(&t, sizeof t);
}

/* ---- shapes ---- */

static bool is_uuid(struct slice v)
{
    for (size_t i = 0; i < v.len; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? v.ptr[i] != '-' : !is_hex(v.ptr[i])) return false;
    }
    return v.len == 36;
}

static const char *alphabet_of(struct slice v)
{
    bool digits = true, hex = true, word = true, blank = false;
    for (size_t i = 0; i < v.len && i < SHAPED; i++) {
        char c = v.ptr[i];
        digits &= is_digit(c);
        hex &= is_hex(c);
        word &= is_alnum(c) || c == '_' || c == '-' || c == '.';
        blank |= c == ' ' || c == '\n';
    }
    if (slice_starts(v, "http://") || slice_starts(v, "https://")) return "url";
    if (v.len > 1 && v.ptr[0] == '/') return "path";
    if (v.len > 1 && (v.ptr[0] == '{' || v.ptr[0] == '[')) return "json";
    return digits ? "digits" : hex && v.len >= 8 ? "hex" : blank ? "text" : word ? "word" : "string";
}

static size_t characters(struct slice v)
{
    size_t n = 0;
    for (size_t i = 0; i < v.len; i++) n += ((unsigned char)v.ptr[i] & 0xC0) != 0x80;
    return n;
}

/* The name of the first detector that hits, or NULL. */
static const char *detected(struct slice path, struct slice v)
{
    uint64_t named = sensitive_field(path), hits = named ? named_value(named, v) : 0;
    if (!hits) hits = sensitive_scan(slice_of(v.ptr, v.len < SCANNED ? v.len : SCANNED));
    return hits ? sensitive_detectors[__builtin_ctzll(hits)].name : NULL;
}

static void mask_string(struct buf *out, struct slice path, struct slice v)
{
    const char *kind = v.len ? detected(path, v) : NULL;
    if (!v.len) buf_str(out, "<empty>");
    else if (kind) buf_printf(out, "<%s %zu>", kind, characters(v));
    else if (is_uuid(v)) buf_str(out, "<uuid>");
    else buf_printf(out, "<%s %zu>", alphabet_of(v), characters(v));
}

void mask_value(struct buf *out, struct slice path, enum value_type type, struct slice text)
{
    static const char *const shapes[] = {
        [VALUE_EMPTY] = "<nothing>", [VALUE_BOOL] = "<bool>", [VALUE_INT] = "<int>", [VALUE_DOUBLE] = "<double>", [VALUE_MAP] = "<map>"};
    if (type == VALUE_STRING) mask_string(out, path, text);
    else if (type == VALUE_BYTES) buf_printf(out, "<bytes %zu>", text.len);
    else if (type == VALUE_ARRAY) buf_str(out, "<list>");
    else buf_str(out, shapes[type]);
}

void mask_path(struct buf *out, const struct words *words, struct slice path)
{
    struct buf tidy;
    buf_init_secret(&tidy, FIELD_PATH_MOST * 4 + 64);
    bool tidied = field_path_tidy(&tidy, path);
    struct slice name = tidied ? buf_view(&tidy) : path;
    if (slice_is(path, "service.name") || words_known(words, field_path_word(name))) utf8_clean(out, name);
    else buf_str(out, "<?>");
    buf_free(&tidy);
}
