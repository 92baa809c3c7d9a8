#include "control-plane/edges/answer.h"

#include "base/json_write.h"
#include "base/proto_write.h"

enum { ANSWER_MAX = 1024, SYNC_TYPE_FULL = 1 };
enum { RESPONSE_HASH = 2, RESPONSE_TIMESTAMP = 3, RESPONSE_INTERVAL = 4, RESPONSE_TYPE = 5 };

static void write_json(struct edges_answer *a, const struct published_list *list, bool whole, int64_t now_ns)
{
    buf_str(&a->body, "{\"policies\":[");
    a->at = a->body.len;
    buf_str(&a->body, "],\"hash\":");
    json_write_string(&a->body, list->hash);
    buf_str(&a->body, ",\"syncTimestampUnixNano\":\"");
    buf_i64(&a->body, now_ns);
    buf_str(&a->body, "\",\"recommendedSyncIntervalSeconds\":");
    buf_u64(&a->body, EDGES_POLL_SECONDS);
    buf_str(&a->body, whole ? ",\"syncType\":1,\"errorMessage\":\"\"}" : ",\"syncType\":0,\"errorMessage\":\"\"}");
}

static void write_protobuf(struct edges_answer *a, const struct published_list *list, bool whole, int64_t now_ns)
{
    a->at = 0;
    proto_put_bytes(&a->body, RESPONSE_HASH, list->hash);
    proto_put_fixed64(&a->body, RESPONSE_TIMESTAMP, (uint64_t)now_ns);
    proto_put_varint(&a->body, RESPONSE_INTERVAL, EDGES_POLL_SECONDS);
    if (whole) proto_put_varint(&a->body, RESPONSE_TYPE, SYNC_TYPE_FULL);
}

void answer_write(struct edges_answer *answer, enum published_encoding encoding, const struct published_list *list, bool whole,
                  int64_t now_ns)
{
    *answer = (struct edges_answer){.shared = whole ? list->bytes : slice_of("", 0)};
    buf_init(&answer->body, ANSWER_MAX);
    if (encoding == PUBLISHED_JSON) write_json(answer, list, whole, now_ns);
    else write_protobuf(answer, list, whole, now_ns);
}
