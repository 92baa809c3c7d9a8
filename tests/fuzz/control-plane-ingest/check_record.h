/* What must hold of every record that a decoder gives, whatever the input. */
#ifndef TESTS_FUZZ_CHECK_RECORD_H
#define TESTS_FUZZ_CHECK_RECORD_H

#include "base/utf8.h"
#include "control-plane/ingest/otlp.h"

#include <stdlib.h>

struct batch {
    size_t records;
};

static void must(bool holds)
{
    if (!holds) abort();
}

static void check_text(struct slice s) { must(s.len == 0 || utf8_valid(s)); }

static void check_fields(const struct field *fields, size_t n)
{
    must(n <= OTLP_FIELDS);
    for (size_t i = 0; i < n; i++) {
        check_text(fields[i].path);
        must(fields[i].type <= VALUE_MAP);
        if (fields[i].type == VALUE_BYTES) (void)utf8_valid(fields[i].text);
        else check_text(fields[i].text);
    }
}

void batch_add(struct batch *b, const struct log_record *r)
{
    b->records++;
    must(r->time_ns >= 0);
    must(r->severity_number >= 0 && r->severity_number <= 24);
    check_text(r->severity);
    check_text(r->service);
    check_text(r->event_name);
    check_text(r->body);
    must(r->attribute_count + r->body_field_count <= OTLP_FIELDS);
    check_fields(r->attributes, r->attribute_count);
    check_fields(r->body_fields, r->body_field_count);
}

static void check_outcome(const struct otlp_outcome *o, const struct batch *b)
{
    must(o->accepted == b->records);
    must(o->ok || (o->accepted == 0 && o->rejected == 0 && o->message[0]));
    must(o->rejected == 0 || o->message[0]);
    must(memchr(o->message, '\0', sizeof o->message) != NULL);
}

#endif
