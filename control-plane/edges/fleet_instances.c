#include "base/die.h"
#include "base/json_write.h"
#include "control-plane/edges/fleet.h"

#include <stdlib.h>

enum { IDENTITY_MAX = 4 * (FLEET_TEXT + 1) };

static struct slice part(struct slice s) { return slice_of(s.ptr ? s.ptr : "", s.len < FLEET_TEXT ? s.len : FLEET_TEXT); }

/* The four texts, each with a NUL after it. */
static size_t join(const struct edge_identity *who, char out[IDENTITY_MAX])
{
    const struct slice parts[] = {part(who->name), part(who->namespace), part(who->version), part(who->instance)};
    size_t n = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        memcpy(out + n, parts[i].ptr, parts[i].len);
        n += parts[i].len;
        out[n++] = '\0';
    }
    return n;
}

struct id128 edge_identity_id(int64_t account, const struct edge_identity *who)
{
    char text[IDENTITY_MAX];
    size_t n = join(who, text);
    return id_uuid(hash128(text, n, (uint64_t)account));
}

struct instance *fleet_instance_by_id(const struct fleet *f, struct id128 id)
{
    size_t probe = table_start(&f->by_identity, id.lo);
    uint32_t at;
    while ((at = table_next(&f->by_identity, id.lo, &probe)) != TABLE_NONE)
        if (f->instances[at]->id.hi == id.hi) return f->instances[at];
    return NULL;
}

struct instance *fleet_instance_find(const struct fleet *f, int64_t account, const struct edge_identity *who)
{
    return fleet_instance_by_id(f, edge_identity_id(account, who));
}

static void copy_identity(struct instance *i, const struct edge_identity *who)
{
    char text[IDENTITY_MAX];
    size_t n = join(who, text);
    i->text = xmalloc(n);
    memcpy(i->text, text, n);
    struct slice *const parts[] = {&i->who.name, &i->who.namespace, &i->who.version, &i->who.instance};
    const struct slice from[] = {part(who->name), part(who->namespace), part(who->version), part(who->instance)};
    const char *at = i->text;
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        *parts[k] = slice_of(at, from[k].len);
        at += from[k].len + 1;
    }
}

struct instance *fleet_instance_add(struct fleet *f, int64_t account, const struct edge_identity *who, int64_t now_ns)
{
    if (f->instance_count == FLEET_INSTANCES) {
        f->crowded = true;
        return NULL;
    }
    if (!f->instances) f->instances = xcalloc(FLEET_INSTANCES, sizeof(struct instance *));
    struct instance *i = xcalloc(1, sizeof *i);
    i->account = account;
    i->id = edge_identity_id(account, who);
    i->first_seen = i->last_sync = now_ns;
    copy_identity(i, who);
    i->at = (uint32_t)f->instance_count++;
    f->instances[i->at] = i;
    table_add(&f->by_identity, i->id.lo, i->at);
    return i;
}

/* ---- attributes ---- */

static char *as_json(const struct sync_attributes *list)
{
    struct buf b;
    buf_init(&b, FLEET_ATTRIBUTES);
    buf_char(&b, '{');
    for (size_t i = 0; i < list->count; i++) {
        const struct sync_attribute *a = &list->items[i];
        size_t mark = b.len;
        if (mark > 1) buf_char(&b, ',');
        json_write_string(&b, a->key);
        buf_char(&b, ':');
        if (a->text) json_write_string(&b, a->value);
        else buf_slice(&b, a->value);
        if (b.full || b.len > FLEET_ATTRIBUTES - 2) buf_cut(&b, mark);
    }
    buf_char(&b, '}');
    return b.data;
}

void fleet_instance_describe(struct instance *i, const struct sync_client *client)
{
    free(i->resource);
    free(i->labels);
    i->resource = as_json(&client->resource);
    i->labels = as_json(&client->labels);
    i->fingerprint = client->fingerprint;
}

/* ---- the end of an instance ---- */

void instance_free(struct instance *i)
{
    while (i->broken) {
        struct broken *next = i->broken->next;
        free(i->broken->errors);
        free(i->broken);
        i->broken = next;
    }
    free(i->text);
    free(i->resource);
    free(i->labels);
    free(i);
}

size_t fleet_retire(struct fleet *f, int64_t before_ns)
{
    size_t kept = 0, all = f->instance_count;
    table_clear(&f->by_identity);
    table_clear(&f->by_pair);
    f->pair_count = 0;
    for (size_t at = 0; at < all; at++) {
        struct instance *i = f->instances[at];
        if (i->last_sync < before_ns && !i->dirty) {
            instance_free(i);
            continue;
        }
        i->at = (uint32_t)kept++;
        f->instances[i->at] = i;
        table_add(&f->by_identity, i->id.lo, i->at);
    }
    f->instance_count = kept;
    f->crowded = false;
    return all - kept;
}
