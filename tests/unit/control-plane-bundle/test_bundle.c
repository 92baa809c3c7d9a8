#include "control-plane/bundle/bundle.h"

#include "base/die.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    char directory[64];
    char *database, *bundle, *out;
    unsigned char keys[1][BUNDLE_KEY], secret[BUNDLE_SECRET];
    struct bundle_manifest manifest;
};

static void write_file(const char *path, const char *bytes, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, bytes, n), n);
    close(fd);
}

static char *read_file(const char *path, size_t *n)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0 && fstat(fd, &st) == 0);
    char *bytes = xmalloc((size_t)st.st_size + 1);
    *n = (size_t)read(fd, bytes, (size_t)st.st_size);
    close(fd);
    return bytes;
}

/* A megabyte that packs well. */
static void make(struct place *p)
{
    char *problem = NULL, *data = xcalloc(1, 1 << 20);
    *p = (struct place){.directory = "/tmp/tero-bundle-test-XXXXXX"};
    assert_non_null(mkdtemp(p->directory));
    p->database = xasprintf("%s/db", p->directory);
    p->bundle = xasprintf("%s/bundle", p->directory);
    p->out = xasprintf("%s/out", p->directory);
    for (int i = 0; i < 1 << 20; i++) data[i] = (char)(i / 1000);
    write_file(p->database, data, 1 << 20);
    free(data);
    assert_true(bundle_key_open(p->directory, p->secret, &problem));
    assert_true(bundle_key_public(p->directory, p->keys[0]));
    p->manifest = (struct bundle_manifest){"7ca19a2c-fbd2-41a9-87bc-7fb839d1348e", "1.0", "uid:0", INT64_C(1700000000000000000), 0, 0, {0}};
    assert_true(bundle_pack(p->database, p->bundle, &p->manifest, p->secret, &problem));
}

static void drop(struct place *p)
{
    static const char *const names[] = {"db", "bundle", "out", "signing.key", "signing.pub"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = xasprintf("%s/%s", p->directory, names[i]);
        unlink(path);
        free(path);
    }
    assert_int_equal(rmdir(p->directory), 0);
    free(p->database);
    free(p->bundle);
    free(p->out);
}

static void expect(struct place *p, enum bundle_verdict wanted, const char *words)
{
    struct bundle_head head;
    char *problem = NULL;
    enum bundle_verdict v = bundle_unpack(p->bundle, p->out, (const unsigned char(*)[BUNDLE_KEY])p->keys, 1, &head, &problem);
    if (v != wanted || (words && !strstr(problem, words))) print_message("verdict %d: %s\n", (int)v, problem ? problem : "");
    assert_int_equal(v, wanted);
    if (words) assert_non_null(strstr(problem, words));
    assert_int_equal(access(p->out, F_OK) == 0, v == BUNDLE_GOOD);
    free(problem);
}

static void comes_back_as_it_was(void **state)
{
    (void)state;
    struct place p;
    size_t before, after;
    make(&p);
    expect(&p, BUNDLE_GOOD, NULL);
    char *a = read_file(p.database, &before), *b = read_file(p.out, &after);
    assert_int_equal(before, after);
    assert_memory_equal(a, b, before);
    assert_true(p.manifest.packed < p.manifest.size / 20);
    free(a);
    free(b);
    drop(&p);
}

static void the_key_is_kept_and_private(void **state)
{
    (void)state;
    struct place p;
    struct stat st;
    unsigned char again[BUNDLE_SECRET];
    char *problem = NULL, *path;
    make(&p);
    assert_true(bundle_key_open(p.directory, again, &problem));
    assert_memory_equal(again, p.secret, BUNDLE_SECRET);
    path = xasprintf("%s/signing.key", p.directory);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    write_file(path, "no key\n", 7);
    assert_false(bundle_key_open(p.directory, again, &problem));
    assert_non_null(strstr(problem, "not a signing key"));
    free(problem);
    free(path);
    drop(&p);
}

static void every_flipped_byte_is_found(void **state)
{
    (void)state;
    struct place p;
    size_t n;
    make(&p);
    char *bytes = read_file(p.bundle, &n);
    for (size_t at = 0; at < n; at += at < 600 ? 1 : 97) {
        bytes[at] ^= 4;
        write_file(p.bundle, bytes, n);
        expect(&p, BUNDLE_BROKEN, "");
        bytes[at] ^= 4;
    }
    free(bytes);
    drop(&p);
}

static void every_cut_is_found(void **state)
{
    (void)state;
    struct place p;
    size_t n;
    make(&p);
    char *bytes = read_file(p.bundle, &n);
    for (size_t at = 0; at < n; at += at < 600 ? 7 : 211) {
        write_file(p.bundle, bytes, at);
        expect(&p, BUNDLE_BROKEN, "");
    }
    write_file(p.bundle, bytes, n);
    int fd = open(p.bundle, O_WRONLY | O_APPEND | O_CLOEXEC);
    assert_int_equal(write(fd, "x", 1), 1);
    close(fd);
    expect(&p, BUNDLE_BROKEN, "something follows");
    free(bytes);
    drop(&p);
}

static void a_strange_key_is_named(void **state)
{
    (void)state;
    struct place p;
    char shown[2 * BUNDLE_KEY + 1];
    make(&p);
    bundle_hex(shown, p.keys[0], BUNDLE_KEY);
    p.keys[0][3] ^= 1;
    expect(&p, BUNDLE_UNKNOWN_KEY, shown);
    drop(&p);
}

/* Signed by a trusted key, and lying all the same. */
static void with_manifest(struct place *p, const char *packed, size_t packed_len)
{
    struct buf head;
    buf_init(&head, 1 << 20);
    crypto_generichash(p->manifest.hash, BUNDLE_HASH, (const unsigned char *)packed, packed_len, NULL, 0);
    bundle_write_head(&head, &p->manifest, p->secret);
    buf_add(&head, packed, packed_len);
    write_file(p->bundle, head.data, head.len);
    buf_free(&head);
}

static void sizes_hold(void **state)
{
    (void)state;
    struct place p;
    struct bundle_head head;
    const char *why;
    size_t n;
    make(&p);
    char *bytes = read_file(p.bundle, &n);
    assert_true(bundle_read_head(slice_of(bytes, n), &head, &why));
    const char *packed = bytes + head.length;
    size_t packed_len = n - head.length;
    int64_t size = p.manifest.size;
    p.manifest.size = 1000;
    with_manifest(&p, packed, packed_len);
    expect(&p, BUNDLE_BROKEN, "more than its manifest says");
    p.manifest.size = size + 1;
    with_manifest(&p, packed, packed_len);
    expect(&p, BUNDLE_BROKEN, "less than its manifest says");
    p.manifest.size = BUNDLE_SIZE_MAX + 1;
    with_manifest(&p, packed, packed_len);
    expect(&p, BUNDLE_BROKEN, "no possible size");
    p.manifest.size = size;
    p.manifest.packed = -1;
    with_manifest(&p, packed, packed_len);
    expect(&p, BUNDLE_BROKEN, "no possible packed size");
    p.manifest.packed = 7;
    with_manifest(&p, "garbage", 7);
    expect(&p, BUNDLE_BROKEN, "cannot be unpacked");
    free(bytes);
    drop(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_as_it_was),        cmocka_unit_test(the_key_is_kept_and_private),
        cmocka_unit_test(every_flipped_byte_is_found), cmocka_unit_test(every_cut_is_found),
        cmocka_unit_test(a_strange_key_is_named),      cmocka_unit_test(sizes_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
