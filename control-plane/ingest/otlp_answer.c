#include "base/json_write.h"
#include "base/proto_write.h"
#include "control-plane/ingest/otlp.h"

enum { RESPONSE_PARTIAL_SUCCESS = 1, PARTIAL_REJECTED = 1, PARTIAL_MESSAGE = 2 };
enum { STATUS_CODE = 1, STATUS_MESSAGE = 2 };

static void json_response(struct buf *out, const struct otlp_outcome *o)
{
    if (!o->rejected) {
        buf_str(out, "{}");
        return;
    }
    buf_str(out, "{\"partialSuccess\":{\"rejectedLogRecords\":\"");
    buf_u64(out, o->rejected);
    buf_str(out, "\",\"errorMessage\":");
    json_write_string(out, slice_str(o->message));
    buf_str(out, "}}");
}

void otlp_response(struct buf *out, enum otlp_encoding e, const struct otlp_outcome *o)
{
    if (e == OTLP_JSON) {
        json_response(out, o);
        return;
    }
    if (!o->rejected) return;
    size_t mark = proto_open(out, RESPONSE_PARTIAL_SUCCESS);
    proto_put_varint(out, PARTIAL_REJECTED, o->rejected);
    proto_put_bytes(out, PARTIAL_MESSAGE, slice_str(o->message));
    proto_close(out, mark);
}

void otlp_error(struct buf *out, enum otlp_encoding e, int code, const char *message)
{
    if (e == OTLP_PROTOBUF) {
        proto_put_varint(out, STATUS_CODE, (uint64_t)code);
        proto_put_bytes(out, STATUS_MESSAGE, slice_str(message));
        return;
    }
    buf_printf(out, "{\"code\":%d,\"message\":", code);
    json_write_string(out, slice_str(message));
    buf_char(out, '}');
}
