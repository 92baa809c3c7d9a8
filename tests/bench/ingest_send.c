/* Loads a running control plane over its Unix socket and says what a record cost it.
 *
 * ingest_send SOCKET PID protobuf|gzip|json CONNECTIONS SECONDS prints "RECORDS_PER_CPU_SECOND RECORDS_PER_SECOND":
 * CPU of all threads of the process PID (/proc/PID/task/N/schedstat) while the requests ran. */
#include "base/clock.h"
#include "control-plane/ingest/uds_client.h"
#include "tests/bench/otlp_sample.h"

#include <dirent.h>
#include <libdeflate.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { BODIES = 16, CONNECTIONS_MAX = 64, BODY_MAX = 16 << 20 };

static struct buf bodies[BODIES];
/* The client has no parameter for it; a header may follow in the same line's place. */
static const char *content_type;
static const char *socket_path;
static atomic_uint_fast64_t records;
static int64_t deadline;

static uint64_t cpu_ns(const char *pid)
{
    char path[300];
    uint64_t sum = 0, one;
    snprintf(path, sizeof path, "/proc/%s/task", pid);
    DIR *tasks = opendir(path);
    if (!tasks) return 0;
    for (struct dirent *task; (task = readdir(tasks));) {
        snprintf(path, sizeof path, "/proc/%s/task/%.20s/schedstat", pid, task->d_name);
        FILE *f = task->d_name[0] == '.' ? NULL : fopen(path, "r");
        if (!f) continue;
        if (fscanf(f, "%" SCNu64, &one) == 1) sum += one;
        fclose(f);
    }
    closedir(tasks);
    return sum;
}

static void *send_many(void *context)
{
    unsigned at = *(unsigned *)context;
    struct uds_client *c = uds_connect(socket_path);
    while (c && clock_monotonic() < deadline) {
        struct uds_answer answer;
        const char *why = "";
        bool ok = uds_post(c, "/v1/logs", content_type, buf_view(&bodies[at++ % BODIES]), &answer, &why);
        if (ok && answer.status == 200) atomic_fetch_add(&records, SAMPLE_PER_REQUEST);
        else if (!ok || answer.status != 429) fprintf(stderr, "ingest_send: %d %s\n", answer.status, why);
        uds_answer_free(&answer);
        if (!ok) break;
    }
    uds_close(c);
    return NULL;
}

static void compress(struct buf *b)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
    struct buf out;
    buf_init(&out, BODY_MAX);
    if (!c || !buf_reserve(&out, libdeflate_gzip_compress_bound(c, b->len))) exit(1);
    out.len = libdeflate_gzip_compress(c, b->data, b->len, out.data, out.cap);
    libdeflate_free_compressor(c);
    buf_free(b);
    *b = out;
}

static void make_bodies(const char *kind)
{
    bool json = strcmp(kind, "json") == 0, gzip = strcmp(kind, "gzip") == 0;
    content_type = json ? "application/json" : gzip ? "application/x-protobuf\r\nContent-Encoding: gzip" : "application/x-protobuf";
    for (unsigned i = 0; i < BODIES; i++) {
        buf_init(&bodies[i], BODY_MAX);
        (json ? sample_json : sample_protobuf)(&bodies[i], SAMPLE_PER_REQUEST, i + 1);
        if (gzip) compress(&bodies[i]);
    }
}

int main(int argc, char **argv)
{
    pthread_t threads[CONNECTIONS_MAX];
    unsigned starts[CONNECTIONS_MAX];
    if (argc != 6) return 1;
    int n = atoi(argv[4]);
    if (n < 1 || n > CONNECTIONS_MAX) return 1;
    socket_path = argv[1];
    make_bodies(argv[3]);
    uint64_t cpu = cpu_ns(argv[2]);
    int64_t start = clock_monotonic();
    deadline = start + atoi(argv[5]) * NS_PER_SECOND;
    for (int i = 0; i < n; i++) {
        starts[i] = (unsigned)i * 5;
        if (pthread_create(&threads[i], NULL, send_many, &starts[i]) != 0) return 1;
    }
    for (int i = 0; i < n; i++) pthread_join(threads[i], NULL);
    double seconds = (double)(clock_monotonic() - start) / 1e9, used = (double)(cpu_ns(argv[2]) - cpu) / 1e9;
    uint64_t sent = atomic_load(&records);
    printf("%.0f %.0f\n", used > 0 ? (double)sent / used : 0, (double)sent / seconds);
    for (unsigned i = 0; i < BODIES; i++) buf_free(&bodies[i]);
    return sent ? 0 : 1;
}
