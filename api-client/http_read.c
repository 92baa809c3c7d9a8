#include "api-client/http_read.h"

#include <strings.h>

void http_read_start(struct http_read *h, struct buf *body, size_t headers_max)
{
    *h = (struct http_read){.body = body, .head_left = headers_max};
    buf_init(&h->line, headers_max);
}

void http_read_free(struct http_read *h) { buf_free(&h->line); }

static void fail(struct http_read *h, const char *problem)
{
    h->state = HTTP_BROKEN;
    h->problem = problem;
}

static struct slice trim(struct slice s)
{
    while (s.len && (*s.ptr == ' ' || *s.ptr == '\t')) s = slice_of(s.ptr + 1, s.len - 1);
    while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t')) s.len--;
    return s;
}

static bool same_word(struct slice s, const char *word) { return s.len == strlen(word) && !strncasecmp(s.ptr, word, s.len); }

/* Digits alone, at most 15 of them. */
static bool number(struct slice s, int64_t *value)
{
    *value = 0;
    if (s.len == 0 || s.len > 15) return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9') return false;
        *value = *value * 10 + (s.ptr[i] - '0');
    }
    return true;
}

static void read_status(struct http_read *h, struct slice line)
{
    int64_t code;
    if (line.len < 12 || !slice_starts(line, "HTTP/1.") || (line.ptr[7] != '0' && line.ptr[7] != '1') || line.ptr[8] != ' ' ||
        !number(slice_of(line.ptr + 9, 3), &code) || code < 100 || (line.len > 12 && line.ptr[12] != ' ')) {
        fail(h, "the first line is no status line");
        return;
    }
    h->status = (int)code;
    h->keep = line.ptr[7] == '1';
    h->part = HTTP_HEADERS;
}

static void read_length(struct http_read *h, struct slice value)
{
    int64_t length;
    if (!number(value, &length) || (h->has_length && (size_t)length != h->left)) {
        fail(h, "Content-Length is no length");
        return;
    }
    h->has_length = true;
    h->left = (size_t)length;
}

static void read_connection(struct http_read *h, struct slice value)
{
    if (same_word(value, "close")) h->keep = false;
    if (same_word(value, "keep-alive")) h->keep = true;
}

static void read_coding(struct http_read *h, struct slice value)
{
    if (same_word(value, "chunked")) h->chunked = true;
    else fail(h, "an unknown Transfer-Encoding");
}

static void read_header(struct http_read *h, struct slice line)
{
    const char *colon = memchr(line.ptr, ':', line.len);
    if (!colon || colon == line.ptr) {
        fail(h, "a header without a name");
        return;
    }
    struct slice name = slice_of(line.ptr, (size_t)(colon - line.ptr));
    struct slice value = trim(slice_of(colon + 1, line.len - name.len - 1));
    if (same_word(name, "content-length")) read_length(h, value);
    else if (same_word(name, "transfer-encoding")) read_coding(h, value);
    else if (same_word(name, "connection")) read_connection(h, value);
    else if (same_word(name, "content-encoding") && !same_word(value, "identity")) fail(h, "a compressed answer nobody asked for");
    else if (same_word(name, "retry-after")) number(value, &h->retry_after);
    else if (same_word(name, "x-request-id") && value.len < sizeof h->request_id) memcpy(h->request_id, value.ptr, value.len);
}

/* The blank line after the headers: how the body ends. */
static void end_headers(struct http_read *h)
{
    if (h->status < 200) {
        h->part = HTTP_STATUS;
        h->has_length = h->chunked = false;
        h->left = 0;
        if (h->status == 101) fail(h, "it changes the protocol");
    } else if (h->chunked && h->has_length) {
        fail(h, "two ways to tell its length");
    } else if (h->status == 204 || h->status == 304 || (h->has_length && h->left == 0)) {
        h->state = HTTP_DONE;
    } else if (h->has_length && h->left > h->body->max) {
        h->state = HTTP_TOO_LARGE;
    } else if (h->chunked) {
        h->part = HTTP_CHUNK;
    } else {
        h->part = h->has_length ? HTTP_LENGTH : HTTP_CLOSE;
        h->keep = h->keep && h->has_length;
    }
}

static void read_chunk_size(struct http_read *h, struct slice line)
{
    size_t n = 0, digits = 0;
    for (; digits < line.len; digits++) {
        char c = line.ptr[digits];
        int v = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (v < 0) break;
        if (n >> 40) break;
        n = n * 16 + (size_t)v;
    }
    if (digits == 0 || (digits < line.len && !strchr("; \t", line.ptr[digits]))) {
        fail(h, "a chunk without a size");
        return;
    }
    if (n > h->body->max) h->state = HTTP_TOO_LARGE;
    h->left = n;
    h->part = n ? HTTP_CHUNK_DATA : HTTP_TRAILERS;
}

static void read_line(struct http_read *h, struct slice line)
{
    if (line.len && line.ptr[line.len - 1] == '\r') line.len--;
    if (memchr(line.ptr, '\0', line.len)) fail(h, "a NUL in its headers");
    else if (h->part == HTTP_STATUS) read_status(h, line);
    else if (h->part == HTTP_HEADERS && line.len) read_header(h, line);
    else if (h->part == HTTP_HEADERS) end_headers(h);
    else if (h->part == HTTP_CHUNK) read_chunk_size(h, line);
    else if (h->part == HTTP_CHUNK_END && line.len) fail(h, "a chunk longer than it says");
    else if (h->part == HTTP_CHUNK_END) h->part = HTTP_CHUNK;
    else if (line.len == 0) h->state = HTTP_DONE; /* after the trailers */
}

/* Headers count against their maximum; a line of a chunk is short. */
static bool spend(struct http_read *h, size_t n)
{
    bool chunk = h->part == HTTP_CHUNK || h->part == HTTP_CHUNK_END;
    if (chunk && h->line.len + n > 1024) fail(h, "a chunk without a size");
    else if (!chunk && n > h->head_left) h->state = HTTP_TOO_LARGE;
    else if (!chunk) h->head_left -= n;
    return h->state == HTTP_MORE;
}

static size_t take_line(struct http_read *h, struct slice bytes)
{
    const char *end = memchr(bytes.ptr, '\n', bytes.len);
    size_t n = end ? (size_t)(end - bytes.ptr) : bytes.len;
    if (!spend(h, n + (end != NULL))) return bytes.len;
    if (!end || h->line.len) buf_add(&h->line, bytes.ptr, n);
    if (!end) return n;
    if (h->line.full) h->state = HTTP_TOO_LARGE;
    else read_line(h, h->line.len ? buf_view(&h->line) : slice_of(bytes.ptr, n));
    buf_clear(&h->line);
    return n + 1;
}

static size_t take_body(struct http_read *h, struct slice bytes)
{
    size_t n = h->part == HTTP_CLOSE || bytes.len < h->left ? bytes.len : h->left;
    buf_add(h->body, bytes.ptr, n);
    if (h->body->full) h->state = HTTP_TOO_LARGE;
    if (h->part == HTTP_CLOSE) return n;
    h->left -= n;
    if (h->left || h->state != HTTP_MORE) return n;
    if (h->part == HTTP_LENGTH) h->state = HTTP_DONE;
    else h->part = HTTP_CHUNK_END;
    return n;
}

size_t http_read(struct http_read *h, struct slice bytes)
{
    size_t at = 0;
    while (at < bytes.len && h->state == HTTP_MORE) {
        struct slice rest = slice_of(bytes.ptr + at, bytes.len - at);
        bool body = h->part == HTTP_LENGTH || h->part == HTTP_CLOSE || h->part == HTTP_CHUNK_DATA;
        at += body ? take_body(h, rest) : take_line(h, rest);
    }
    return at;
}

void http_read_end(struct http_read *h)
{
    h->keep = false;
    if (h->state != HTTP_MORE) return;
    if (h->part == HTTP_CLOSE) h->state = HTTP_DONE;
    else if (h->part == HTTP_STATUS && h->line.len >= 5 && memcmp(h->line.data, "HTTP/", 5) != 0)
        fail(h, "the first line is no status line");
}
