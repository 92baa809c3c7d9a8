#include "control-plane/bundle/bundle.h"

#include "base/die.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <zlib.h>

enum { CHUNK = 1 << 16 };

struct unpacking {
    const char *path, *database;
    int in, out;
    struct bundle_head *head;
    char **problem;
    unsigned char read[CHUNK], write[CHUNK];
};

static enum bundle_verdict broken(const struct unpacking *u, const char *what)
{
    *u->problem = xasprintf("%s: %s", u->path, what);
    return BUNDLE_BROKEN;
}

static enum bundle_verdict unreadable(const struct unpacking *u, const char *path)
{
    *u->problem = xasprintf("%s: %s", path, strerror(errno));
    return BUNDLE_UNREADABLE;
}

static enum bundle_verdict read_head(struct unpacking *u)
{
    const char *problem;
    char *bytes = xmalloc(BUNDLE_FIXED + BUNDLE_MANIFEST_MAX);
    ssize_t n = pread(u->in, bytes, BUNDLE_FIXED + BUNDLE_MANIFEST_MAX, 0);
    bool good = n >= 0 && bundle_read_head(slice_of(bytes, (size_t)n), u->head, &problem);
    free(bytes);
    if (n < 0) return unreadable(u, u->path);
    return good ? BUNDLE_GOOD : broken(u, problem);
}

static enum bundle_verdict check_length(const struct unpacking *u)
{
    struct stat st;
    if (fstat(u->in, &st) != 0) return unreadable(u, u->path);
    if (!S_ISREG(st.st_mode)) return broken(u, "it is no plain file");
    int64_t wanted = (int64_t)u->head->length + u->head->manifest.packed;
    if (st.st_size < wanted) return broken(u, "it is cut off: the packed database is shorter than its manifest says");
    if (st.st_size > wanted) return broken(u, "something follows the packed database");
    return BUNDLE_GOOD;
}

static enum bundle_verdict check_key(const struct unpacking *u, const unsigned char (*trusted)[BUNDLE_KEY], size_t count)
{
    char key[2 * BUNDLE_KEY + 1];
    for (size_t i = 0; i < count; i++)
        if (!memcmp(trusted[i], u->head->key, BUNDLE_KEY)) return BUNDLE_GOOD;
    bundle_hex(key, u->head->key, BUNDLE_KEY);
    *u->problem = xasprintf("%s: signed by a key that is not trusted, %s, of control plane %s; compare it with what "
                            "`tero-control-plane version` says there, then: --trust %s",
                            u->path, key, u->head->manifest.control_plane, key);
    return BUNDLE_UNKNOWN_KEY;
}

/* All of it, before a byte of it is unpacked. */
static enum bundle_verdict check_hash(struct unpacking *u)
{
    unsigned char hash[BUNDLE_HASH];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, BUNDLE_HASH);
    for (off_t at = (off_t)u->head->length;;) {
        ssize_t n = pread(u->in, u->read, CHUNK, at);
        if (n < 0) return unreadable(u, u->path);
        if (n == 0) break;
        crypto_generichash_update(&state, u->read, (size_t)n);
        at += n;
    }
    crypto_generichash_final(&state, hash, BUNDLE_HASH);
    if (sodium_memcmp(hash, u->head->manifest.hash, BUNDLE_HASH) == 0) return BUNDLE_GOOD;
    return broken(u, "the packed database was changed: its hash is not that of the manifest");
}

static enum bundle_verdict check_room(const struct unpacking *u)
{
    struct statvfs fs;
    if (fstatvfs(u->out, &fs) != 0 || (int64_t)fs.f_bavail * (int64_t)fs.f_frsize > u->head->manifest.size) return BUNDLE_GOOD;
    errno = ENOSPC;
    return unreadable(u, u->database);
}

static bool put(const struct unpacking *u, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t now = write(u->out, u->write + done, n - done);
        if (now < 0 && errno == EINTR) continue;
        if (now <= 0) return false;
        done += (size_t)now;
    }
    return true;
}

static enum bundle_verdict inflate_all(struct unpacking *u, z_stream *z)
{
    int rc = Z_OK;
    int64_t size = 0;
    for (off_t at = (off_t)u->head->length; rc != Z_STREAM_END;) {
        ssize_t n = pread(u->in, u->read, CHUNK, at);
        if (n < 0) return unreadable(u, u->path);
        if (n == 0) return broken(u, "the packed database ends too early");
        at += n;
        z->next_in = u->read;
        z->avail_in = (uInt)n;
        do {
            z->next_out = u->write;
            z->avail_out = CHUNK;
            rc = inflate(z, Z_NO_FLUSH);
            if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR) return broken(u, "the packed database cannot be unpacked");
            size_t got = CHUNK - z->avail_out;
            size += (int64_t)got;
            if (size > u->head->manifest.size) return broken(u, "it unpacks to more than its manifest says");
            if (!put(u, got)) return unreadable(u, u->database);
        } while (z->avail_out == 0 && rc != Z_STREAM_END);
    }
    return size == u->head->manifest.size ? BUNDLE_GOOD : broken(u, "it unpacks to less than its manifest says");
}

static enum bundle_verdict unpack(struct unpacking *u)
{
    z_stream z = {0};
    u->out = open(u->database, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (u->out < 0) return unreadable(u, u->database);
    enum bundle_verdict v = check_room(u);
    if (v == BUNDLE_GOOD) {
        if (inflateInit(&z) != Z_OK) die("zlib does not start");
        v = inflate_all(u, &z);
        inflateEnd(&z);
    }
    close(u->out);
    if (v != BUNDLE_GOOD) unlink(u->database);
    return v;
}

enum bundle_verdict bundle_unpack(const char *path, const char *database, const unsigned char (*trusted)[BUNDLE_KEY], size_t trusted_count,
                                  struct bundle_head *head, char **problem)
{
    struct unpacking *u = xcalloc(1, sizeof *u);
    *u = (struct unpacking){.path = path, .database = database, .head = head, .problem = problem};
    u->in = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    enum bundle_verdict v = u->in < 0 ? unreadable(u, path) : read_head(u);
    if (v == BUNDLE_GOOD) v = check_length(u);
    if (v == BUNDLE_GOOD) v = check_key(u, trusted, trusted_count);
    if (v == BUNDLE_GOOD) v = check_hash(u);
    if (v == BUNDLE_GOOD && database) v = unpack(u);
    if (u->in >= 0) close(u->in);
    free(u);
    return v;
}
