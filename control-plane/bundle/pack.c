#include "control-plane/bundle/bundle.h"

#include "base/die.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

enum { CHUNK = 1 << 16, LEVEL = 6 };

/* The packed bytes are known only at the end, and the head comes first: room is left for it, then it is written. */
struct packing {
    int in, out;
    off_t at;
    int64_t size, packed;
    crypto_generichash_state hash;
    unsigned char read[CHUNK], write[CHUNK];
};

static bool put(struct packing *p, size_t n)
{
    crypto_generichash_update(&p->hash, p->write, n);
    for (size_t done = 0; done < n;) {
        ssize_t put_now = pwrite(p->out, p->write + done, n - done, p->at);
        if (put_now < 0 && errno == EINTR) continue;
        if (put_now <= 0) return false;
        done += (size_t)put_now;
        p->at += put_now;
        p->packed += put_now;
    }
    return true;
}

static bool run(struct packing *p, z_stream *z)
{
    for (int flush = Z_NO_FLUSH; flush != Z_FINISH;) {
        ssize_t n = read(p->in, p->read, CHUNK);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        flush = n == 0 ? Z_FINISH : Z_NO_FLUSH;
        p->size += n;
        z->next_in = p->read;
        z->avail_in = (uInt)n;
        do {
            z->next_out = p->write;
            z->avail_out = CHUNK;
            deflate(z, flush);
            if (!put(p, CHUNK - z->avail_out)) return false;
        } while (z->avail_out == 0);
    }
    return true;
}

static bool pack(struct packing *p)
{
    z_stream z = {0};
    if (deflateInit(&z, LEVEL) != Z_OK) die("zlib does not start");
    bool good = run(p, &z);
    int saved = errno;
    deflateEnd(&z);
    errno = saved;
    return good;
}

static bool write_head(const struct packing *p, const struct bundle_manifest *m, const unsigned char secret[BUNDLE_SECRET], size_t room)
{
    struct buf head;
    buf_init(&head, BUNDLE_FIXED + BUNDLE_MANIFEST_MAX);
    bundle_write_head(&head, m, secret);
    if (head.len != room) die("bundle: the head takes %zu bytes, not %zu", head.len, room);
    bool good = pwrite(p->out, head.data, head.len, 0) == (ssize_t)head.len && fsync(p->out) == 0;
    buf_free(&head);
    return good;
}

/* Numbers have as many digits later as the room was made for: both sizes are known before the head is written. */
static bool move_back(struct packing *p, size_t from, size_t to)
{
    for (int64_t done = 0; done < p->packed;) {
        ssize_t n = pread(p->out, p->read, CHUNK, (off_t)from + done);
        if (n <= 0 || pwrite(p->out, p->read, (size_t)n, (off_t)to + done) != n) return false;
        done += n;
    }
    return ftruncate(p->out, (off_t)to + p->packed) == 0;
}

static size_t head_length(const struct bundle_manifest *m, const unsigned char secret[BUNDLE_SECRET])
{
    struct buf head;
    buf_init(&head, BUNDLE_FIXED + BUNDLE_MANIFEST_MAX);
    bundle_write_head(&head, m, secret);
    size_t n = head.len;
    buf_free(&head);
    return n;
}

static bool make(struct packing *p, struct bundle_manifest *m, const unsigned char secret[BUNDLE_SECRET])
{
    struct bundle_manifest longest = *m;
    longest.size = longest.packed = BUNDLE_SIZE_MAX;
    size_t room = head_length(&longest, secret);
    p->at = (off_t)room;
    crypto_generichash_init(&p->hash, NULL, 0, BUNDLE_HASH);
    if (!pack(p)) return false;
    crypto_generichash_final(&p->hash, m->hash, BUNDLE_HASH);
    m->size = p->size;
    m->packed = p->packed;
    size_t exact = head_length(m, secret);
    return move_back(p, room, exact) && write_head(p, m, secret, exact);
}

bool bundle_pack(const char *database, const char *path, struct bundle_manifest *m, const unsigned char secret[BUNDLE_SECRET],
                 char **problem)
{
    struct packing *p = xcalloc(1, sizeof *p);
    p->in = open(database, O_RDONLY | O_CLOEXEC);
    p->out = p->in < 0 ? -1 : open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool good = p->out >= 0 && make(p, m, secret);
    if (!good) *problem = xasprintf("%s: %s", p->in < 0 ? database : path, strerror(errno));
    if (p->in >= 0) close(p->in);
    if (p->out >= 0) close(p->out);
    if (!good && p->out >= 0) unlink(path);
    free(p);
    return good;
}
