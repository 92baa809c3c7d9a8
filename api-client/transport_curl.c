#include "api-client/curl_load.h"
#include "api-client/transport.h"
#include "base/die.h"
#include "base/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

struct remote {
    const struct origin *origin;
    CURLM *multi;
};

struct carrier { /* of an exchange */
    CURL *easy;
    struct exchange *exchange;
    struct curl_slist headers[5];
    char request_header[52];
    char problem[CURL_ERROR_SIZE];
    size_t header_bytes;
    bool too_large;
};

static void *remote_open(const struct origin *o)
{
    struct remote *r = xcalloc(1, sizeof *r);
    r->origin = o;
    curl_load(o->https);
    r->multi = curl.multi_init();
    if (!r->multi) die("libcurl gives no handle");
    curl.multi_setopt(r->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)CONNECTIONS);
    curl.multi_setopt(r->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS);
    curl.multi_setopt(r->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
    return r;
}

static void remote_close(void *transport)
{
    struct remote *r = transport;
    curl.multi_cleanup(r->multi);
    free(r);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct carrier *c = context;
    struct buf *answer = &c->exchange->answer;
    size_t n = size * count;
    buf_add(answer, bytes, n);
    if (!answer->full) return n;
    c->too_large = true;
    return CURL_WRITEFUNC_ERROR;
}

static void note_request_id(struct carrier *c, const char *line, size_t n)
{
    static const char name[] = "x-request-id:";
    size_t at = sizeof name - 1;
    if (n < at || strncasecmp(line, name, at) != 0) return;
    while (at < n && line[at] == ' ') at++;
    exchange_request_id(c->exchange, slice_of(line + at, n - at));
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
    struct carrier *c = context;
    size_t n = size * count;
    c->header_bytes += n;
    if (c->header_bytes > HEADERS_MAX) {
        c->too_large = true;
        return CURL_WRITEFUNC_ERROR;
    }
    note_request_id(c, bytes, n);
    return n;
}

/* The nodes are ours, so no copy of the token is made here. */
static void add_header(struct carrier *c, char *text)
{
    size_t n = 0;
    while (n < sizeof c->headers / sizeof *c->headers && c->headers[n].data) n++;
    c->headers[n] = (struct curl_slist){.data = text};
    if (n) c->headers[n - 1].next = &c->headers[n];
}

static void set_headers(struct carrier *c, const struct origin *o)
{
    static char type[] = TRANSPORT_TYPE, accept[] = TRANSPORT_ACCEPT;
    snprintf(c->request_header, sizeof c->request_header, "X-Request-Id: %s", c->exchange->request_id);
    add_header(c, type);
    add_header(c, accept);
    add_header(c, c->request_header);
    if (o->account) add_header(c, o->account);
    if (o->bearer) add_header(c, o->bearer);
    curl.easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->headers);
}

static void set_limits(struct carrier *c, const struct origin *o)
{
    curl.easy_setopt(c->easy, CURLOPT_NOSIGNAL, 1L);
    curl.easy_setopt(c->easy, CURLOPT_QUICK_EXIT, 1L);
    curl.easy_setopt(c->easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl.easy_setopt(c->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl.easy_setopt(c->easy, CURLOPT_TIMEOUT_MS, (long)o->transfer_ms);
    curl.easy_setopt(c->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)ANSWER_MAX);
    curl.easy_setopt(c->easy, CURLOPT_WRITEFUNCTION, take_body);
    curl.easy_setopt(c->easy, CURLOPT_WRITEDATA, c);
    curl.easy_setopt(c->easy, CURLOPT_HEADERFUNCTION, take_header);
    curl.easy_setopt(c->easy, CURLOPT_HEADERDATA, c);
    curl.easy_setopt(c->easy, CURLOPT_ERRORBUFFER, c->problem);
}

static void set_origin(struct carrier *c, const struct origin *o)
{
    curl.easy_setopt(c->easy, CURLOPT_URL, o->url);
    curl.easy_setopt(c->easy, CURLOPT_PROTOCOLS_STR, o->https ? "https" : "http");
    curl.easy_setopt(c->easy, CURLOPT_HTTP_VERSION, (long)(o->https ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    if (o->loopback) curl.easy_setopt(c->easy, CURLOPT_PROXY, "");
    if (!o->https) return;
    curl.easy_setopt(c->easy, CURLOPT_PIPEWAIT, 1L);
    curl.easy_setopt(c->easy, CURLOPT_ACCEPT_ENCODING, "");
    if (o->ca) curl.easy_setopt(c->easy, CURLOPT_CAINFO, o->ca);
    curl.easy_setopt(c->easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl.easy_setopt(c->easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl.easy_setopt(c->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
}

/* A fresh connection for `once`: libcurl sends again by itself what a kept connection lost. */
static void remote_begin(void *transport, struct exchange *x, struct slice body, bool once)
{
    struct remote *r = transport;
    struct carrier *c = xcalloc(1, sizeof *c);
    exchange_start(x);
    x->carrier = c;
    c->exchange = x;
    c->easy = curl.easy_init();
    if (!c->easy) die("libcurl gives no handle");
    set_limits(c, r->origin);
    set_origin(c, r->origin);
    set_headers(c, r->origin);
    curl.easy_setopt(c->easy, CURLOPT_USERAGENT, "tero-console/" TERO_VERSION);
    curl.easy_setopt(c->easy, CURLOPT_FRESH_CONNECT, (long)once);
    curl.easy_setopt(c->easy, CURLOPT_POST, 1L);
    curl.easy_setopt(c->easy, CURLOPT_POSTFIELDS, body.ptr);
    curl.easy_setopt(c->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
    curl.easy_setopt(c->easy, CURLOPT_PRIVATE, c);
    curl.multi_add_handle(r->multi, c->easy);
}

static void remote_end(void *transport, struct exchange *x)
{
    struct remote *r = transport;
    struct carrier *c = x->carrier;
    if (!c) return;
    curl.multi_remove_handle(r->multi, c->easy);
    curl.easy_cleanup(c->easy);
    free(c);
    x->carrier = NULL;
    buf_free(&x->answer);
}

static bool is_certificate(CURLcode code)
{
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE ||
           code == CURLE_SSL_ISSUER_ERROR || code == CURLE_SSL_CIPHER || code == CURLE_SSL_PINNEDPUBKEYNOTMATCH;
}

static bool is_broken(CURLcode code)
{
    return code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_BAD_CONTENT_ENCODING ||
           code == CURLE_HTTP_RETURNED_ERROR || code == CURLE_URL_MALFORMAT;
}

static enum outcome outcome_of(const struct carrier *c, CURLcode code)
{
    if (code == CURLE_OK) return OUTCOME_ANSWERED;
    if (c->too_large || code == CURLE_FILESIZE_EXCEEDED) return OUTCOME_TOO_LARGE;
    if (is_broken(code)) return OUTCOME_BROKEN;
    if (is_certificate(code)) return OUTCOME_UNTRUSTED;
    return code == CURLE_COULDNT_CONNECT ? OUTCOME_NOT_SENT : OUTCOME_LOST;
}

static void finished(struct carrier *c, CURLcode code)
{
    struct exchange *x = c->exchange;
    curl_off_t after = 0;
    x->outcome = outcome_of(c, code);
    curl.easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &x->http);
    if (code != CURLE_OK) snprintf(x->problem, sizeof x->problem, "%s", *c->problem ? c->problem : curl.easy_strerror(code));
    else if (curl.easy_getinfo(c->easy, CURLINFO_RETRY_AFTER, &after) == CURLE_OK) exchange_retry_after(x, after);
}

static struct exchange *remote_perform(void *transport)
{
    struct remote *r = transport;
    int running, left;
    CURLMsg *message;
    curl.multi_perform(r->multi, &running);
    while ((message = curl.multi_info_read(r->multi, &left))) {
        struct carrier *c = NULL;
        if (message->msg != CURLMSG_DONE) continue;
        CURLcode code = message->data.result;
        curl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&c);
        finished(c, code);
        return c->exchange;
    }
    return NULL;
}

static void remote_wait(void *transport, const int *fds, bool *ready, size_t count, int timeout_ms)
{
    struct remote *r = transport;
    struct curl_waitfd waits[WAIT_FDS];
    for (size_t i = 0; i < count; i++) waits[i] = (struct curl_waitfd){.fd = fds[i], .events = CURL_WAIT_POLLIN};
    CURLMcode code = curl.multi_poll(r->multi, waits, (unsigned)count, timeout_ms < 0 ? 86400000 : timeout_ms, NULL);
    for (size_t i = 0; i < count; i++) ready[i] = code == CURLM_OK && waits[i].revents != 0;
}

const struct transport_ops transport_curl = {
    .open = remote_open,
    .close = remote_close,
    .begin = remote_begin,
    .end = remote_end,
    .perform = remote_perform,
    .wait = remote_wait,
};
