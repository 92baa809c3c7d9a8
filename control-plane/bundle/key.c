#include "control-plane/bundle/bundle.h"

#include "base/die.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEED = 32, LINE = 2 * SEED + 1 };

/* One line of 64 digits. */
static bool read_line(const char *path, unsigned char bytes[SEED], int *wrong)
{
    char text[LINE + 1];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    *wrong = fd < 0 ? errno : 0;
    ssize_t n = fd >= 0 ? read(fd, text, sizeof text) : -1;
    if (fd >= 0) close(fd);
    bool good = n >= 2 * SEED && bundle_key_parse(slice_of(text, 2 * SEED), bytes);
    sodium_memzero(text, sizeof text);
    if (!good && !*wrong) *wrong = EINVAL;
    return good;
}

static bool write_line(const char *path, const unsigned char bytes[SEED], mode_t mode)
{
    char text[LINE + 1], *part = xasprintf("%s.part", path);
    bundle_hex(text, bytes, SEED);
    text[LINE - 1] = '\n';
    (void)unlink(part);
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    bool good = fd >= 0 && write(fd, text, LINE) == LINE && fsync(fd) == 0 && rename(part, path) == 0;
    int saved = errno;
    if (fd >= 0) close(fd);
    sodium_memzero(text, sizeof text);
    free(part);
    errno = saved;
    return good;
}

static bool make(const char *path, unsigned char seed[SEED])
{
    randombytes_buf(seed, SEED);
    return write_line(path, seed, 0600);
}

bool bundle_key_open(const char *directory, unsigned char secret[BUNDLE_SECRET], char **problem)
{
    unsigned char seed[SEED], key[BUNDLE_KEY];
    int wrong;
    char *path = xasprintf("%s/signing.key", directory), *shown = xasprintf("%s/signing.pub", directory);
    if (sodium_init() < 0) die("libsodium does not start");
    bool good = read_line(path, seed, &wrong);
    if (!good && wrong == ENOENT) {
        good = make(path, seed);
        wrong = errno;
    }
    if (good) {
        crypto_sign_seed_keypair(key, secret, seed);
        good = write_line(shown, key, 0644);
        wrong = errno;
    }
    if (!good) *problem = xasprintf("%s: %s", path, wrong == EINVAL ? "not a signing key" : strerror(wrong));
    sodium_memzero(seed, sizeof seed);
    free(path);
    free(shown);
    return good;
}

bool bundle_key_public(const char *directory, unsigned char key[BUNDLE_KEY])
{
    int wrong;
    char *path = xasprintf("%s/signing.pub", directory);
    bool good = read_line(path, key, &wrong);
    free(path);
    return good;
}
