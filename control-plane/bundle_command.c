/* `tero-control-plane bundle verify|unpack FILE`: for the console, and for who wants to look at a bundle by hand. */
#include "base/clock.h"
#include "base/die.h"
#include "base/json_write.h"
#include "control-plane/bundle/bundle.h"
#include "control-plane/commands.h"
#include "control-plane/lifecycle.h"
#include "control-plane/options.h"
#include "control-plane/store/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_USAGE = 1, EXIT_UNKNOWN = 4, EXIT_BROKEN = 5, KEYS_MAX = 64, SHOWN_MAX = 4096 };

struct bundle_run {
    const char *trust, *data;
    unsigned char keys[KEYS_MAX][BUNDLE_KEY];
    size_t key_count;
    struct bundle_head head;
};

static int say(int code, const char *text)
{
    fprintf(stderr, "tero-control-plane bundle: %s\n", text);
    return code;
}

static bool read_keys(struct bundle_run *b)
{
    for (const char *at = b->trust; at && *at;) {
        size_t n = strcspn(at, ", ");
        if (n && (b->key_count == KEYS_MAX || !bundle_key_parse(slice_of(at, n), b->keys[b->key_count++]))) return false;
        at += n + strspn(at + n, ", ");
    }
    return true;
}

static void show(const struct bundle_head *h)
{
    char key[2 * BUNDLE_KEY + 1];
    struct buf out;
    buf_init(&out, SHOWN_MAX);
    bundle_hex(key, h->key, BUNDLE_KEY);
    buf_str(&out, "{\"time\":\"");
    clock_rfc3339(&out, h->manifest.time);
    buf_printf(&out, "\",\"controlPlane\":\"%s\",\"key\":\"%s\",\"size\":%lld,\"packed\":%lld,\"version\":", h->manifest.control_plane, key,
               (long long)h->manifest.size, (long long)h->manifest.packed);
    json_write_string(&out, slice_str(h->manifest.version));
    buf_str(&out, ",\"by\":");
    json_write_string(&out, slice_str(h->manifest.by));
    puts(buf_view(&out).len ? (buf_str(&out, "}"), out.data) : "");
    buf_free(&out);
}

static int run(struct bundle_run *b, const char *path, bool unpack)
{
    static const int codes[] = {[BUNDLE_UNREADABLE] = EXIT_USAGE, [BUNDLE_BROKEN] = EXIT_BROKEN, [BUNDLE_UNKNOWN_KEY] = EXIT_UNKNOWN};
    char *problem = NULL, *database = unpack ? xasprintf("%s/control-plane.db", b->data) : NULL;
    int code = 0;
    enum bundle_verdict v = bundle_unpack(path, database, (const unsigned char(*)[BUNDLE_KEY])b->keys, b->key_count, &b->head, &problem);
    if (v != BUNDLE_GOOD) {
        code = say(codes[v], problem);
    } else if (unpack && !store_verify(database, &problem)) {
        char *line = xasprintf("%s: the database within: %s", path, problem);
        code = say(EXIT_BROKEN, line);
        (void)unlink(database);
        free(line);
    } else {
        show(&b->head);
    }
    free(database);
    free(problem);
    return code;
}

int bundle_command(int argc, char **argv)
{
    struct bundle_run b = {0};
    int exit_code;
    const struct option_spec specs[] = {
        {"trust", "KEY,...", "public keys whose bundles are taken", OPTION_TEXT, &b.trust},
        {"data", "DIR", "with unpack: a directory for the database; made where absent, holds none yet", OPTION_TEXT, &b.data},
    };
    const struct command_spec command = {"bundle",
                                         "verify|unpack FILE [options]",
                                         "Verifies an offline bundle: signature, hash, length. unpack puts its database into DIR.\n"
                                         "Exit codes: 0 good, 1 not readable, 4 signed by an unknown key, 5 broken.",
                                         specs,
                                         sizeof specs / sizeof *specs,
                                         2};
    if (!options_read(&command, &argc, argv, &exit_code)) return exit_code;
    lifecycle_harden();
    bool unpack = argc > 1 && !strcmp(argv[1], "unpack");
    if (argc != 3 || (!unpack && strcmp(argv[1], "verify") != 0)) return say(EXIT_USAGE, "verify FILE or unpack FILE");
    if (!read_keys(&b)) return say(EXIT_USAGE, "--trust: a key is 64 hexadecimal digits");
    if (unpack && !b.data) return say(EXIT_USAGE, "--data DIR is missing");
    if (unpack && mkdir(b.data, 0700) != 0 && errno != EEXIST) return say(EXIT_USAGE, strerror(errno));
    return run(&b, argv[2], unpack);
}
