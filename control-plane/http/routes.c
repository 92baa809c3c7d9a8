#include "control-plane/http/server.h"

#include <microhttpd.h>
#include <stdio.h>
#include <strings.h>

static bool path_fits(const char *pattern, const char *path)
{
    size_t n = strlen(pattern);
    if (n && pattern[n - 1] == '*') return !strncmp(pattern, path, n - 1);
    return !strcmp(pattern, path);
}

static bool method_fits(const char *wanted, const char *method)
{
    return !strcmp(wanted, method) || (!strcmp(method, "HEAD") && !strcmp(wanted, "GET"));
}

static void add_allowed(struct exchange *x, const char *method)
{
    size_t len = strlen(x->allow);
    snprintf(x->allow + len, sizeof x->allow - len, "%s%s", len ? ", " : "", !strcmp(method, "GET") ? "GET, HEAD" : method);
}

static void find(const struct http_options *o, struct exchange *x)
{
    for (size_t i = 0; i < o->route_count; i++) {
        const struct http_route *r = &o->routes[i];
        if (!path_fits(r->path, x->request.path)) continue;
        if (method_fits(r->method, x->request.method)) {
            x->route = r;
            return;
        }
        add_allowed(x, r->method);
    }
}

void http_find_route(const struct http_options *o, struct exchange *x)
{
    find(o, x);
    if (x->route) return;
    x->refusal = x->allow[0] ? 405 : 404;
    x->reason = x->allow[0] ? "this path does not take that method" : "there is nothing at this path";
}
