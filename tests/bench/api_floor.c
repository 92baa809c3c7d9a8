/* The floor for the API's figures: libmicrohttpd and SQLite with nothing between them.
 *
 * api_floor DATABASE SOCKET serves GET /page (50 log events by cost as JSON, the fields that the benchmark's GraphQL
 * document asks for, with the count of all) and GET /constant, on as many threads as the control plane has. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/hash.h"
#include "base/json_write.h"

#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PAGE_MAX = 1 << 20 };

static const char *database;
static _Thread_local sqlite3 *db;
static _Thread_local sqlite3_stmt *page, *count, *begin, *end;

static void open_database(void)
{
    static const char rows[] =
        "SELECT id, name, template, severity, service_id, service_name, events, bytes, rate_events, rate_bytes, cost, "
        "first_seen, last_seen FROM log_events WHERE account = 1 ORDER BY cost DESC LIMIT 50";
    if (db) return;
    if (sqlite3_open_v2(database, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, rows, -1, &page, NULL) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA mmap_size = 268435456", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "BEGIN", -1, &begin, NULL) != SQLITE_OK || sqlite3_prepare_v2(db, "COMMIT", -1, &end, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "SELECT sum(n) FROM log_event_counts WHERE account = 1 AND service = 0", -1, &count, NULL) != SQLITE_OK)
        die("%s: %s", database, sqlite3_errmsg(db));
}

static void add_name(struct buf *out, const char *name)
{
    buf_char(out, '"');
    buf_str(out, name);
    buf_add(out, "\":", 2);
}

static void add_id(struct buf *out, const char *name, int column)
{
    const unsigned char *bytes = sqlite3_column_blob(page, column);
    struct id128 id = {0};
    char text[UUID_TEXT + 1];
    for (int i = 0; bytes && i < 8; i++) id.hi = id.hi << 8 | bytes[i], id.lo = id.lo << 8 | bytes[i + 8];
    id_text(id, text);
    add_name(out, name);
    buf_char(out, '"');
    buf_add(out, text, UUID_TEXT);
    buf_str(out, "\",");
}

static void add_text(struct buf *out, const char *name, int column)
{
    add_name(out, name);
    json_write_string(out, slice_of((const char *)sqlite3_column_text(page, column), (size_t)sqlite3_column_bytes(page, column)));
    buf_char(out, ',');
}

static void add_number(struct buf *out, const char *name, double value)
{
    add_name(out, name);
    json_write_double(out, value);
    buf_char(out, ',');
}

static void add_integer(struct buf *out, const char *name, int column)
{
    add_name(out, name);
    buf_i64(out, sqlite3_column_int64(page, column));
    buf_char(out, ',');
}

static void add_time(struct buf *out, const char *name, int column)
{
    add_name(out, name);
    buf_char(out, '"');
    clock_rfc3339(out, sqlite3_column_int64(page, column));
    buf_str(out, "\",");
}

static void add_row(struct buf *out)
{
    buf_char(out, '{');
    add_id(out, "id", 0);
    add_text(out, "name", 1);
    add_text(out, "template", 2);
    add_integer(out, "severity", 3);
    add_id(out, "service", 4);
    add_text(out, "serviceName", 5);
    add_integer(out, "eventCount", 6);
    add_integer(out, "byteCount", 7);
    add_number(out, "eventsPerHour", (double)sqlite3_column_int64(page, 8) / 1e6);
    add_number(out, "bytesPerHour", (double)sqlite3_column_int64(page, 9) / 1e3);
    add_number(out, "totalUsdPerHour", (double)sqlite3_column_int64(page, 10) / 1e6 / 8766);
    add_time(out, "firstSeenAt", 11);
    add_time(out, "lastSeenAt", 12);
    out->data[out->len - 1] = '}';
}

static void make_page(struct buf *out)
{
    open_database();
    sqlite3_step(begin);
    sqlite3_reset(begin);
    if (sqlite3_step(count) != SQLITE_ROW) die("%s", sqlite3_errmsg(db));
    buf_printf(out, "{\"totalCount\":%lld,\"rows\":[", sqlite3_column_int64(count, 0));
    sqlite3_reset(count);
    for (int n = 0; sqlite3_step(page) == SQLITE_ROW; n++) {
        if (n) buf_char(out, ',');
        add_row(out);
    }
    sqlite3_reset(page);
    sqlite3_step(end);
    sqlite3_reset(end);
    buf_str(out, "]}");
}

static enum MHD_Result answer(void *context, struct MHD_Connection *c, const char *url, const char *method, const char *version,
                              const char *upload, size_t *upload_size, void **state)
{
    (void)context, (void)method, (void)version, (void)upload, (void)upload_size;
    if (!*state) {
        *state = "begun";
        return MHD_YES;
    }
    struct buf out;
    buf_init(&out, PAGE_MAX);
    if (!strcmp(url, "/page")) make_page(&out);
    else buf_str(&out, "{\"status\":\"alive\"}");
    struct MHD_Response *r = MHD_create_response_from_buffer(out.len, out.data, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(r, "Content-Type", "application/json");
    enum MHD_Result queued = MHD_queue_response(c, 200, r);
    MHD_destroy_response(r);
    return queued;
}

int main(int argc, char **argv)
{
    if (argc != 3) die("usage: api_floor DATABASE SOCKET");
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s", argv[2]);
    database = argv[1];
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 128) != 0) die("%s: %s", argv[2], strerror(errno));
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = cores > 4 ? 4 : cores < 2 ? 0 : (unsigned)cores;
    if (!MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
                          MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_END))
        die("cannot start");
    pause();
    return 0;
}
