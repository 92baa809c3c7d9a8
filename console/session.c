#include "console/session.h"

#include "base/clock.h"
#include "base/die.h"
#include "console/bundle_open.h"
#include "console/demo_place.h"
#include "console/sealed_token.h"
#include "console/token.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SCREEN_ANSWER_MS = 30000 /* somebody waits */ };

static bool ends(const char *host, size_t len, const char *domain)
{
    size_t n = strlen(domain);
    return len >= n && !strncasecmp(host + len - n, domain, n) && (len == n || host[len - n - 1] == '.');
}

static enum api_kind kind_of(const char *endpoint, char **name)
{
    const char *host = strstr(endpoint, "://");
    host = host ? host + 3 : endpoint;
    size_t len = strcspn(host, ":/?#");
    *name = xstrndup(host, strcspn(host, "/?#"));
    return ends(host, len, "usetero.com") || ends(host, len, "usetero.dev") ? API_HOSTED : API_SELF_HOSTED;
}

char *session_name(const struct options *o)
{
    char *host = NULL;
    if (!o->endpoint) return NULL;
    (void)kind_of(o->endpoint, &host);
    if (!o->name) return host;
    free(host);
    return xstrdup(o->name);
}

static bool open_bundle(struct session *s, const struct options *o, bool screen, struct api_profile *profile, char **problem)
{
    int64_t time;
    if (!(s->demo = demo_place_make(BUNDLE_PLACE, screen, problem))) return false;
    s->directory = xstrdup(demo_place_data(s->demo));
    if (!bundle_open(o->bundle, o->trust, s->directory, &s->bundle, &s->code, problem)) return false;
    if (clock_parse_rfc3339(slice_str(s->bundle), &time)) clock_stop(time);
    setenv("TERO_OTLP", "off", 1);
    embedded_freeze(s->bundle);
    if (!embedded_start(s->directory, problem)) return false;
    profile->socket = embedded_socket(s->directory);
    profile->read_only = true;
    s->name = xstrdup("bundle");
    return true;
}

static bool open_embedded(struct session *s, const struct options *o, struct api_profile *profile, char **problem)
{
    if (o->demo && !(s->demo = demo_place_make(DEMO_PLACE, true, problem))) return false;
    if (s->demo) setenv("TERO_OTLP", "off", 1); /* nobody's logs get in */
    s->directory = s->demo ? xstrdup(demo_place_data(s->demo)) : o->data ? xstrdup(o->data) : embedded_directory();
    if (!embedded_start(s->directory, problem)) return false;
    profile->socket = embedded_socket(s->directory);
    s->name = xstrdup(s->demo ? "demo" : "local");
    return true;
}

/* False: there is one, and it was not opened. */
static bool take_sealed(struct session *s, const struct options *o, char **token, char **problem)
{
    char *name = session_name(o);
    enum keep_read read = sealed_token_ask(name, o->endpoint, token, &s->latch, problem);
    s->sealed = read == KEEP_THERE;
    free(name);
    return read != KEEP_BAD;
}

static bool open_remote(struct session *s, const struct options *o, struct api_profile *profile, char **token, char **problem)
{
    s->kind = kind_of(o->endpoint, &s->name);
    if (!*token && o->token_file && !(*token = token_read(o->token_file, problem))) return false;
    if (!*token && !take_sealed(s, o, token, problem)) return false;
    profile->token = *token;
    return true;
}

static void rename_session(struct session *s, const char *name)
{
    if (!name) return;
    free(s->name);
    s->name = xstrdup(name);
}

bool session_open(struct session *s, const struct options *o, unsigned patience_ms, char **problem)
{
    struct api_profile profile = {.answer_ms = patience_ms ? 0 : SCREEN_ANSWER_MS,
                                  .endpoint = o->endpoint,
                                  .account = o->account,
                                  .ca = o->ca,
                                  .read_only = o->read_only,
                                  .patience_ms = patience_ms};
    *s = (struct session){.kind = API_EMBEDDED, .code = 1};
    char *token = token_take();
    bool ok = o->bundle     ? open_bundle(s, o, !patience_ms, &profile, problem)
              : o->endpoint ? open_remote(s, o, &profile, &token, problem)
                            : open_embedded(s, o, &profile, problem);
    if (!o->bundle) rename_session(s, o->name);
    profile.kind = s->kind;
    profile.name = s->name;
    if (ok) s->api = api_open(&profile, problem);
    token_free(token);
    free((char *)profile.socket);
    return s->api != NULL;
}

void session_close(struct session *s)
{
    api_close(s->api);
    if (s->demo) embedded_leave();
    demo_place_remove(s->demo);
    free(s->bundle);
    free(s->name);
    free(s->directory);
}

const char *session_kind(const struct session *s)
{
    static const char *const names[] = {[API_EMBEDDED] = "embedded", [API_SELF_HOSTED] = "self-hosted", [API_HOSTED] = "hosted"};
    return s->bundle ? "bundle" : names[s->kind];
}
