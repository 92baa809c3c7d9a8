#include "control-plane/policies/published.h"

#include "base/die.h"
#include "base/log.h"
#include "control-plane/policies/content.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { MASKS = STAGES_ALL + 1, ENCODINGS = 2, POLICY_BYTES_MAX = 4 << 20 };
#define LIST_BYTES_MAX ((size_t)1 << 30)

/* One policy, shared by all the sets that hold it. */
struct entry {
    struct published_policy policy;
    atomic_uint references;
    char hash[CONTENT_HASH + 1];
    struct buf bytes[ENCODINGS], wire_id;
};

struct list {
    struct published_list view;
    struct buf bytes;
    char hash[CONTENT_HASH + 1];
};

struct published_set {
    atomic_uint references;
    int64_t account;
    uint64_t generation;
    struct entry **entries;
    size_t count, room;
    pthread_mutex_t mutex; /* of the making of lists */
    _Atomic(struct list *) lists[ENCODINGS][MASKS];
};

struct publisher {
    struct store *store;
    pthread_mutex_t mutex; /* of the table of sets */
    struct published_set **sets;
    size_t count;
    struct published_set *empty;
};

/* ---- entries ---- */

static void entry_release(struct entry *e)
{
    if (atomic_fetch_sub(&e->references, 1) != 1) return;
    for (int i = 0; i < ENCODINGS; i++) buf_free(&e->bytes[i]);
    buf_free(&e->wire_id);
    free(e);
}

static void encode(struct entry *e, const struct policy *p)
{
    static const struct policy_print for_anyone = {.hide_times = true};
    for (int i = 0; i < ENCODINGS; i++) buf_init(&e->bytes[i], POLICY_BYTES_MAX);
    policy_write_json(&e->bytes[PUBLISHED_JSON], p, &for_anyone);
    policy_write_protobuf(&e->bytes[PUBLISHED_PROTOBUF], p, &for_anyone);
    for (int i = 0; i < ENCODINGS; i++) e->policy.encodings[i] = buf_view(&e->bytes[i]);
}

static struct entry *entry_new(const struct published_policy *row, struct slice text)
{
    struct content c;
    struct entry *e = NULL;
    if (content_load(&c, text)) {
        e = xcalloc(1, sizeof *e);
        e->policy = *row;
        atomic_init(&e->references, 1);
        memcpy(e->hash, c.hash, sizeof e->hash);
        e->policy.hash = slice_of(e->hash, CONTENT_HASH);
        e->policy.stages = c.stages;
        buf_init(&e->wire_id, CONTENT_ID_MAX);
        buf_slice(&e->wire_id, c.policy.id);
        e->policy.wire_id = buf_view(&e->wire_id);
        encode(e, &c.policy);
    } else {
        log_error("policies: version %lld of row %lld cannot be read; it is not published", (long long)row->version, (long long)row->row);
    }
    content_free(&c);
    return e;
}

/* ---- sets ---- */

static struct published_set *set_new(int64_t account)
{
    struct published_set *s = xcalloc(1, sizeof *s);
    atomic_init(&s->references, 1);
    s->account = account;
    pthread_mutex_init(&s->mutex, NULL);
    return s;
}

static void list_free(struct list *l)
{
    if (!l) return;
    buf_free(&l->bytes);
    free(l);
}

static void set_free(struct published_set *s)
{
    for (size_t i = 0; i < s->count; i++) entry_release(s->entries[i]);
    for (int e = 0; e < ENCODINGS; e++)
        for (int m = 0; m < MASKS; m++) list_free(atomic_load(&s->lists[e][m]));
    free(s->entries);
    pthread_mutex_destroy(&s->mutex);
    free(s);
}

void published_release(const struct published_set *set)
{
    struct published_set *s = (struct published_set *)set;
    if (s && atomic_fetch_sub(&s->references, 1) == 1) set_free(s);
}

static void add(struct published_set *s, struct entry *e)
{
    if (!e) return;
    if (s->count == s->room) {
        s->room = s->room ? s->room * 2 : 16;
        s->entries = xreallocarray(s->entries, s->room, sizeof *s->entries);
    }
    s->entries[s->count++] = e;
}

static int compare(struct slice a, struct slice b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int by_wire_id(const void *a, const void *b)
{
    return compare((*(struct entry *const *)a)->policy.wire_id, (*(struct entry *const *)b)->policy.wire_id);
}

/* ---- reading ---- */

static struct entry *lookup(const struct published_set *s, struct slice wire_id)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(s->entries[middle]->policy.wire_id, wire_id);
        if (order == 0) return s->entries[middle];
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

/* The entry of the same version in the set before, with a reference of its own. */
static struct entry *carried(const struct published_set *old, const struct published_policy *row, struct slice wire_id)
{
    struct entry *e = old ? lookup(old, wire_id) : NULL;
    if (!e || e->policy.row != row->row || e->policy.version != row->version) return NULL;
    atomic_fetch_add(&e->references, 1);
    return e;
}

#define IN_FORCE "p.approved_version > 0 AND (p.state = 3 OR (p.state = 1 AND p.resting = 3))"

static bool read_set(struct db *db, const struct published_set *old, struct published_set *s)
{
    enum db_step step;
    sqlite3_stmt *st = db_prepare(db, "SELECT p.id, p.row, p.approved_version, p.wire_id, v.text FROM policies p JOIN policy_versions v"
                                      " ON v.policy = p.row AND v.version = p.approved_version WHERE p.account = ?1 AND " IN_FORCE);
    db_bind(st, "i", s->account);
    while ((step = db_step(db, st)) == DB_ROW) {
        struct published_policy row = {.id = db_id(st, 0), .row = sqlite3_column_int64(st, 1), .version = sqlite3_column_int64(st, 2)};
        struct entry *e = carried(old, &row, db_text(st, 3));
        add(s, e ? e : entry_new(&row, db_text(st, 4)));
    }
    sqlite3_reset(st);
    if (s->count) qsort(s->entries, s->count, sizeof *s->entries, by_wire_id);
    return step == DB_DONE;
}

static bool same_content(const struct published_set *a, const struct published_set *b)
{
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++)
        if (!slice_eq(a->entries[i]->policy.wire_id, b->entries[i]->policy.wire_id) ||
            strcmp(a->entries[i]->hash, b->entries[i]->hash) != 0)
            return false;
    return true;
}

/* ---- the table of accounts ---- */

static struct published_set **slot_of(struct publisher *p, int64_t account)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->sets[i]->account == account) return &p->sets[i];
    return NULL;
}

const struct published_set *published_take(struct publisher *p, int64_t account)
{
    pthread_mutex_lock(&p->mutex);
    struct published_set **slot = slot_of(p, account);
    struct published_set *s = slot ? *slot : p->empty;
    atomic_fetch_add(&s->references, 1);
    pthread_mutex_unlock(&p->mutex);
    return s;
}

static void replace(struct publisher *p, struct published_set *s)
{
    pthread_mutex_lock(&p->mutex);
    struct published_set **slot = slot_of(p, s->account), *old = slot ? *slot : NULL;
    if (slot) {
        *slot = s;
    } else {
        p->sets = xreallocarray(p->sets, p->count + 1, sizeof(struct published_set *));
        p->sets[p->count++] = s;
    }
    pthread_mutex_unlock(&p->mutex);
    published_release(old);
}

bool publisher_refresh(struct publisher *p, int64_t account)
{
    struct db *db = store_reader(p->store);
    const struct published_set *old = published_take(p, account);
    struct published_set *s = set_new(account);
    bool ok = db && read_set(db, old, s);
    bool news = ok && (old == p->empty || !same_content(old, s));
    s->generation = old->generation + 1;
    if (news) replace(p, s);
    else published_release(s);
    published_release(old);
    if (!ok) log_error("policies: the set in force could not be read; edges keep the one before");
    return ok;
}

static size_t read_accounts(struct db *db, int64_t **accounts)
{
    size_t n = 0;
    sqlite3_stmt *st = db_prepare(db, "SELECT row FROM accounts");
    while (db_step(db, st) == DB_ROW) {
        *accounts = xreallocarray(*accounts, n + 1, sizeof **accounts);
        (*accounts)[n++] = sqlite3_column_int64(st, 0);
    }
    sqlite3_reset(st);
    return n;
}

struct publisher *publisher_new(struct store *store, char **problem)
{
    struct publisher *p = xcalloc(1, sizeof *p);
    p->store = store;
    p->empty = set_new(0);
    pthread_mutex_init(&p->mutex, NULL);
    struct db *db = store_reader(store);
    int64_t *accounts = NULL;
    size_t n = db ? read_accounts(db, &accounts) : 0;
    bool ok = n > 0;
    for (size_t i = 0; i < n && ok; i++) ok = publisher_refresh(p, accounts[i]);
    free(accounts);
    store_reader_end(store);
    if (ok) return p;
    *problem = xstrdup("the policies in force cannot be read");
    publisher_free(p);
    return NULL;
}

void publisher_free(struct publisher *p)
{
    if (!p) return;
    for (size_t i = 0; i < p->count; i++) published_release(p->sets[i]);
    published_release(p->empty);
    pthread_mutex_destroy(&p->mutex);
    free(p->sets);
    free(p);
}

/* ---- looking ---- */

uint64_t published_generation(const struct published_set *set) { return set->generation; }
size_t published_count(const struct published_set *set) { return set->count; }
const struct published_policy *published_at(const struct published_set *set, size_t i) { return &set->entries[i]->policy; }

const struct published_policy *published_find(const struct published_set *set, struct slice wire_id)
{
    const struct entry *e = lookup(set, wire_id);
    return e ? &e->policy : NULL;
}

/* ---- lists ---- */

static bool wanted(const struct entry *e, unsigned stages) { return (e->policy.stages & ~stages) == 0; }

static void put_varint(struct buf *out, size_t value)
{
    for (; value >= 0x80; value >>= 7) buf_char(out, (char)(value | 0x80));
    buf_char(out, (char)value);
}

static void put_policy(struct list *l, const struct entry *e, enum published_encoding encoding)
{
    struct slice bytes = e->policy.encodings[encoding];
    if (encoding == PUBLISHED_JSON) {
        if (l->view.count) buf_char(&l->bytes, ',');
    } else {
        buf_char(&l->bytes, '\x0a');
        put_varint(&l->bytes, bytes.len);
    }
    buf_slice(&l->bytes, bytes);
    l->view.count++;
}

static struct list *make_list(const struct published_set *s, enum published_encoding encoding, unsigned stages)
{
    struct list *l = xcalloc(1, sizeof *l);
    crypto_hash_sha256_state state;
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_init(&state);
    buf_init(&l->bytes, LIST_BYTES_MAX);
    for (size_t i = 0; i < s->count; i++) {
        if (!wanted(s->entries[i], stages)) continue;
        put_policy(l, s->entries[i], encoding);
        crypto_hash_sha256_update(&state, (const unsigned char *)s->entries[i]->hash, CONTENT_HASH);
    }
    crypto_hash_sha256_final(&state, digest);
    sodium_bin2hex(l->hash, sizeof l->hash, digest, sizeof digest);
    l->view.bytes = buf_view(&l->bytes);
    l->view.hash = slice_of(l->hash, CONTENT_HASH);
    return l;
}

const struct published_list *published_list(const struct published_set *set, enum published_encoding encoding, unsigned stages)
{
    struct published_set *s = (struct published_set *)set;
    _Atomic(struct list *) *slot = &s->lists[encoding][stages & STAGES_ALL];
    struct list *l = atomic_load_explicit(slot, memory_order_acquire);
    if (l) return &l->view;
    pthread_mutex_lock(&s->mutex);
    l = atomic_load_explicit(slot, memory_order_relaxed);
    if (!l) {
        l = make_list(s, encoding, stages & STAGES_ALL);
        atomic_store_explicit(slot, l, memory_order_release);
    }
    pthread_mutex_unlock(&s->mutex);
    return &l->view;
}
