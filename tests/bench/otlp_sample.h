/* Requests of made-up log records for the ingest figures: some 270 bytes a record as protobuf, 590 as JSON; ten
 * resource attributes, five record attributes, trace and span ids, bodies of several kinds. The same seed gives the
 * same records in both encodings. Header only: a program of this folder is one C file. */
#ifndef TESTS_BENCH_OTLP_SAMPLE_H
#define TESTS_BENCH_OTLP_SAMPLE_H

#include "base/hash.h"
#include "base/json_write.h"
#include "base/proto_write.h"

#include <inttypes.h>
#include <stdio.h>

struct sample {
    uint64_t time;
    unsigned severity;
    char body[256], path[48], user[24], trace[33], span[17];
    unsigned status;
    double duration;
};

static const char *const sample_services[] = {"checkout", "cart", "api-gateway", "payments", "search", "inventory", "mailer", "auth"};
static const char *const sample_resource[][2] = {
    {"service.namespace", "shop"},           {"service.version", "2.14.1"},           {"service.instance.id", "f3b1c2a0-7d1e-4c55"},
    {"deployment.environment.name", "prod"}, {"host.name", "node-17.eu.example.net"}, {"k8s.namespace.name", "shop"},
    {"k8s.pod.name", "checkout-6f7c9d"},     {"telemetry.sdk.name", "opentelemetry"}, {"telemetry.sdk.language", "go"}};
enum { SAMPLE_RESOURCE = sizeof sample_resource / sizeof sample_resource[0], SAMPLE_PER_REQUEST = 512 };

static inline uint64_t sample_next(uint64_t *state) { return *state = hash_mix(*state, UINT64_C(0xA0761D6478BD642F)); }

static inline void sample_body(struct sample *s, uint64_t r)
{
    unsigned a = (unsigned)(r >> 8) % 100000, b = (unsigned)(r >> 32) % 900 + 10;
    switch (r % 8) {
    case 0: snprintf(s->body, sizeof s->body, "GET /api/v1/items/%u 200 in %u ms", a, b); break;
    case 1: snprintf(s->body, sizeof s->body, "order %u accepted for customer %u, total %u.%02u EUR", a, b * 7, b, a % 100); break;
    case 2: snprintf(s->body, sizeof s->body, "connection to 10.0.%u.%u:5432 closed after %u s", a % 256, b % 256, b); break;
    case 3: snprintf(s->body, sizeof s->body, "level=info msg=\"cache refreshed\" keys=%u took=%ums shard=%u", a, b, a % 16); break;
    case 4: snprintf(s->body, sizeof s->body, "{\"event\":\"login\",\"user\":\"u%u\",\"ok\":true,\"ms\":%u}", a, b); break;
    case 5: snprintf(s->body, sizeof s->body, "retrying upstream inventory, attempt %u of 5: deadline exceeded", a % 5 + 1); break;
    case 6: snprintf(s->body, sizeof s->body, "job 7f%06x-1c%02x finished: %u rows written to partition %u", a, b % 256, a, b % 64); break;
    default:
        snprintf(s->body, sizeof s->body, "panic: index %u out of range\n\tat worker.run (worker.go:%u)\n\tat main (main.go:42)", b,
                 b % 400);
    }
}

static inline void sample_record(struct sample *s, uint64_t *state)
{
    uint64_t r = sample_next(state), t = sample_next(state);
    s->time = UINT64_C(1795000000000000000) + r % UINT64_C(3600000000000);
    s->severity = r % 16 == 0 ? 17 : r % 5 == 0 ? 13 : 9;
    s->status = r % 16 == 0 ? 500 : 200;
    s->duration = (double)(r % 100000) / 1000;
    snprintf(s->path, sizeof s->path, "/api/v1/items/%u", (unsigned)(r >> 40) % 1000);
    snprintf(s->user, sizeof s->user, "user-%u", (unsigned)(r >> 20) % 50000);
    snprintf(s->trace, sizeof s->trace, "%016" PRIx64 "%016" PRIx64, r, t);
    snprintf(s->span, sizeof s->span, "%016" PRIx64, r ^ t);
    sample_body(s, t);
}

static inline void sample_pair_protobuf(struct buf *out, uint32_t number, const char *key, struct slice value)
{
    size_t pair = proto_open(out, number);
    proto_put_bytes(out, 1, slice_str(key));
    size_t any = proto_open(out, 2);
    proto_put_bytes(out, 1, value);
    proto_close(out, any);
    proto_close(out, pair);
}

static inline void sample_record_protobuf(struct buf *out, const struct sample *s)
{
    char id[16];
    size_t record = proto_open(out, 2);
    proto_put_fixed64(out, 1, s->time);
    proto_put_fixed64(out, 11, s->time + 1000);
    proto_put_varint(out, 2, s->severity);
    proto_put_bytes(out, 3, slice_str(s->severity == 9 ? "INFO" : s->severity == 13 ? "WARN" : "ERROR"));
    size_t body = proto_open(out, 5);
    proto_put_bytes(out, 1, slice_str(s->body));
    proto_close(out, body);
    sample_pair_protobuf(out, 6, "http.request.method", SLICE("GET"));
    sample_pair_protobuf(out, 6, "url.path", slice_str(s->path));
    sample_pair_protobuf(out, 6, "enduser.id", slice_str(s->user));
    size_t pair = proto_open(out, 6);
    proto_put_bytes(out, 1, SLICE("http.response.status_code"));
    size_t any = proto_open(out, 2);
    proto_put_varint(out, 3, s->status);
    proto_close(out, any);
    proto_close(out, pair);
    uint64_t bits;
    memcpy(&bits, &s->duration, 8);
    pair = proto_open(out, 6);
    proto_put_bytes(out, 1, SLICE("duration_ms"));
    any = proto_open(out, 2);
    proto_put_fixed64(out, 4, bits);
    proto_close(out, any);
    proto_close(out, pair);
    memcpy(id, s->trace, 16);
    proto_put_bytes(out, 9, slice_of(id, 16));
    proto_put_bytes(out, 10, slice_of(id, 8));
    proto_close(out, record);
}

static inline void sample_protobuf(struct buf *out, unsigned records, uint64_t seed)
{
    struct sample s;
    size_t logs = proto_open_wide(out, 1), resource = proto_open(out, 1);
    sample_pair_protobuf(out, 1, "service.name", slice_str(sample_services[seed % 8]));
    for (int i = 0; i < SAMPLE_RESOURCE; i++) sample_pair_protobuf(out, 1, sample_resource[i][0], slice_str(sample_resource[i][1]));
    proto_close(out, resource);
    size_t scope = proto_open_wide(out, 2);
    for (unsigned i = 0; i < records; i++) {
        sample_record(&s, &seed);
        sample_record_protobuf(out, &s);
    }
    proto_close_wide(out, scope);
    proto_close_wide(out, logs);
}

static inline void sample_pair_json(struct buf *out, const char *key, const char *value)
{
    buf_printf(out, "{\"key\":\"%s\",\"value\":{\"stringValue\":\"%s\"}},", key, value);
}

static inline void sample_record_json(struct buf *out, const struct sample *s)
{
    buf_printf(out,
               "{\"timeUnixNano\":\"%" PRIu64 "\",\"observedTimeUnixNano\":\"%" PRIu64 "\",\"severityNumber\":%u,\"severityText\":\"%s\",",
               s->time, s->time + 1000, s->severity,
               s->severity == 9    ? "INFO"
               : s->severity == 13 ? "WARN"
                                   : "ERROR");
    buf_str(out, "\"body\":{\"stringValue\":");
    json_write_string(out, slice_str(s->body));
    buf_str(out, "},\"attributes\":[");
    sample_pair_json(out, "http.request.method", "GET");
    sample_pair_json(out, "url.path", s->path);
    sample_pair_json(out, "enduser.id", s->user);
    buf_printf(out, "{\"key\":\"http.response.status_code\",\"value\":{\"intValue\":%u}},", s->status);
    buf_printf(out, "{\"key\":\"duration_ms\",\"value\":{\"doubleValue\":%.3f}}],", s->duration);
    buf_printf(out, "\"droppedAttributesCount\":0,\"flags\":0,\"traceId\":\"%s\",\"spanId\":\"%s\"}", s->trace, s->span);
}

static inline void sample_json(struct buf *out, unsigned records, uint64_t seed)
{
    struct sample s;
    buf_str(out, "{\"resourceLogs\":[{\"resource\":{\"attributes\":[");
    for (int i = 0; i < SAMPLE_RESOURCE; i++) sample_pair_json(out, sample_resource[i][0], sample_resource[i][1]);
    buf_printf(out, "{\"key\":\"service.name\",\"value\":{\"stringValue\":\"%s\"}}]},", sample_services[seed % 8]);
    buf_str(out, "\"scopeLogs\":[{\"scope\":{\"name\":\"bench\"},\"logRecords\":[");
    for (unsigned i = 0; i < records; i++) {
        sample_record(&s, &seed);
        if (i) buf_char(out, ',');
        sample_record_json(out, &s);
    }
    buf_str(out, "]}]}]}");
}

#endif
