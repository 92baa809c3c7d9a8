#include "control-plane/catalog/field_names.h"

#include "control-plane/catalog/words.h"

#include <ctype.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>

enum { SQUASHED = 48, SEGMENT_MOST = 40 };

static bool one_of(const char *set, char c) { return c && strchr(set, c); }

/* Letters and digits only, lower case; "" where it is too long. */
static void squash(char out[SQUASHED], struct slice name)
{
    size_t n = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (!isalnum((unsigned char)name.ptr[i])) continue;
        if (n + 1 == SQUASHED) {
            n = 0;
            break;
        }
        out[n++] = (char)tolower((unsigned char)name.ptr[i]);
    }
    out[n] = '\0';
}

static bool listed(const char *list, const char *word, unsigned *rank)
{
    size_t n = strlen(word);
    *rank = 0;
    for (const char *p = list; n && *p; (*rank)++) {
        size_t len = strcspn(p, " ");
        if (len == n && memcmp(p, word, n) == 0) return true;
        p += len + (p[len] == ' ');
    }
    return false;
}

/* By the whole path or its last key. */
static const struct {
    enum field_role role;
    const char *names;
} roles[] = {
    {ROLE_USER_AGENT, "useragent httpuseragent useragentoriginal requestuseragent httpuseragentoriginal ua"},
    {ROLE_URL_PATH, "urlpath httptarget httppath requestpath path uri requesturi httpurl urlfull url httproute target endpoint route "
                    "rpcservice grpcservice grpcpath fullmethod grpcfullmethod grpcmethodfull"},
    {ROLE_STATUS, "httpresponsestatuscode httpstatuscode httpstatus statuscode status responsestatus responsecode grpccode grpcstatus "
                  "grpcstatuscode rpcgrpcstatuscode"},
    {ROLE_METHOD, "httprequestmethod httpmethod requestmethod method"},
    {ROLE_TRACE_ID, "traceid ddtraceid oteltraceid spanid ddspanid otelspanid parentid parentspanid"},
    {ROLE_REQUEST_ID, "requestid xrequestid correlationid reqid"},
    {ROLE_SEVERITY, "severitytext severity loglevel level lvl levelname"},
    {ROLE_TIME, "timestamp time ts datetime eventtime asctime timeunixnano"},
    {ROLE_PAYLOAD,
     "httprequestbody httpresponsebody requestbody responsebody payload rawbody requestpayload responsepayload httprequestbodycontent"},
    {ROLE_STACKTRACE, "exceptionstacktrace stacktrace errorstack errorstacktrace stack backtrace"},
};

/* By the whole path; the more standard names first. */
static const char *const groups[FIELD_GROUPS] = {
    NULL,
    "timestamp time ts datetime eventtime",
    "severitytext severity loglevel level lvl",
    "hostname host",
    "deploymentenvironmentname deploymentenvironment environment env",
    "servicename service app appname application",
    "message msg",
    "traceid oteltraceid ddtraceid",
    "spanid otelspanid ddspanid",
    "useragentoriginal httpuseragent useragent",
    "httprequestmethod httpmethod requestmethod method",
    "httpresponsestatuscode httpstatuscode httpstatus statuscode status",
    "urlfull httpurl url",
    "urlpath httptarget httppath requestpath path requesturi uri",
    "clientaddress clientip httpclientip remoteaddr remoteip",
    "processpid pid processid",
    "threadname thread",
    "loggername logger",
    "serviceversion version appversion",
    "k8spodname kubernetespodname podname pod",
    "k8snamespacename kubernetesnamespacename namespace",
    "k8scontainername containername kubernetescontainername container",
    "cloudregion awsregion region",
    "userid enduserid",
    "requestid xrequestid reqid",
    "exceptionmessage errormessage",
    "exceptionstacktrace errorstacktrace errorstack stacktrace stack",
    "exceptiontype errortype errorkind",
    "otelscopename otellibraryname",
    "otelscopeversion otellibraryversion",
    "sessionid",
    "correlationid",
};

static enum field_role role_of(struct slice path, const char *whole, const char *last)
{
    unsigned rank;
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
        if (listed(roles[i].names, whole, &rank) || listed(roles[i].names, last, &rank)) return roles[i].role;
    if (slice_starts(path, "telemetry.") || slice_starts(path, "otel.library.") || slice_starts(path, "otel.scope.")) return ROLE_SDK;
    if (slice_starts(path, "k8s.")) return strcmp(last, "uid") == 0 ? ROLE_K8S_UID : strcmp(last, "name") == 0 ? ROLE_K8S_NAME : ROLE_NONE;
    return slice_starts(path, "service.") ? ROLE_SERVICE : ROLE_NONE;
}

struct field_name field_name_of(struct slice path)
{
    char whole[SQUASHED], last[SQUASHED];
    struct field_name name = {0};
    size_t at = path.len;
    while (at > 0 && path.ptr[at - 1] != '.') at--;
    squash(whole, path);
    squash(last, slice_of(path.ptr + at, path.len - at));
    name.role = role_of(path, whole, last);
    for (unsigned g = 1; g < FIELD_GROUPS && !name.group; g++)
        if (listed(groups[g], whole, &name.rank)) name.group = g;
    if (!name.group) name.rank = 0;
    return name;
}

/* ---- keys that are values ---- */

struct key_look {
    size_t digits, letters, hex, humps, turns; /* turns: from a letter to a digit or back */
};

static struct key_look look_at_key(struct slice key)
{
    struct key_look l = {0};
    for (size_t i = 0; i < key.len; i++) {
        unsigned char c = (unsigned char)key.ptr[i], before = i ? (unsigned char)key.ptr[i - 1] : ' ';
        l.digits += isdigit(c) != 0;
        l.letters += isalpha(c) != 0;
        l.hex += isalpha(c) && isxdigit(c);
        l.humps += isupper(c) && islower(before);
        l.turns += (isdigit(c) && isalpha(before)) || (isalpha(c) && isdigit(before));
    }
    return l;
}

static bool random_words(struct slice key)
{
    for (size_t i = 0, word = 0; i <= key.len; i++) {
        unsigned char c = i < key.len ? (unsigned char)key.ptr[i] : 0;
        bool hump = i > word && isupper(c) && islower((unsigned char)key.ptr[i - 1]);
        if (isalpha(c) && !hump) continue;
        if (i - word >= 8 && words_suspicious(slice_of(key.ptr + word, i - word))) return true;
        word = hump ? i : i + 1;
    }
    return false;
}

static bool is_key(struct slice key)
{
    if (key.len == 0 || key.len > SEGMENT_MOST) return false;
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        if (!isalnum((unsigned char)c) && !one_of("_-/:[]$", c) && !(c == '@' && i == 0)) return false;
    }
    struct key_look l = look_at_key(key);
    if (l.digits > 4 || (l.digits && !l.letters) || l.turns > 3) return false;
    if (l.digits && l.hex == l.letters && l.digits + l.letters >= 6) return false;
    if (l.humps > 1 && l.letters < 4 * l.humps) return false;
    return !random_words(key);
}

bool field_path_tidy(struct buf *out, struct slice path)
{
    bool changed = path.len > FIELD_PATH_MOST;
    buf_clear(out);
    for (size_t i = 0, from = 0; i <= path.len && out->len < FIELD_PATH_MOST; i++) {
        if (i < path.len && path.ptr[i] != '.') continue;
        struct slice key = slice_of(path.ptr + from, i - from);
        if (from) buf_char(out, '.');
        if (is_key(key)) buf_slice(out, key);
        else buf_char(out, '*'), changed = true;
        from = i + 1;
    }
    return changed;
}

/* ---- agents ---- */

static const char *const bots[] = {
    "Googlebot",       "bingbot",     "Slackbot",    "AhrefsBot",  "facebookexternalhit",
    "YandexBot",       "DuckDuckBot", "Baiduspider", "SemrushBot", "MJ12bot",
    "DotBot",          "PetalBot",    "Applebot",    "Twitterbot", "LinkedInBot",
    "GPTBot",          "ClaudeBot",   "CCBot",       "Bytespider", "Amazonbot",
    "DataForSeoBot",   "Discordbot",  "TelegramBot", "WhatsApp",   "Googlebot-Image",
    "Sogou",           "Slurp",       "UptimeRobot", "Pingdom",    "PerplexityBot",
    "archive.org_bot", NULL,
};
static const char *const probes[] = {"kube-probe", "ELB-HealthChecker", "GoogleHC", "Consul Health Check",
                                     "Envoy/HC",   "HealthChecker",     NULL};

const char *bot_name(unsigned n) { return n < sizeof bots / sizeof bots[0] ? bots[n] : NULL; }

/* A name that ends before `end`: "Googlebot" in "Googlebot/2.1". */
static bool ends_with(struct slice t, size_t end, const char *name)
{
    size_t n = strlen(name);
    return end >= n && strncasecmp(t.ptr + end - n, name, n) == 0 && (end == n || !isalnum((unsigned char)t.ptr[end - n - 1]));
}

/* Names by their three last letters: nearly all other words end here. */
static uint64_t endings[64];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static unsigned ending_of(const char *last3)
{
    uint32_t letters = (uint32_t)(last3[0] | 0x20) << 16 | (uint32_t)(last3[1] | 0x20) << 8 | (uint32_t)(last3[2] | 0x20);
    return (letters & 0x7F7F7F) * UINT32_C(0x9E3779B1) >> 20;
}

static void add_endings(const char *const *names)
{
    for (; *names; names++) {
        unsigned e = ending_of(*names + strlen(*names) - 3);
        endings[e >> 6] |= UINT64_C(1) << (e & 63);
    }
}

static void make_endings(void)
{
    add_endings(bots);
    add_endings(probes);
}

static uint64_t named_before(struct slice t, size_t end, bool *probe)
{
    pthread_once(&once, make_endings);
    if (end < 3) return 0;
    unsigned e = ending_of(t.ptr + end - 3);
    if (!(endings[e >> 6] >> (e & 63) & 1)) return 0;
    for (const char *const *p = probes; *p; p++)
        if (ends_with(t, end, *p)) *probe = true;
    for (unsigned i = 0; bots[i]; i++)
        if (ends_with(t, end, bots[i])) return UINT64_C(1) << i;
    return 0;
}

uint64_t agent_bots(struct slice agent, bool *probe)
{
    uint64_t found = 0;
    if (agent.len > 1024) agent.len = 1024;
    for (size_t i = 3; i <= agent.len; i++) {
        bool ends = i == agent.len || one_of("/ ;)-", agent.ptr[i]);
        if (ends && isalnum((unsigned char)agent.ptr[i - 1])) found |= named_before(agent, i, probe);
    }
    return found;
}

/* ---- health checks ---- */

static const char *const health[] = {
    "health",       "healthz",      "ready",   "readyz",        "readiness",       "live",      "livez", "liveness", "ping", "healthcheck",
    "health-check", "health_check", "_health", "status/health", "actuator/health", "heartbeat", NULL};

/* `path` begins behind a slash; how long the name of a health check is there, 0 for none. */
static size_t health_name(struct slice path)
{
    if (!path.len || !one_of("hHrRlLpP_sSaA", path.ptr[0])) return 0;
    for (const char *const *h = health; *h; h++) {
        size_t n = strlen(*h);
        if (path.len < n || strncasecmp(path.ptr, *h, n) != 0) continue;
        if (path.len > n && path.ptr[n] == '/') n++;
        if (path.len == n || strchr("?# \"'", path.ptr[n])) return n;
        if (slice_starts(slice_of(path.ptr + n - 1, path.len - n + 1), "/live") ||
            slice_starts(slice_of(path.ptr + n - 1, path.len - n + 1), "/ready"))
            return n;
    }
    return 0;
}

#define GRPC_HEALTH "grpc.health.v1.Health"

bool is_health_path(struct slice path)
{
    struct slice service = path.len && path.ptr[0] == '/' ? slice_of(path.ptr + 1, path.len - 1) : path;
    if (slice_starts(service, GRPC_HEALTH)) return true;
    const char *host = path.len > 8 ? memmem(path.ptr, path.len < 16 ? path.len : 16, "://", 3) : NULL;
    if (host) {
        const char *end = path.ptr + path.len, *slash = memchr(host + 3, '/', (size_t)(end - host - 3));
        if (!slash) return false;
        path = slice_of(slash, (size_t)(end - slash));
    }
    return path.len > 1 && path.ptr[0] == '/' && health_name(slice_of(path.ptr + 1, path.len - 1)) > 0;
}

static void put_names(struct buf *out, const char *const *names)
{
    for (const char *const *n = names; *n; n++) {
        if (n > names) buf_char(out, '|');
        buf_str(out, *n);
    }
}

void health_path_regex(struct buf *out, bool in_text)
{
    buf_str(out, in_text ? "(?i)[ \"'=]/(?:" : "(?i)^(?:[a-z]+://[^/]+)?/(?:");
    put_names(out, health);
    buf_str(out, ")(?:/(?:live|ready)[^?# \"']*)?/?");
    buf_str(out, in_text ? "[?# \"']" : "(?:[?# \"']|$)");
    if (in_text) buf_str(out, "(?:(?:[^0-9\\n]|HTTP/[0-9.]+){0,60}?[^0-9.]|.*status[^0-9]{1,8})2[0-9]{2}\\b");
    else buf_str(out, "|^/?grpc\\.health\\.v1\\.Health");
}

void probe_agent_regex(struct buf *out)
{
    buf_str(out, "(?i:");
    put_names(out, probes);
    buf_char(out, ')');
}

/* A status of 2xx as a word of its own behind the path. */
static bool ok_behind(struct slice t)
{
    for (size_t i = 1; i + 3 <= t.len && i < 160; i++) {
        const char *p = t.ptr + i;
        bool before = strchr(" =:\"", p[-1]) != NULL, after = i + 3 == t.len || strchr(" ,;\"}", p[3]);
        if (p[0] == '2' && before && after && isdigit((unsigned char)p[1]) && isdigit((unsigned char)p[2])) return true;
    }
    return false;
}

bool is_browser(struct slice agent) { return slice_starts(agent, BROWSER); }

void text_signs_of(struct text_signs *s, struct slice text)
{
    const char *end = text.ptr + text.len;
    *s = (struct text_signs){0};
    for (const char *p = text.ptr; p < end && (p = memchr(p, '/', (size_t)(end - p))); p++) {
        size_t at = (size_t)(p - text.ptr);
        if (at + 1 >= text.len || at == 0) continue;
        if (isdigit((unsigned char)p[1])) {
            if (isalnum((unsigned char)p[-1])) s->bots |= named_before(text, at, &s->probe);
        } else if (!s->health && one_of(" \"'=", p[-1])) {
            size_t n = health_name(slice_of(p + 1, text.len - at - 1));
            if (!n) continue;
            s->health = true;
            s->ok = ok_behind(slice_of(p + 1 + n, text.len - at - 1 - n));
        }
    }
    if (s->health && memmem(text.ptr, text.len, BROWSER, sizeof BROWSER - 1)) s->health = s->ok = false;
}

/* ---- forgotten debug statements ---- */

bool is_placeholder(struct slice template)
{
    static const char *const texts[] = {"got here",
                                        "here",
                                        "hello world",
                                        "hello",
                                        "test",
                                        "testing",
                                        "test test",
                                        "asdf",
                                        "asdfasdf",
                                        "foo",
                                        "foobar",
                                        "foo bar",
                                        "bar",
                                        "xxx",
                                        "todo",
                                        "fixme",
                                        "debug",
                                        "wtf",
                                        "lol",
                                        "blah",
                                        "i am here",
                                        "hi",
                                        "works",
                                        "it works",
                                        "todo remove",
                                        "remove me",
                                        "todo remove this",
                                        "testing testing",
                                        "qwerty",
                                        NULL};
    char plain[64];
    size_t n = 0, words = 0, length = 0;
    for (size_t i = 0; i < template.len; i++) {
        unsigned char c = (unsigned char)template.ptr[i];
        if (n + 1 >= sizeof plain) return false;
        if (isalpha(c)) plain[n++] = (char)tolower(c);
        else if (n && plain[n - 1] != ' ') plain[n++] = ' ';
    }
    while (n && plain[n - 1] == ' ') n--;
    plain[n] = '\0';
    for (const char *const *t = texts; *t; t++)
        if (strcmp(plain, *t) == 0) return true;
    if (strncmp(plain, "todo remove", 11) == 0 || strncmp(plain, "got here", 8) == 0) return true;
    for (size_t i = 0; i < n; i++) {
        words += plain[i] != ' ' && (i == 0 || plain[i - 1] == ' ');
        length += words == 1;
    }
    const char *value = memmem(template.ptr, template.len, "<*>", 3);
    return value && words == 1 && length <= 3 && template.len <= 12 && memchr(template.ptr, '=', template.len);
}
