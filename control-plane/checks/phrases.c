#include "control-plane/checks/phrases.h"

#include "base/die.h"

#include <ctype.h>
#include <strings.h>

const char *const phrases_marker[] = {
    "here",      "got here",    "i am here", "im here",  "we are here", "reached here", "in here",
    "here *",    "got here *",  "marker",    "marker *", "step *",      "foo",          "bar",
    "baz",       "foo bar",     "foo *",     "asdf",     "qwerty",      "aaa",          "xxx",
    "zzz",       "test",        "test *",    "testing",  "testing *",   "test test",    "testing testing",
    "hello",     "hello world", "hi",        "blah",     "blah blah",   "debug",        "debug *",
    "ping pong", "works",       "it works",  "working",  "before",      "after",        "inside loop",
    "in loop",   "end of loop", NULL,
};
const char *const phrases_artifact[] = {
    "todo remove", "remove me",    "remove this",     "fixme", "delete this", "delete me", "temp debug", "temporary debug",
    "debug print", "printf debug", "print debugging", "wtf",   "why is this", "debugging", "dump of",    "dumping",
    "hack",        NULL,
};
const char *const phrases_probe[] = {
    "health check",    "healthcheck",    "health checks", "healthz",           "readyz",   "livez", "readiness probe", "liveness probe",
    "readiness check", "liveness check", "kube probe",    "elb healthchecker", "googlehc", NULL,
};
const char *const phrases_failure[] = {
    "fail",    "failed",      "fails",     "failing", "failure",  "error",     "errors",   "unhealthy", "timeout", "timed out",
    "refused", "unavailable", "not ready", "down",    "degraded", "exception", "critical", "lost",      "denied",  NULL,
};
const char *const phrases_network[] = {
    "connection refused",
    "connection reset",
    "connection timed out",
    "connection timeout",
    "connect timeout",
    "read timeout",
    "write timeout",
    "timed out",
    "timeout",
    "deadline exceeded",
    "broken pipe",
    "no route to host",
    "network unreachable",
    "network is unreachable",
    "host unreachable",
    "no such host",
    "name resolution",
    "dns",
    "tls handshake",
    "ssl handshake",
    "handshake failed",
    "econnrefused",
    "econnreset",
    "etimedout",
    "too many connections",
    "connection pool",
    "pool exhausted",
    "circuit breaker",
    "circuit open",
    "service unavailable",
    "upstream unavailable",
    "bad gateway",
    "gateway timeout",
    "connection closed",
    "connection lost",
    "unable to connect",
    "could not connect",
    "failed to connect",
    "cannot connect",
    "unexpected eof",
    "socket hang up",
    "socket closed",
    "socket timeout",
    "enotfound",
    "eai again",
    "ehostunreach",
    "enetunreach",
    "epipe",
    "getaddrinfo",
    "name or service not known",
    "failed to resolve",
    "could not resolve",
    "cannot resolve",
    "unknown host",
    "unknownhostexception",
    "nodename nor servname",
    "actively refused",
    "connection was refused",
    "connection was reset",
    "connection aborted",
    "connection terminated",
    "connection is not available",
    "communications link failure",
    "closed the connection",
    "closed connection",
    "host is down",
    "host is unreachable",
    "max retries exceeded",
    "no healthy upstream",
    "upstream connect error",
    "upstream timed out",
    "transport is closing",
    "transport closed",
    "certificate verify failed",
    "certificate has expired",
    "remote host closed",
    "no available server",
    "no servers available",
    "lost connection",
    NULL,
};
const char *const phrases_retry[] = {
    "retrying",
    "will retry",
    "retry attempt",
    "reconnecting",
    "reconnect",
    "reconnected",
    "heartbeat missed",
    "missed heartbeat",
    "keepalive",
    "keep alive",
    "rebalancing",
    "rejoining",
    "rejoined",
    "lease renewal",
    "backing off",
    "connection reset by peer",
    "peer closed",
    "closed by peer",
    NULL,
};
const char *const phrases_progress[] = {
    "incoming request",
    "received request",
    "handling request",
    "processing request",
    "request received",
    "request started",
    "start processing",
    "handling",
    "start handling",
    "begin processing",
    "done processing",
    "finished processing",
    "processing item",
    "processing message",
    "processing record",
    "processing event",
    "processing job",
    "processing row",
    "processing",
    "processed item",
    "processed message",
    "processed record",
    "handling message",
    "handling event",
    "handling item",
    "entering",
    "exiting",
    "enter",
    "exit",
    "cache hit",
    "cache miss",
    "cache lookup",
    "executing query",
    "executing statement",
    "running query",
    "query executed",
    "loop iteration",
    "iteration",
    "sending message",
    "message sent",
    "publishing message",
    "message received",
    "message published",
    "consumed message",
    "polling",
    "serializing",
    "deserializing",
    "calling",
    "invoking",
    "fetching",
    "looking up",
    "evaluating",
    NULL,
};
const char *const phrases_nothing[] = {
    "nothing to",
    "none received",
    "nothing received",
    "none found",
    "nothing found",
    "none pending",
    "nothing pending",
    "no messages received",
    "nothing new",
    "no updates",
    "no new",
    "nothing to do",
    "nothing to process",
    "nothing to flush",
    "nothing changed",
    "no changes",
    "no change",
    "no work",
    "no new messages",
    "no new records",
    "no messages",
    "no records to process",
    "no items",
    "no jobs",
    "no tasks",
    "queue is empty",
    "queue empty",
    "empty batch",
    "is idle",
    "still alive",
    "still running",
    "up to date",
    "already up to date",
    "sleeping",
    "waiting for work",
    "waiting for messages",
    "waiting for jobs",
    "noop",
    "no op",
    NULL,
};
const char *const phrases_chatter[] = {
    "reached target",
    "deactivated successfully",
    "consumed * cpu time",
    "cpu time",
    "root cmd",
    "cron",
    "dhcprequest",
    "dhcpack",
    "dhcpoffer",
    "dhcpdiscover",
    "checkpoint",
    "checkpoint starting",
    "checkpoint complete",
    "garbage collection",
    "gc pause",
    "gc cycle",
    "gc",
    "pause young",
    "pause mixed",
    "pause full",
    "pause remark",
    "pause cleanup",
    "stop the world",
    "log rotation",
    "rotating log",
    "rotating logs",
    "rotated log",
    "logrotate",
    "compaction finished",
    "compaction started",
    "compaction completed",
    "compacting",
    "vacuum",
    "autovacuum",
    "snapshot created",
    "snapshot taken",
    "session opened for user root",
    "session closed for user root",
    "starting periodic",
    "periodic task",
    "scheduled task",
    "heartbeat",
    "heartbeat sent",
    "lease renewed",
    "successfully renewed lease",
    "time synchronized",
    "clock synchronized",
    "starting daily",
    "started daily",
    "finished daily",
    "flushing memtable",
    "memtable flush",
    "metrics reported",
    "reporting metrics",
    NULL,
};
const char *const phrases_security[] = {
    "login", "logged in", "logged out", "password",     "authentication", "authenticated", "unauthorized", "forbidden", "denied",
    "sudo",  "privilege", "permission", "invalid user", "accepted",       "firewall",      "blocked",      "audit",     NULL,
};
const struct phrase_kind phrases_configuration[] = {
    {"deprecated", "deprecated setting"},
    {"deprecation", "deprecated setting"},
    {"no longer supported", "deprecated setting"},
    {"will be removed in", "deprecated setting"},
    {"is not set", "missing setting"},
    {"not set using", "missing setting"},
    {"not configured", "missing setting"},
    {"is not configured", "missing setting"},
    {"missing configuration", "missing setting"},
    {"no value configured", "missing setting"},
    {"no value for", "missing setting"},
    {"no value set", "missing setting"},
    {"missing config", "missing setting"},
    {"no configuration found", "missing setting"},
    {"using default", "fallback to a default"},
    {"using defaults", "fallback to a default"},
    {"falling back to default", "fallback to a default"},
    {"defaulting to", "fallback to a default"},
    {"unknown configuration", "unknown setting"},
    {"unknown config", "unknown setting"},
    {"unknown option", "unknown setting"},
    {"unknown property", "unknown setting"},
    {"unrecognized option", "unknown setting"},
    {"unrecognized configuration", "unknown setting"},
    {"unknown setting", "unknown setting"},
    {"invalid configuration", "wrong setting"},
    {"invalid config", "wrong setting"},
    {"unrecognized property", "unknown setting"},
    {"unrecognized setting", "unknown setting"},
    {"unrecognized key", "unknown setting"},
    {"unrecognized field", "unknown setting"},
    {"unsupported option", "unknown setting"},
    {"unsupported setting", "unknown setting"},
    {"unknown key", "unknown setting"},
    {"unknown field", "unknown setting"},
    {"unknown parameter", "unknown setting"},
    {"unknown directive", "unknown setting"},
    {"ignoring unknown", "unknown setting"},
    {"not a known config", "unknown setting"},
    {"isn t a known config", "unknown setting"},
    {"isnt a known config", "unknown setting"},
    {"is obsolete", "deprecated setting"},
    {"environment variable not set", "missing setting"},
    {"missing environment variable", "missing setting"},
    {"is not defined", "missing setting"},
    {"is unset", "missing setting"},
    {"not specified using", "missing setting"},
    {"was not specified", "missing setting"},
    {"default will be used", "fallback to a default"},
    {"default is used", "fallback to a default"},
    {"fallback to default", "fallback to a default"},
    {"reverting to default", "fallback to a default"},
    {"invalid setting", "wrong setting"},
    {"invalid value for", "wrong setting"},
    {"misconfigured", "wrong setting"},
    {"misconfiguration", "wrong setting"},
    {NULL, NULL},
};
const char *const phrases_clinic[] = {"patient",   "patients", "clinic",  "clinician", "physician", "doctor", "nurse",
                                      "encounter", "hospital", "medical", "ward",      "surgery",   NULL};
const struct phrase_kind phrases_health[] = {
    {"diagnosed with", "diagnosis"},       {"prescribed", "medication"},        {"prescription of", "medication"},
    {"treated for", "health_condition"},   {"allergic to", "health_condition"}, {"suffers from", "health_condition"},
    {"tested positive for", "lab_result"}, {"underwent", "treatment"},          {NULL, NULL},
};
const struct phrase_kind phrases_peer[] = {
    {"postgres", "database"},
    {"postgresql", "database"},
    {"mysql", "database"},
    {"mariadb", "database"},
    {"oracle", "database"},
    {"mongodb", "database"},
    {"mongo", "database"},
    {"cassandra", "database"},
    {"database", "database"},
    {"db", "database"},
    {"redis", "cache"},
    {"memcached", "cache"},
    {"cache", "cache"},
    {"kafka", "queue"},
    {"rabbitmq", "queue"},
    {"sqs", "queue"},
    {"nats", "queue"},
    {"broker", "queue"},
    {"queue", "queue"},
    {"zookeeper", "coordination"},
    {"etcd", "coordination"},
    {"consul", "coordination"},
    {"elasticsearch", "search"},
    {"opensearch", "search"},
    {"s3", "storage"},
    {"dns", "resolver"},
    {"resolver", "resolver"},
    {"ldap", "directory"},
    {"smtp", "mail"},
    {"upstream", "service"},
    {"backend", "service"},
    {"peer", "service"},
    {"gateway", "service"},
    {NULL, NULL},
};

/* ---- words ---- */

static size_t put_word_end(char *out, size_t n)
{
    if (n == 0 || out[n - 1] != ' ') out[n++] = ' ';
    return n;
}

struct slice phrase_words(struct arena *a, struct slice t)
{
    char *out = arena_alloc(a, t.len + 3);
    size_t n = 0;
    if (!out) die("checks: out of memory for a template");
    n = put_word_end(out, n);
    for (size_t i = 0; i < t.len; i++) {
        unsigned char c = (unsigned char)t.ptr[i];
        if (c == '<' && i + 2 < t.len && (t.ptr[i + 1] == '*' || t.ptr[i + 1] == '?') && t.ptr[i + 2] == '>') {
            n = put_word_end(out, n);
            out[n++] = '*';
            if (i + 3 < t.len) out[n++] = ' ';
            i += 2;
        } else if (isalnum(c) || c >= 0x80) {
            out[n++] = (char)tolower(c);
        } else if (c != '\'') {
            n = put_word_end(out, n);
        }
    }
    n = put_word_end(out, n);
    return slice_of(out, n);
}

bool phrase_has(struct slice words, const char *phrase)
{
    size_t len = strlen(phrase);
    const char *at = words.ptr, *end = words.ptr + words.len;
    while (at < end && (at = memmem(at, (size_t)(end - at), phrase, len))) {
        if (at > words.ptr && at[-1] == ' ' && at + len < end && at[len] == ' ') return true;
        at++;
    }
    return false;
}

const char *phrase_in(struct slice words, const char *const *list)
{
    for (; *list; list++)
        if (phrase_has(words, *list)) return *list;
    return NULL;
}

const struct phrase_kind *phrase_kind_in(struct slice words, const struct phrase_kind *list)
{
    for (; list->phrase; list++)
        if (phrase_has(words, list->phrase)) return list;
    return NULL;
}

size_t phrase_values(struct slice words)
{
    size_t n = 0;
    for (size_t i = 0; i < words.len; i++) n += words.ptr[i] == '*';
    return n;
}

/* ---- the message in a template ---- */

static const char *const levels[] = {"trace", "debug", "info", "notice", "warn", "warning", "error", "fatal", "critical", NULL};

static size_t skip_value(struct slice t) { return t.len >= 3 && t.ptr[0] == '<' && t.ptr[2] == '>' ? 3 : 0; }

static size_t skip_bracket(struct slice t)
{
    const char *end = t.len && (*t.ptr == '[' || *t.ptr == '(') ? memchr(t.ptr, *t.ptr == '[' ? ']' : ')', t.len) : NULL;
    return end ? (size_t)(end - t.ptr) + 1 : 0;
}

static size_t skip_level(struct slice t)
{
    for (size_t i = 0; levels[i]; i++) {
        size_t n = strlen(levels[i]);
        if (t.len > n && strncasecmp(t.ptr, levels[i], n) == 0 && strchr(" :]|", t.ptr[n])) return n;
    }
    return 0;
}

/* The first of the message's words is never taken for a header: a value at the start is one only before a header. */
struct slice phrase_core(struct slice t)
{
    struct slice whole = t;
    bool header = false;
    for (;;) {
        size_t level = skip_level(t), n = level ? level : skip_bracket(t);
        if (n) header = true;
        if (!n) n = skip_value(t);
        if (!n && t.len && strchr(" -:|", *t.ptr)) n = 1;
        if (!n) break;
        t = slice_of(t.ptr + n, t.len - n);
    }
    return header && t.len ? t : whole;
}
