#include "control-plane/edges/negotiate.h"

#include <stdlib.h>
#include <strings.h>

static const struct media {
    const char *name;
    enum published_encoding encoding;
} medias[] = {
    {"application/json", PUBLISHED_JSON},
    {"application/x-protobuf", PUBLISHED_PROTOBUF},
    {"application/protobuf", PUBLISHED_PROTOBUF},
};
enum { MEDIAS = sizeof medias / sizeof *medias };

static struct slice trimmed(struct slice s)
{
    while (s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t')) s = slice_of(s.ptr + 1, s.len - 1);
    while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t')) s.len--;
    return s;
}

/* What is before the mark; *rest: what is after it. */
static struct slice before(struct slice s, char mark, struct slice *rest)
{
    const char *at = s.len ? memchr(s.ptr, mark, s.len) : NULL;
    size_t n = at ? (size_t)(at - s.ptr) : s.len;
    *rest = at ? slice_of(at + 1, s.len - n - 1) : slice_of(NULL, 0);
    return slice_of(s.ptr, n);
}

static const struct media *find(struct slice type)
{
    for (size_t i = 0; i < MEDIAS; i++)
        if (type.len == strlen(medias[i].name) && !strncasecmp(type.ptr, medias[i].name, type.len)) return &medias[i];
    return NULL;
}

/* q of an entry's parameters; 1 without one. */
static double quality(struct slice parameters)
{
    while (parameters.len) {
        char text[8] = {0};
        struct slice one = trimmed(before(parameters, ';', &parameters));
        if (one.len < 2 || (one.ptr[0] != 'q' && one.ptr[0] != 'Q') || one.ptr[1] != '=') continue;
        size_t n = one.len - 2 < sizeof text - 1 ? one.len - 2 : sizeof text - 1;
        memcpy(text, one.ptr + 2, n);
        return strtod(text, NULL);
    }
    return 1;
}

/* The best of the list, the first of equals; NULL: nothing that there is, or anything. */
static const struct media *wanted(struct slice accept, const struct media *request)
{
    const struct media *best = NULL;
    double best_quality = 0;
    while (accept.len) {
        struct slice parameters, entry = before(accept, ',', &accept);
        struct slice type = trimmed(before(entry, ';', &parameters));
        bool any = slice_is(type, "*/*") || slice_is(type, "application/*");
        const struct media *m = any ? request : find(type);
        double q = m ? quality(parameters) : 0;
        if (q <= best_quality) continue;
        best = m;
        best_quality = q;
    }
    return best;
}

bool sync_negotiate(const char *content_type, const char *accept, struct sync_encodings *e)
{
    struct slice rest, type = slice_str(content_type);
    type = trimmed(before(type, ';', &rest));
    const struct media *request = type.len ? find(type) : &medias[0];
    if (!request) return false;
    const struct media *answer = wanted(slice_str(accept), request);
    if (!answer) answer = request;
    *e = (struct sync_encodings){request->encoding, answer->encoding, answer->name};
    return true;
}
