#include "control-plane/tap/show.h"

#include "base/json_write.h"
#include "base/utf8.h"
#include "control-plane/catalog/mask.h"

enum { JOINED_MAX = 512, SEGMENTS_MAX = TREE_DEPTH + 2, LITERAL_LEAST = 4, SELECTED_POLICIES = 8, LITERALS_SHOWN = 32 };

/* ---- paths ---- */

static size_t segments_of(const struct tree_pair *pair, struct slice segments[SEGMENTS_MAX])
{
    size_t n = 0;
    for (const struct tree_pair *p = pair; p && n < SEGMENTS_MAX; p = p->parent) n++;
    size_t at = n;
    for (const struct tree_pair *p = pair; p && at; p = p->parent) segments[--at] = p->key;
    return n;
}

static struct slice joined(const struct tree_pair *pair, char room[JOINED_MAX])
{
    struct slice segments[SEGMENTS_MAX];
    size_t n = segments_of(pair, segments), len = 0;
    for (size_t i = 0; i < n; i++) {
        if (len + segments[i].len + 1 > JOINED_MAX) break;
        if (i) room[len++] = '.';
        if (segments[i].len) memcpy(room + len, segments[i].ptr, segments[i].len);
        len += segments[i].len;
    }
    return slice_of(room, len);
}

static bool same_path(const struct slice *a, size_t n, const struct slice *b, size_t m)
{
    if (n != m) return false;
    for (size_t i = 0; i < n; i++)
        if (!slice_eq(a[i], b[i])) return false;
    return true;
}

static bool selects(const struct policy_selector *s, const struct show_place *place, const struct slice *path, size_t n)
{
    return s->kind == POLICY_SELECT_ATTRIBUTE && s->scope == place->scope && same_path(s->path, s->path_count, path, n);
}

static bool policy_names(const struct policy *p, const struct show_place *place, const struct slice *path, size_t n)
{
    for (size_t i = 0; i < p->match_count; i++)
        if (selects(&p->match[i].selector, place, path, n)) return true;
    for (size_t i = 0; i < p->step_count; i++) {
        const struct policy_step *s = &p->steps[i];
        bool renamed = s->stage == POLICY_RENAME && s->selector.scope == place->scope && n == 1 && slice_eq(s->text, path[0]);
        if (renamed || selects(&s->selector, place, path, n)) return true;
    }
    return false;
}

static bool set_names(const struct policy_set *set, const struct show_place *place, const struct slice *path, size_t n)
{
    if (!set || place->field != POLICY_FIELD_NONE || set->count > SELECTED_POLICIES) return false;
    for (size_t i = 0; i < set->count; i++)
        if (policy_names(set->policies[i], place, path, n)) return true;
    return false;
}

static void put_segment(struct buf *out, struct slice segment)
{
    utf8_clean(out, segment);
    buf_add(out, "", 1);
}

static void put_key(struct buf *out, const struct rows_mask *m, const struct show_place *place)
{
    struct slice segments[SEGMENTS_MAX];
    size_t n = segments_of(place->pair, segments);
    char room[JOINED_MAX];
    struct buf masked;
    buf_init_secret(&masked, JOINED_MAX * 4);
    if (!m->reveal && !set_names(m->set, place, segments, n)) mask_path(&masked, m->words, joined(place->pair, room));
    bool as_is = !masked.len || slice_eq(buf_view(&masked), joined(place->pair, room));
    for (size_t i = 0; as_is && i < n; i++) put_segment(out, segments[i]);
    if (!as_is) put_segment(out, buf_view(&masked));
    buf_free(&masked);
    explicit_bzero(room, sizeof room);
}

void show_path(struct buf *out, const struct rows_mask *m, const struct show_place *place)
{
    static const char *const scopes[] = {[POLICY_RECORD] = "attributes", [POLICY_RESOURCE] = "resource", [POLICY_SCOPE] = "scope"};
    put_segment(out, slice_str(place->field != POLICY_FIELD_NONE ? policy_field_name(place->field) : scopes[place->scope]));
    if (place->pair) put_key(out, m, place);
}

/* ---- values as they are ---- */

static void put_json(struct buf *out, const struct tree_value *v)
{
    switch (v->type) {
    case VALUE_STRING: json_write_string(out, v->text); return;
    case VALUE_BOOL: buf_str(out, v->boolean ? "true" : "false"); return;
    case VALUE_INT: buf_i64(out, v->integer); return;
    case VALUE_DOUBLE: json_write_double(out, v->real); return;
    case VALUE_BYTES: buf_printf(out, "\"<bytes %zu>\"", v->text.len); return;
    case VALUE_EMPTY: buf_str(out, "null"); return;
    default: break;
    }
    bool map = v->type == VALUE_MAP;
    buf_char(out, map ? '{' : '[');
    for (const struct tree_pair *p = v->pairs; p; p = p->next) {
        if (p != v->pairs) buf_char(out, ',');
        if (map) json_write_string(out, p->key);
        if (map) buf_char(out, ':');
        put_json(out, &p->value);
    }
    buf_char(out, map ? '}' : ']');
}

/* ---- values masked ---- */

static bool is_literal(const struct rows_mask *m, struct slice text)
{
    for (size_t i = 0; i < m->literal_count; i++)
        if (slice_eq(m->literals[i], text)) return true;
    return false;
}

/* Where the first of the policy's texts stands in `text`. */
static const char *find_literal(const struct rows_mask *m, struct slice text, struct slice *found)
{
    const char *first = NULL;
    for (size_t i = 0; i < m->literal_count; i++) {
        struct slice l = m->literals[i];
        const char *at = l.len >= LITERAL_LEAST && text.len ? memmem(text.ptr, text.len, l.ptr, l.len) : NULL;
        if (!at || (first && at >= first)) continue;
        first = at;
        *found = l;
    }
    return first;
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

static void mask_piece(struct buf *out, const struct rows_mask *m, const struct show_place *place, struct slice text)
{
    char room[JOINED_MAX];
    bool before = text.len && is_blank(text.ptr[0]), after = text.len > 1 && is_blank(text.ptr[text.len - 1]);
    if (before) buf_char(out, ' ');
    if (place->field == POLICY_BODY && !place->pair) mask_text(out, m->words, text);
    else mask_value(out, joined(place->pair, room), VALUE_STRING, text);
    if (after) buf_char(out, ' ');
    explicit_bzero(room, sizeof room);
}

static void mask_string(struct buf *out, const struct rows_mask *m, const struct show_place *place, struct slice text)
{
    struct slice literal;
    const char *at;
    if (place->written && is_literal(m, text)) {
        utf8_clean(out, text);
        return;
    }
    if (place->written && text.len > ROW_TEXT_MOST) text.len = ROW_TEXT_MOST;
    for (int n = 0; place->written && n < LITERALS_SHOWN && (at = find_literal(m, text, &literal)); n++) {
        if (at > text.ptr) mask_piece(out, m, place, slice_of(text.ptr, (size_t)(at - text.ptr)));
        utf8_clean(out, literal);
        text = slice_of(at + literal.len, text.len - (size_t)(at - text.ptr) - literal.len);
        if (!text.len) return;
    }
    mask_piece(out, m, place, text);
}

/* What is not a value: a level's name, the service's. */
static bool is_plain(const struct show_place *place, struct slice text)
{
    if (place->field == POLICY_SEVERITY_TEXT) return text.len <= 16 && severity_of(0, text) != SEVERITY_UNSPECIFIED;
    return place->field == POLICY_FIELD_NONE && place->scope == POLICY_RESOURCE && place->pair && !place->pair->parent &&
           slice_is(place->pair->key, "service.name");
}

bool show_value(struct buf *out, const struct rows_mask *m, const struct show_place *place, const struct tree_value *v)
{
    struct slice text = v->text;
    bool cut = text.len > ROW_TEXT_MOST;
    if (cut && (m->reveal || is_plain(place, text))) text.len = ROW_TEXT_MOST;
    if (v->type == VALUE_STRING && (m->reveal || is_plain(place, text))) utf8_clean(out, text);
    else if (v->type == VALUE_STRING) mask_string(out, m, place, text);
    else if (m->reveal) put_json(out, v);
    else mask_value(out, SLICE(""), v->type, text);
    return !cut || !m->reveal;
}
