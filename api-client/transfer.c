#include "api-client/internal.h"
#include "base/die.h"
#include "base/version.h"

#include <stdio.h>
#include <strings.h>
#include <sys/random.h>

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    size_t n = size * count;
    buf_add(&t->answer, bytes, n);
    if (!t->answer.full) return n;
    t->too_large = true;
    return CURL_WRITEFUNC_ERROR;
}

static void note_request_id(struct transfer *t, const char *line, size_t n)
{
    static const char name[] = "x-request-id:";
    size_t at = sizeof name - 1, len = 0;
    if (n < at || strncasecmp(line, name, at) != 0) return;
    while (at < n && line[at] == ' ') at++;
    while (at < n && len + 1 < sizeof t->request_id && line[at] > ' ' && line[at] < 0x7f) t->request_id[len++] = line[at++];
    if (len) t->request_id[len] = '\0';
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    size_t n = size * count;
    t->header_bytes += n;
    if (t->header_bytes > HEADERS_MAX) {
        t->too_large = true;
        return CURL_WRITEFUNC_ERROR;
    }
    note_request_id(t, bytes, n);
    return n;
}

static void new_request_id(struct transfer *t)
{
    unsigned char raw[16] = {0};
    if (getrandom(raw, sizeof raw, GRND_NONBLOCK) < 0) return;
    for (size_t i = 0; i < sizeof raw; i++) snprintf(t->request_id + 2 * i, 3, "%02x", raw[i]);
}

/* The nodes are ours, so no copy of the token is made here. */
static void add_header(struct transfer *t, char *text)
{
    size_t n = 0;
    while (n < sizeof t->headers / sizeof *t->headers && t->headers[n].data) n++;
    t->headers[n] = (struct curl_slist){.data = text};
    if (n) t->headers[n - 1].next = &t->headers[n];
}

static void set_headers(struct transfer *t, const struct origin *o)
{
    static char type[] = "Content-Type: application/json", accept[] = "Accept: application/graphql-response+json, application/json;q=0.9";
    memset(t->headers, 0, sizeof t->headers);
    new_request_id(t);
    snprintf(t->request_header, sizeof t->request_header, "X-Request-Id: %s", t->request_id);
    add_header(t, type);
    add_header(t, accept);
    add_header(t, t->request_header);
    if (o->account) add_header(t, o->account);
    if (o->bearer) add_header(t, o->bearer);
    curl.easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
}

static void set_limits(struct transfer *t)
{
    curl.easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
    curl.easy_setopt(t->easy, CURLOPT_QUICK_EXIT, 1L);
    curl.easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl.easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl.easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)TRANSFER_MS);
    curl.easy_setopt(t->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)ANSWER_MAX);
    curl.easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, take_body);
    curl.easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
    curl.easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, take_header);
    curl.easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
    curl.easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->problem);
}

static void set_origin(struct transfer *t, const struct origin *o)
{
    curl.easy_setopt(t->easy, CURLOPT_URL, o->url);
    curl.easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, o->https ? "https" : "http");
    curl.easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)(o->https ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    t->local = o->socket != NULL;
    if (o->socket) curl.easy_setopt(t->easy, CURLOPT_UNIX_SOCKET_PATH, o->socket);
    if (o->loopback) curl.easy_setopt(t->easy, CURLOPT_PROXY, "");
    if (o->https) {
        curl.easy_setopt(t->easy, CURLOPT_PIPEWAIT, 1L);
        curl.easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING, "");
        if (o->ca) curl.easy_setopt(t->easy, CURLOPT_CAINFO, o->ca);
        curl.easy_setopt(t->easy, CURLOPT_SSL_VERIFYPEER, 1L);
        curl.easy_setopt(t->easy, CURLOPT_SSL_VERIFYHOST, 2L);
        curl.easy_setopt(t->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    }
}

void transfer_begin(struct transfer *t, const struct origin *o, struct slice body, bool once)
{
    *t = (struct transfer){.easy = curl.easy_init()};
    if (!t->easy) die("libcurl gives no handle");
    buf_init(&t->answer, ANSWER_MAX);
    set_limits(t);
    set_origin(t, o);
    set_headers(t, o);
    curl.easy_setopt(t->easy, CURLOPT_USERAGENT, "tero-console/" TERO_VERSION);
    curl.easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, (long)once);
    curl.easy_setopt(t->easy, CURLOPT_POST, 1L);
    curl.easy_setopt(t->easy, CURLOPT_POSTFIELDS, body.ptr);
    curl.easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
}

void transfer_end(struct transfer *t)
{
    curl.easy_cleanup(t->easy);
    t->easy = NULL;
    buf_free(&t->answer);
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

static void read_failure(struct transfer *t, CURLcode code, struct verdict *v)
{
    const char *what = *t->problem ? t->problem : curl.easy_strerror(code);
    *v = (struct verdict){.code = ""};
    if (t->too_large || code == CURLE_FILESIZE_EXCEEDED) answer_say(v, API_BROKEN, "the answer is larger than %d MiB", ANSWER_MAX >> 20);
    else if (is_broken(code)) answer_say(v, API_BROKEN, "not an HTTP answer: %s", what);
    else if (t->local && code == CURLE_COULDNT_CONNECT) answer_say(v, API_UNREACHABLE, "the control plane of this machine does not answer");
    else answer_say(v, API_UNREACHABLE, "%s", what);
    v->again = v->status == API_UNREACHABLE && !is_certificate(code);
}

void transfer_verdict(struct transfer *t, CURLcode code, struct verdict *v, int64_t *wait_ms)
{
    long http = 0;
    curl_off_t after = 0;
    *wait_ms = 0;
    if (code != CURLE_OK) {
        read_failure(t, code, v);
        return;
    }
    curl.easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &http);
    answer_read(v, http, buf_view(&t->answer));
    if (!v->again || curl.easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &after) != CURLE_OK || after <= 0) return;
    *wait_ms = after > RETRY_AFTER_MAX_MS / 1000 ? RETRY_AFTER_MAX_MS : (int64_t)after * 1000;
}
