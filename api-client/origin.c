#include "api-client/internal.h"
#include "base/die.h"

#include <stdlib.h>
#include <strings.h>
#include <sys/un.h>

static bool starts(const char *text, const char *prefix) { return !strncasecmp(text, prefix, strlen(prefix)); }

/* The authority of a URL without its scheme: no user, a host that is all there is. */
static bool is_loopback(struct slice authority)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        size_t n = strlen(hosts[i]);
        if (authority.len >= n && !strncasecmp(authority.ptr, hosts[i], n) && (authority.len == n || authority.ptr[n] == ':')) return true;
    }
    return false;
}

static bool plain_authority(struct slice a)
{
    for (size_t i = 0; i < a.len; i++)
        if (a.ptr[i] <= ' ' || a.ptr[i] == '@' || a.ptr[i] == '\\' || (unsigned char)a.ptr[i] >= 0x7f) return false;
    return a.len > 0;
}

static bool open_endpoint(struct origin *o, const char *endpoint, char **problem)
{
    o->https = starts(endpoint, "https://");
    const char *host = strstr(endpoint, "://");
    struct slice authority = host ? slice_of(host + 3, strcspn(host + 3, "/?#")) : (struct slice){0};
    if (!host || !plain_authority(authority) || (!o->https && !starts(endpoint, "http://"))) {
        *problem = xasprintf("%s is no endpoint: https://host expected", endpoint);
        return false;
    }
    o->loopback = is_loopback(authority);
    if (!o->https && !o->loopback) {
        *problem = xasprintf("%s would be sent in the clear: use https (http is for this machine only)", endpoint);
        return false;
    }
    size_t len = strlen(endpoint);
    while (len && endpoint[len - 1] == '/') len--;
    bool whole = len >= 8 && !memcmp(endpoint + len - 8, "/graphql", 8);
    o->url = xasprintf("%.*s%s", (int)len, endpoint, whole ? "" : "/graphql");
    return true;
}

static bool open_socket(struct origin *o, const char *path, char **problem)
{
    if (strlen(path) >= sizeof((struct sockaddr_un *)0)->sun_path) {
        *problem = xasprintf("%s: too long for a socket, choose another data directory", path);
        return false;
    }
    o->socket = xstrdup(path);
    o->url = xstrdup("http://localhost/graphql");
    o->loopback = true;
    return true;
}

static bool header_safe(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x21 || (unsigned char)*text > 0x7e) return false;
    return true;
}

static const char bearer[] = "Authorization: Bearer ";

void origin_take_token(struct origin *o, const char *token)
{
    if (token && *token) o->bearer = secret_new(bearer, token);
}

void origin_forget_token(struct origin *o)
{
    secret_free(o->bearer);
    o->bearer = NULL;
}

const char *origin_token(const struct origin *o) { return o->bearer ? o->bearer + sizeof bearer - 1 : NULL; }

bool origin_open(struct origin *o, const struct api_profile *p, char **problem)
{
    *o = (struct origin){0};
    if ((p->token && !header_safe(p->token)) || (p->account && !header_safe(p->account))) {
        *problem = xstrdup("the token or the account holds a character that no header may have");
        return false;
    }
    if (!p->endpoint && !p->socket) {
        *problem = xstrdup("no endpoint is given");
        return false;
    }
    if (!(p->endpoint ? open_endpoint(o, p->endpoint, problem) : open_socket(o, p->socket, problem))) return false;
    origin_take_token(o, p->token);
    if (p->ca && *p->ca) o->ca = xstrdup(p->ca);
    if (p->account && *p->account) o->account = xasprintf("X-Account-ID: %s", p->account);
    return true;
}

void origin_close(struct origin *o)
{
    secret_free(o->bearer);
    free(o->ca);
    free(o->account);
    free(o->socket);
    free(o->url);
    *o = (struct origin){0};
}
