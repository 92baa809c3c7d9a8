/* Jansson and the reader have the same names for kinds of values; the reader's are used here. */
#define JSON_OBJECT JANSSON_OBJECT
#define JSON_ARRAY  JANSSON_ARRAY
#define JSON_STRING JANSSON_STRING
#define JSON_TRUE   JANSSON_TRUE
#define JSON_FALSE  JANSSON_FALSE
#define JSON_NULL   JANSSON_NULL
#include "api-client/json_values.h"
#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_STRING
#undef JSON_TRUE
#undef JSON_FALSE
#undef JSON_NULL

#include "base/json_read.h"

struct builder {
    struct json_reader reader;
    struct buf scratch; /* of texts with escapes */
    json_t *open[JSON_DEPTH], *root /* NULL: none yet */;
    unsigned depth;
    struct slice key; /* of the value to come, where the innermost open one is an object */
    struct buf key_text;
};

static bool is_integer(struct slice number)
{
    for (size_t i = 0; i < number.len; i++)
        if (number.ptr[i] == '.' || (number.ptr[i] | 32) == 'e') return false;
    return true;
}

static json_t *number_of(const struct json_reader *r)
{
    int64_t value;
    if (is_integer(r->text)) return json_int(r, &value) ? json_integer(value) : NULL;
    return json_real(json_double(r)); /* NULL where it is not finite */
}

static json_t *text_of(struct builder *b)
{
    struct slice text = json_text(&b->reader, &b->scratch);
    return json_stringn_nocheck(text.len ? text.ptr : "", text.len);
}

static json_t *value_of(struct builder *b)
{
    switch (b->reader.token) {
    case JSON_OBJECT: return json_object();
    case JSON_ARRAY: return json_array();
    case JSON_STRING: return text_of(b);
    case JSON_NUMBER: return number_of(&b->reader);
    case JSON_TRUE: return json_true();
    case JSON_FALSE: return json_false();
    case JSON_NULL: return json_null();
    default: return NULL;
    }
}

/* Takes the value over. Only an object or an array stands alone. A key that was there already does not make the object larger. */
static bool add(struct builder *b, json_t *value)
{
    json_t *parent = b->depth ? b->open[b->depth - 1] : NULL;
    if (!parent) {
        b->root = value;
        return b->reader.token == JSON_OBJECT || b->reader.token == JSON_ARRAY;
    }
    if (!b->reader.object[b->depth - 1]) return json_array_append_new(parent, value) == 0;
    size_t before = json_object_size(parent);
    return json_object_setn_new_nocheck(parent, b->key.ptr, b->key.len, value) == 0 && json_object_size(parent) > before;
}

/* The key's bytes stand in the text, or in key_text where they were escaped. */
static bool read_key(struct builder *b)
{
    b->key = json_text(&b->reader, &b->key_text);
    if (b->key.len == 0) b->key = slice_of("", 0);
    return !memchr(b->key.ptr, '\0', b->key.len);
}

static bool take(struct builder *b)
{
    enum json_token token = b->reader.token;
    if (token == JSON_KEY) return read_key(b);
    if (token == JSON_OBJECT_END || token == JSON_ARRAY_END) return b->depth-- > 0;
    json_t *value = value_of(b);
    if (!value || !add(b, value)) return false;
    if (token == JSON_OBJECT || token == JSON_ARRAY) b->open[b->depth++] = value;
    return true;
}

json_t *json_values(struct slice text)
{
    struct builder b = {.depth = 0};
    json_begin(&b.reader, text);
    buf_init(&b.scratch, text.len + 1);
    buf_init(&b.key_text, text.len + 1);
    bool good = true;
    while (good && json_next(&b.reader) != JSON_END) good = b.reader.token != JSON_ERROR && take(&b);
    buf_free(&b.scratch);
    buf_free(&b.key_text);
    if (good) return b.root;
    json_decref(b.root);
    return NULL;
}
