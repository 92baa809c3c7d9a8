/* A record as one line of text, for comparing:
 *   time severity/text service event "body" {attribute:type=value,...} [body field:type=value,...] bytes */
#ifndef TESTS_UNIT_CAPTURE_H
#define TESTS_UNIT_CAPTURE_H

#include "base/buf.h"
#include "control-plane/catalog/record.h"

#include <inttypes.h>

static void capture_fields(struct buf *out, const struct field *fields, size_t n)
{
    static const char *const types[] = {"empty", "string", "bool", "int", "double", "bytes", "array", "map"};
    for (size_t i = 0; i < n; i++) {
        if (i) buf_char(out, ',');
        buf_slice(out, fields[i].path);
        buf_printf(out, ":%s=", types[fields[i].type]);
        for (size_t c = 0; c < fields[i].text.len; c++) {
            if (fields[i].type == VALUE_BYTES) buf_printf(out, "%02x", (unsigned char)fields[i].text.ptr[c]);
            else buf_char(out, fields[i].text.ptr[c]);
        }
    }
}

static void capture_record(struct buf *out, const struct log_record *r)
{
    buf_printf(out, "%" PRId64 " %d/", r->time_ns, r->severity_number);
    buf_slice(out, r->severity);
    buf_char(out, ' ');
    buf_slice(out, r->service);
    buf_char(out, ' ');
    buf_slice(out, r->event_name);
    buf_str(out, " \"");
    buf_slice(out, r->body);
    buf_str(out, "\" {");
    capture_fields(out, r->attributes, r->attribute_count);
    buf_str(out, "} [");
    capture_fields(out, r->body_fields, r->body_field_count);
    buf_printf(out, "] %zu\n", r->bytes);
}

#endif
