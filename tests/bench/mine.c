/* Lines a second through the catalog's miner, on one core, over lines made here; and the same lines through the least
 * that any miner must do: find the line's end and hash its bytes.
 *
 * Prints one line a figure: name, unit, ours, floor, ratio. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/hash.h"
#include "control-plane/catalog/catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LINES = 400000, ROUNDS = 5, BATCH = 8192 };

struct corpus {
    struct buf text;
    struct slice *lines;
};

static uint64_t state = 42;

static unsigned random_below(unsigned n)
{
    state = hash_mix(state, 0x9E37);
    return (unsigned)(state % n);
}

/* N: a number, I: an address, U: a UUID, P: a path, D: a duration, W: one of a few words, X: hex. */
static const char *const forms[] = {
    "accepted connection from I port N after D",
    "request W finished with status N in D, N bytes sent to client I",
    "worker N picked job U from queue W (attempt N of N)",
    "cache miss for key X in region W, loading from P",
    "level=info msg=\"order stored\" order=N customer=U took=D",
    "flushed N segments to P in D",
    "replica W-N is N operations behind the leader, catching up",
    "retrying upload of P: connection reset by peer (attempt N)",
    "scheduled task W completed without changes",
    "GET /v1/items/N?page=N HTTP/1.1 N D",
    "session X opened for user W from I",
    "garbage collection pause of D freed N MB of N MB",
    "metrics export finished: N series, N points, D",
    "certificate for W.example.org expires in N days",
    "lock on table W held for D by transaction N, waiting transactions: N",
    "the node joined the cluster as member N of N",
};
static const char *const words[] = {"alpha", "harbor", "meadow", "copper", "violet", "summit", "lantern", "orchard"};

static void put_hex(struct buf *out, int digits)
{
    for (int i = 0; i < digits; i++) buf_char(out, "0123456789abcdef"[random_below(16)]);
}

static void put_variable(struct buf *out, char kind)
{
    switch (kind) {
    case 'N': buf_printf(out, "%u", random_below(100000)); break;
    case 'I': buf_printf(out, "10.%u.%u.%u", random_below(256), random_below(256), random_below(256)); break;
    case 'P': buf_printf(out, "/var/lib/store/part-%u/chunk-%u.bin", random_below(64), random_below(9999)); break;
    case 'D': buf_printf(out, "%u.%ums", random_below(900), random_below(10)); break;
    case 'W': buf_str(out, words[random_below(sizeof words / sizeof *words)]); break;
    case 'X': put_hex(out, 16); break;
    default:
        put_hex(out, 8);
        for (int i = 0; i < 3; i++) {
            buf_char(out, '-');
            put_hex(out, 4);
        }
        buf_char(out, '-');
        put_hex(out, 12);
    }
}

static bool is_variable(const char *p, const char *form)
{
    bool alone = (p == form || strchr(" -/?=(", p[-1])) && (p[1] == '\0' || strchr(" ,:.?)-", p[1]));
    return alone && strchr("NIUPDWX", *p);
}

static void make_corpus(struct corpus *c)
{
    size_t *ends = xcalloc(LINES, sizeof *ends);
    buf_init(&c->text, 256 << 20);
    for (size_t i = 0; i < LINES; i++) {
        const char *form = forms[random_below(sizeof forms / sizeof *forms)];
        for (const char *p = form; *p; p++) {
            if (is_variable(p, form)) put_variable(&c->text, *p);
            else buf_char(&c->text, *p);
        }
        buf_char(&c->text, '\n');
        ends[i] = c->text.len;
    }
    c->lines = xcalloc(LINES, sizeof *c->lines);
    for (size_t i = 0, from = 0; i < LINES; from = ends[i++]) c->lines[i] = slice_of(c->text.data + from, ends[i] - from - 1);
    free(ends);
}

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double floor_seconds(const struct corpus *c, uint64_t *sum)
{
    double start = cpu_seconds();
    const char *p = c->text.data, *end = p + c->text.len;
    while (p < end) {
        const char *q = memchr(p, '\n', (size_t)(end - p));
        *sum += hash64(p, (size_t)(q - p), 1);
        p = q + 1;
    }
    return cpu_seconds() - start;
}

static double mine_seconds(const struct corpus *c, size_t *patterns)
{
    struct catalog *catalog = catalog_new(&(struct catalog_options){.key = 7});
    struct batch *batch = batch_new(catalog);
    const struct delta *deltas;
    double start = cpu_seconds();
    for (size_t i = 0; i < LINES; i++) {
        struct log_record r = {.time_ns = (int64_t)i, .service = SLICE("bench"), .body = c->lines[i], .bytes = c->lines[i].len};
        batch_add(batch, &r);
        if (batch_records(batch) < BATCH && i + 1 < LINES) continue;
        *patterns = batch_deltas(batch, &deltas);
        batch_clear(batch);
    }
    double took = cpu_seconds() - start;
    batch_free(batch);
    catalog_free(catalog);
    return took;
}

int main(void)
{
    struct corpus c;
    uint64_t sum = 0;
    size_t patterns = 0;
    double mine = 1e9, least = 1e9;
    make_corpus(&c);
    for (int round = 0; round < ROUNDS; round++) {
        double f = floor_seconds(&c, &sum), m = mine_seconds(&c, &patterns);
        least = f < least ? f : least;
        mine = m < mine ? m : mine;
    }
    double bytes = (double)c.text.len;
    printf("mine, lines/s, %.0f, %.0f, %.2fx\n", LINES / mine, LINES / least, least / mine);
    printf("mine, MB/s, %.0f, %.0f, %.2fx\n", bytes / mine / 1e6, bytes / least / 1e6, least / mine);
    printf("mine time, ns/line, %.0f, %.0f, %.2fx\n", mine / LINES * 1e9, least / LINES * 1e9, mine / least);
    free(c.lines);
    buf_free(&c.text);
    return patterns > 0 && sum ? 0 : 1;
}
