#include "control-plane/edges/answer.h"

#include "base/clock.h"
#include "base/die.h"
#include "base/json_write.h"
#include "base/proto_write.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { AROUND_MAX = 1024, SMALL = 16 * 1024, SYNC_TYPE_FULL = 1 };
enum { RESPONSE_HASH = 2, RESPONSE_TIMESTAMP = 3, RESPONSE_INTERVAL = 4, RESPONSE_TYPE = 5 };

struct edges_whole {
    atomic_uint references;
    char hash[65];
    int64_t second;
    struct buf bytes;
};

void edges_release(struct edges_whole *whole)
{
    if (!whole || atomic_fetch_sub(&whole->references, 1) != 1) return;
    buf_free(&whole->bytes);
    free(whole);
}

/* ---- bytes ---- */

static void write_json(struct buf *out, const struct published_list *list, bool full, int64_t now_ns)
{
    buf_str(out, "{\"policies\":[");
    if (full) buf_slice(out, list->bytes);
    buf_str(out, "],\"hash\":");
    json_write_string(out, list->hash);
    buf_str(out, ",\"syncTimestampUnixNano\":\"");
    buf_i64(out, now_ns);
    buf_str(out, "\",\"recommendedSyncIntervalSeconds\":");
    buf_u64(out, EDGES_POLL_SECONDS);
    buf_str(out, full ? ",\"syncType\":1,\"errorMessage\":\"\"}" : ",\"syncType\":0,\"errorMessage\":\"\"}");
}

static void write_protobuf(struct buf *out, const struct published_list *list, bool full, int64_t now_ns)
{
    if (full) buf_slice(out, list->bytes);
    proto_put_bytes(out, RESPONSE_HASH, list->hash);
    proto_put_fixed64(out, RESPONSE_TIMESTAMP, (uint64_t)now_ns);
    proto_put_varint(out, RESPONSE_INTERVAL, EDGES_POLL_SECONDS);
    if (full) proto_put_varint(out, RESPONSE_TYPE, SYNC_TYPE_FULL);
}

static void write_bytes(struct buf *out, const struct answer_of *of, const struct published_list *list)
{
    size_t room = AROUND_MAX + (of->full ? list->bytes.len : 0);
    buf_init(out, room);
    if (room > SMALL) buf_reserve(out, room - 1);
    if (of->encoding == PUBLISHED_JSON) write_json(out, list, of->full, of->now_ns);
    else write_protobuf(out, list, of->full, of->now_ns);
}

/* ---- shared ones ---- */

void wholes_init(struct wholes *w)
{
    *w = (struct wholes){.kept = {{NULL}}};
    pthread_mutex_init(&w->mutex, NULL);
}

static void drop_before(struct wholes *w, int64_t second)
{
    for (size_t e = 0; e < 2; e++) {
        for (size_t s = 0; s <= STAGES_ALL; s++) {
            if (!w->kept[e][s] || w->kept[e][s]->second >= second) continue;
            edges_release(w->kept[e][s]);
            w->kept[e][s] = NULL;
        }
    }
}

void wholes_expire(struct wholes *w, int64_t now_ns)
{
    pthread_mutex_lock(&w->mutex);
    drop_before(w, now_ns / NS_PER_SECOND);
    pthread_mutex_unlock(&w->mutex);
}

void wholes_free(struct wholes *w)
{
    drop_before(w, INT64_MAX);
    pthread_mutex_destroy(&w->mutex);
}

static bool fits(const struct edges_whole *whole, const struct answer_of *of, struct slice hash)
{
    return whole && whole->second == of->now_ns / NS_PER_SECOND && slice_eq(slice_str(whole->hash), hash);
}

static struct edges_whole *whole_new(const struct answer_of *of, const struct published_list *list)
{
    struct edges_whole *whole = xcalloc(1, sizeof *whole);
    atomic_init(&whole->references, 1);
    whole->second = of->now_ns / NS_PER_SECOND;
    memcpy(whole->hash, list->hash.ptr, list->hash.len < sizeof whole->hash ? list->hash.len : sizeof whole->hash - 1);
    write_bytes(&whole->bytes, of, list);
    return whole;
}

static struct edges_whole *take(struct wholes *w, const struct answer_of *of, const struct published_list *list)
{
    struct edges_whole **slot = &w->kept[of->encoding][of->stages & STAGES_ALL];
    pthread_mutex_lock(&w->mutex);
    if (!fits(*slot, of, list->hash)) {
        edges_release(*slot);
        *slot = whole_new(of, list);
    }
    struct edges_whole *whole = *slot;
    atomic_fetch_add(&whole->references, 1);
    pthread_mutex_unlock(&w->mutex);
    return whole;
}

void answer_write(struct wholes *w, const struct answer_of *of, struct edges_answer *answer)
{
    const struct published_list *list = published_list(of->set, of->encoding, of->stages);
    *answer = (struct edges_answer){.whole = NULL};
    if (of->full && list->bytes.len > SMALL) {
        answer->whole = take(w, of, list);
        answer->bytes = buf_view(&answer->whole->bytes);
    } else {
        write_bytes(&answer->body, of, list);
    }
}
