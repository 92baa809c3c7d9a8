#include "control-plane/ingest/source.h"

#include "base/die.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { CHUNK = 256 * 1024, LOOK = 512, REST_MS = 200 };

bool source_wait(int fd, int timeout_ms)
{
    sigset_t none;
    struct timespec t = {timeout_ms / 1000, (long)(timeout_ms % 1000) * 1000000};
    struct pollfd p = {.fd = fd, .events = POLLIN};
    sigemptyset(&none);
    return ppoll(&p, fd >= 0, timeout_ms < 0 ? NULL : &t, &none) > 0;
}

struct reading {
    const struct source_sink *sink;
    const char *name;
    uint64_t consumed;
    z_stream gz;
    bool looked, gzip, gz_open, member_ended;
    char out[CHUNK];
    char in[CHUNK];
};

static char *problem_of(const char *name, const char *why) { return xasprintf("%s: %s", name, why); }

/* What the first bytes show that cannot be read as text. Zeros in front are a hole that rotation by copying leaves. */
static const char *unfit(struct slice s)
{
    static const struct {
        const char *magic;
        size_t len;
        const char *why;
    } known[] = {
        {"\xFD\x37zXZ", 5, "compressed with xz; unpack it first"},
        {"\x28\xB5\x2F\xFD", 4, "compressed with zstd; unpack it first"},
        {"BZh", 3, "compressed with bzip2; unpack it first"},
        {"LPKSHHRH", 8, "a journal file; use --journal"},
        {"\x7F"
         "ELF",
         4, "not a text file"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (s.len >= known[i].len && memcmp(s.ptr, known[i].magic, known[i].len) == 0) return known[i].why;
    size_t at = 0, odd = 0, seen = 0;
    while (at < s.len && s.ptr[at] == '\0') at++;
    for (; at < s.len && seen < LOOK; at++, seen++) odd += (unsigned char)s.ptr[at] < 0x20 && !strchr("\t\n\r\f\033", s.ptr[at]);
    for (size_t i = at - seen; i < at; i++) odd += s.ptr[i] == '\0';
    return odd * 10 > seen * 3 ? "not a text file" : NULL;
}

static bool inflate_chunk(struct reading *r, size_t n, char **problem)
{
    z_stream *z = &r->gz;
    z->next_in = (unsigned char *)r->in;
    z->avail_in = (unsigned)n;
    while (z->avail_in) {
        if (r->member_ended) {
            if (*z->next_in == 0) { /* padding after the last member */
                z->next_in++;
                z->avail_in--;
                continue;
            }
            inflateReset(z);
            r->member_ended = false;
        }
        do {
            z->next_out = (unsigned char *)r->out;
            z->avail_out = sizeof r->out;
            int result = inflate(z, Z_NO_FLUSH);
            if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
                *problem = problem_of(r->name, z->msg ? z->msg : "damaged gzip data");
                return false;
            }
            if (!r->sink->chunk(r->sink->context, slice_of(r->out, sizeof r->out - z->avail_out))) return false;
            r->member_ended = result == Z_STREAM_END;
        } while (!r->member_ended && z->avail_out == 0);
    }
    return true;
}

static bool first_look(struct reading *r, size_t n, char **problem)
{
    r->looked = true;
    if (n >= 2 && memcmp(r->in, "\x1F\x8B", 2) == 0) {
        r->gzip = r->gz_open = inflateInit2(&r->gz, 16 + MAX_WBITS) == Z_OK;
        if (!r->gzip) *problem = problem_of(r->name, "no memory to unpack it");
        return r->gzip;
    }
    const char *why = unfit(slice_of(r->in, n));
    if (why) *problem = problem_of(r->name, why);
    return !why;
}

static bool take(struct reading *r, size_t n, char **problem)
{
    if (!r->looked && !first_look(r, n, problem)) return false;
    r->consumed += n;
    bool ok = r->gzip ? inflate_chunk(r, n, problem) : r->sink->chunk(r->sink->context, slice_of(r->in, n));
    if (ok) r->sink->position(r->sink->context, r->consumed);
    return ok;
}

static bool read_all(struct reading *r, int fd, bool waits, char **problem)
{
    for (bool rest = false;;) {
        /* A regular file never lets wait; the call lets signals through all the same. */
        bool ready = source_wait(waits ? fd : -1, !waits ? 0 : rest ? REST_MS : -1);
        if (r->sink->interrupted(r->sink->context)) return true;
        if (waits && !ready) {
            rest = r->sink->idle(r->sink->context);
            continue;
        }
        ssize_t n = read(fd, r->in, sizeof r->in);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            *problem = problem_of(r->name, strerror(errno));
            return false;
        }
        if (n == 0) break;
        if (!take(r, (size_t)n, problem)) return false;
        rest = true;
    }
    if (r->gzip && !r->member_ended) {
        *problem = problem_of(r->name, "the gzip data end too early");
        return false;
    }
    return true;
}

bool source_fd(int fd, const char *name, const struct source_sink *sink, char **problem)
{
    struct stat st;
    struct reading *r = xcalloc(1, sizeof *r);
    *r = (struct reading){.sink = sink, .name = name};
    *problem = NULL;
    bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    bool ok = read_all(r, fd, !regular, problem);
    if (r->gz_open) inflateEnd(&r->gz);
    free(r);
    return ok;
}

bool source_file(const char *path, const struct source_sink *sink, char **problem)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0 || S_ISDIR(st.st_mode)) {
        *problem = problem_of(path, fd < 0 ? strerror(errno) : S_ISDIR(st.st_mode) ? "is a folder" : strerror(errno));
        if (fd >= 0) close(fd);
        return false;
    }
    fcntl(fd, F_SETFL, 0);
    bool ok = source_fd(fd, path, sink, problem);
    close(fd);
    return ok;
}
