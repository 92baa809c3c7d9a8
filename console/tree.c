#include "console/tree.h"

#include "base/die.h"

#include <yaml.h>

struct reader {
    struct arena *arena;
    struct problems *problems;
    yaml_parser_t parser;
    yaml_event_t event;
    bool held, ended /* nothing more can be read */;
    size_t nodes;
};

static struct place place_of(yaml_mark_t mark) { return (struct place){(unsigned)mark.line + 1, (unsigned)mark.column + 1}; }
static struct place here(const struct reader *r) { return place_of(r->event.start_mark); }

static void syntax(struct reader *r)
{
    const yaml_parser_t *p = &r->parser;
    struct place at = place_of(p->problem_mark);
    if (p->error == YAML_READER_ERROR) problems_add(r->problems, (struct place){0}, "%s at byte %zu", p->problem, p->problem_offset);
    else problems_add(r->problems, at, "%s%s%s", p->problem ? p->problem : "not YAML", p->context ? " " : "", p->context ? p->context : "");
}

static bool next_event(struct reader *r)
{
    if (r->held) yaml_event_delete(&r->event);
    r->held = !r->ended && yaml_parser_parse(&r->parser, &r->event) != 0;
    if (!r->held && !r->ended) syntax(r);
    r->ended |= !r->held;
    return r->held;
}

static void stop(struct reader *r, const char *why)
{
    if (!r->ended) problems_add(r->problems, here(r), "%s", why);
    r->ended = true;
}

static void *zeroed(struct reader *r, size_t size)
{
    void *memory = arena_zero(r->arena, size);
    if (!memory) die("a settings file takes more than %d bytes", TREE_ARENA_MAX);
    return memory;
}

static const char *copy(struct reader *r, const yaml_char_t *bytes, size_t len)
{
    char *text = zeroed(r, len + 1);
    memcpy(text, bytes, len);
    return text;
}

static void refuse(struct reader *r, const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor) problems_add(r->problems, here(r), "anchors (&%.40s) are not taken here: write the value out", (const char *)anchor);
    if (tag) problems_add(r->problems, here(r), "tags (%.40s) are not taken here", (const char *)tag);
}

static struct tree *word(struct reader *r)
{
    struct tree *t = zeroed(r, sizeof *t);
    size_t len = r->event.data.scalar.length;
    const yaml_char_t *bytes = r->event.data.scalar.value;
    *t = (struct tree){.kind = TREE_WORD, .at = here(r), .quoted = r->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE};
    t->word = copy(r, bytes, len);
    if (memchr(bytes, 0, len)) problems_add(r->problems, here(r), "a zero byte in a text");
    refuse(r, r->event.data.scalar.anchor, r->event.data.scalar.tag);
    return t;
}

static void append(struct tree *list, struct tree *child)
{
    if (list->last) list->last->next = child;
    else list->first = child;
    list->last = child;
}

static struct tree *value(struct reader *r, unsigned depth);

static bool member(struct reader *r, struct tree *map, unsigned depth)
{
    struct place at = here(r);
    if (r->event.type != YAML_SCALAR_EVENT) {
        stop(r, r->event.type == YAML_ALIAS_EVENT ? "aliases (*name) are not taken here" : "a key must be a word");
        return false;
    }
    struct tree *name = word(r), *before = tree_member(map, name->word);
    struct tree *child = next_event(r) ? value(r, depth) : NULL;
    if (!child) return false;
    child->key = name->word;
    child->key_at = at;
    if (before) problems_add(r->problems, at, "%.60s stands here twice: first in line %u", name->word, before->key_at.line);
    else append(map, child);
    return true;
}

static void members(struct reader *r, struct tree *map, unsigned depth)
{
    while (next_event(r) && r->event.type != YAML_MAPPING_END_EVENT)
        if (!member(r, map, depth)) return;
}

static void elements(struct reader *r, struct tree *list, unsigned depth)
{
    while (next_event(r) && r->event.type != YAML_SEQUENCE_END_EVENT) {
        struct tree *child = value(r, depth);
        if (!child) return;
        append(list, child);
    }
}

/* What could be read of it, where it ends too early. */
static struct tree *collection(struct reader *r, bool map, unsigned depth)
{
    struct tree *t = zeroed(r, sizeof *t);
    *t = (struct tree){.kind = map ? TREE_MAP : TREE_LIST, .at = here(r)};
    if (depth == TREE_DEPTH) stop(r, "nested too deeply");
    else if (map) members(r, t, depth + 1);
    else elements(r, t, depth + 1);
    return t;
}

/* Of the event that is held. */
static struct tree *value(struct reader *r, unsigned depth)
{
    if (++r->nodes > TREE_NODES) {
        stop(r, "too many values");
        return NULL;
    }
    switch (r->event.type) {
    case YAML_SCALAR_EVENT: return word(r);
    case YAML_SEQUENCE_START_EVENT:
        refuse(r, r->event.data.sequence_start.anchor, r->event.data.sequence_start.tag);
        return collection(r, false, depth);
    case YAML_MAPPING_START_EVENT:
        refuse(r, r->event.data.mapping_start.anchor, r->event.data.mapping_start.tag);
        return collection(r, true, depth);
    case YAML_ALIAS_EVENT: stop(r, "aliases (*name) are not taken here: write the value out"); return NULL;
    default: stop(r, "not a value"); return NULL;
    }
}

static struct tree *document(struct reader *r)
{
    struct tree *root = NULL;
    while (next_event(r) && r->event.type != YAML_STREAM_END_EVENT) {
        if (r->event.type != YAML_DOCUMENT_START_EVENT) continue;
        if (root) {
            stop(r, "a second document: one file holds one");
            break;
        }
        if (next_event(r)) root = value(r, 0);
    }
    return root;
}

struct tree *tree_read(struct arena *a, struct slice text, struct problems *p)
{
    struct reader r = {.arena = a, .problems = p};
    if (text.len > TREE_TEXT_MAX) {
        problems_add(p, (struct place){0}, "larger than %d KiB", TREE_TEXT_MAX >> 10);
        return NULL;
    }
    if (!yaml_parser_initialize(&r.parser)) die("no memory for YAML");
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.ptr, text.len);
    struct tree *root = document(&r);
    if (r.held) yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return root;
}

bool tree_null(const struct tree *t)
{
    return t->kind == TREE_WORD && !t->quoted && (!*t->word || !strcmp(t->word, "~") || !strcmp(t->word, "null"));
}

struct tree *tree_member(const struct tree *map, const char *key)
{
    for (struct tree *t = map->first; t; t = t->next)
        if (t->key && !strcmp(t->key, key)) return t;
    return NULL;
}
