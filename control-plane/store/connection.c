#include "control-plane/store/connection.h"

#include "base/die.h"
#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>

enum { LITERALS = 512, TEXTS = 32, BUSY_MS = 5000, FUNCTIONS = 4 };

struct literal {
    const char *sql;
    sqlite3_stmt *st;
};

struct text {
    char *sql;
    size_t len;
    uint64_t hash, used;
    sqlite3_stmt *st;
};

struct function {
    const char *name;
    void *context;
};

struct db {
    sqlite3 *handle;
    struct function functions[FUNCTIONS];
    enum db_kind kind;
    int trouble, wal_pages;
    unsigned literal_count;
    uint64_t clock;
    struct literal literals[LITERALS];
    struct text texts[TEXTS];
};

static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_initialize();
}

static int count_wal_pages(void *context, sqlite3 *handle, const char *name, int pages)
{
    (void)handle;
    (void)name;
    ((struct db *)context)->wal_pages = pages;
    return SQLITE_OK;
}

static const char writer_settings[] = "PRAGMA journal_mode=WAL;"
                                      "PRAGMA synchronous=FULL;"
                                      "PRAGMA secure_delete=ON;"
                                      "PRAGMA journal_size_limit=4194304;"
                                      "PRAGMA cache_size=-8192;";
static const char reader_settings[] = "PRAGMA query_only=ON;"
                                      "PRAGMA cache_size=-256;";
static const char settings[] = "PRAGMA foreign_keys=ON;"
                               "PRAGMA temp_store=MEMORY;"
                               "PRAGMA mmap_size=4294967296;"
                               "PRAGMA trusted_schema=OFF;";

static bool set_up(struct db *db)
{
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, BUSY_MS);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_LOOKASIDE, NULL, 256, 100);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
    const char *own = db->kind == DB_WRITER ? writer_settings : reader_settings;
    if (sqlite3_exec(db->handle, own, NULL, NULL, NULL) != SQLITE_OK) return false;
    if (sqlite3_exec(db->handle, settings, NULL, NULL, NULL) != SQLITE_OK) return false;
    if (db->kind == DB_WRITER) sqlite3_wal_hook(db->handle, count_wal_pages, db);
    return sqlite3_exec(db->handle, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK;
}

struct db *db_open(const char *path, enum db_kind kind, char **problem)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure);
    struct db *db = xcalloc(1, sizeof *db);
    db->kind = kind;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (kind == DB_WRITER ? SQLITE_OPEN_CREATE : 0);
    int rc = sqlite3_open_v2(path, &db->handle, flags, NULL);
    if (rc == SQLITE_OK && set_up(db)) return db;
    *problem = xasprintf("%s: %s", path, db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(rc));
    db_close(db);
    return NULL;
}

void db_close(struct db *db)
{
    if (!db) return;
    for (size_t i = 0; i < LITERALS; i++) sqlite3_finalize(db->literals[i].st);
    for (size_t i = 0; i < TEXTS; i++) {
        sqlite3_finalize(db->texts[i].st);
        free(db->texts[i].sql);
    }
    sqlite3_close(db->handle);
    free(db);
}

sqlite3 *db_handle(struct db *db) { return db->handle; }
int db_wal_pages(const struct db *db) { return db->wal_pages; }
void db_trim(struct db *db) { sqlite3_db_release_memory(db->handle); }
int db_changes(struct db *db) { return sqlite3_changes(db->handle); }
int64_t db_last_row(struct db *db) { return sqlite3_last_insert_rowid(db->handle); }

int db_trouble(struct db *db)
{
    int trouble = db->trouble;
    db->trouble = SQLITE_OK;
    return trouble;
}

static sqlite3_stmt *compile(struct db *db, const char *sql, size_t len)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v3(db->handle, sql, (int)len, SQLITE_PREPARE_PERSISTENT, &st, NULL);
    if (rc != SQLITE_OK || !st) die("store: %s: %.*s", sqlite3_errmsg(db->handle), (int)len, sql);
    return st;
}

static sqlite3_stmt *fresh(sqlite3_stmt *st)
{
    sqlite3_reset(st);
    sqlite3_clear_bindings(st);
    return st;
}

sqlite3_stmt *db_prepare(struct db *db, const char *sql)
{
    size_t at = (size_t)hash_mix((uint64_t)(uintptr_t)sql, 0) % LITERALS;
    while (db->literals[at].sql && db->literals[at].sql != sql) at = (at + 1) % LITERALS;
    struct literal *l = &db->literals[at];
    if (l->sql) return fresh(l->st);
    if (++db->literal_count > LITERALS - LITERALS / 4) die("store: too many statements; is this one a literal? %s", sql);
    l->st = compile(db, sql, strlen(sql));
    l->sql = sql;
    return l->st;
}

sqlite3_stmt *db_prepare_text(struct db *db, struct slice sql)
{
    uint64_t hash = hash64(sql.ptr, sql.len, 0);
    struct text *oldest = &db->texts[0];
    for (size_t i = 0; i < TEXTS; i++) {
        struct text *t = &db->texts[i];
        if (t->st && t->hash == hash && slice_eq(slice_of(t->sql, t->len), sql)) {
            t->used = ++db->clock;
            return fresh(t->st);
        }
        if (t->used < oldest->used) oldest = t;
    }
    sqlite3_finalize(oldest->st);
    free(oldest->sql);
    *oldest = (struct text){.sql = xstrndup(sql.ptr, sql.len), .len = sql.len, .hash = hash, .used = ++db->clock};
    return oldest->st = compile(db, sql.ptr, sql.len);
}

void db_define(struct db *db, const char *name, int arguments, db_function *run, void *context)
{
    size_t at = 0;
    while (at < FUNCTIONS && db->functions[at].name && db->functions[at].name != name) at++;
    if (at == FUNCTIONS) die("store: too many functions");
    struct function *f = &db->functions[at];
    if (f->name && f->context == context) return;
    int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
    if (sqlite3_create_function_v2(db->handle, name, arguments, flags, context, run, NULL, NULL, NULL) != SQLITE_OK)
        die("store: %s: %s", name, sqlite3_errmsg(db->handle));
    *f = (struct function){name, context};
}

bool db_read_begin(struct db *db) { return db_run(db, db_prepare(db, "BEGIN")); }

void db_read_end(struct db *db)
{
    for (sqlite3_stmt *st = sqlite3_next_stmt(db->handle, NULL); st; st = sqlite3_next_stmt(db->handle, st))
        if (sqlite3_stmt_busy(st)) sqlite3_reset(st);
    if (!sqlite3_get_autocommit(db->handle)) db_run(db, db_prepare(db, "COMMIT"));
}

static void bind_id(sqlite3_stmt *st, int at, struct id128 id)
{
    unsigned char bytes[16];
    for (size_t i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(id.hi >> (56 - 8 * i));
        bytes[i + 8] = (unsigned char)(id.lo >> (56 - 8 * i));
    }
    sqlite3_bind_blob(st, at, bytes, sizeof bytes, SQLITE_TRANSIENT);
}

static void bind_text(sqlite3_stmt *st, int at, struct slice text)
{
    sqlite3_bind_text(st, at, text.ptr ? text.ptr : "", (int)text.len, SQLITE_STATIC);
}

void db_bind(sqlite3_stmt *st, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    for (int at = 1; *types; types++, at++) {
        switch (*types) {
        case 'i': sqlite3_bind_int64(st, at, va_arg(args, int64_t)); break;
        case 'd': sqlite3_bind_double(st, at, va_arg(args, double)); break;
        case 't': bind_text(st, at, va_arg(args, struct slice)); break;
        case 'u': bind_id(st, at, va_arg(args, struct id128)); break;
        case 'b': sqlite3_bind_int64(st, at, va_arg(args, int) != 0); break;
        case 'n': sqlite3_bind_null(st, at); break;
        default: die("store: db_bind: unknown type %c", *types);
        }
    }
    va_end(args);
}

static bool severe(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_NOMEM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_INTERRUPT: return true;
    default: return false;
    }
}

enum db_step db_step(struct db *db, sqlite3_stmt *st)
{
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW) return DB_ROW;
    if (rc == SQLITE_DONE) return DB_DONE;
    log_error("store: %s (%d) in: %.60s", sqlite3_errmsg(db->handle), rc, sqlite3_sql(st));
    if (severe(rc) && db->trouble == SQLITE_OK) db->trouble = rc;
    return DB_ERROR;
}

bool db_run(struct db *db, sqlite3_stmt *st)
{
    enum db_step step;
    while ((step = db_step(db, st)) == DB_ROW) {}
    sqlite3_reset(st);
    return step == DB_DONE;
}

struct slice db_text(sqlite3_stmt *st, int column)
{
    const char *text = (const char *)sqlite3_column_text(st, column);
    return slice_of(text ? text : "", text ? (size_t)sqlite3_column_bytes(st, column) : 0);
}

struct id128 db_id(sqlite3_stmt *st, int column)
{
    const unsigned char *bytes = sqlite3_column_blob(st, column);
    struct id128 id = {0, 0};
    if (!bytes || sqlite3_column_bytes(st, column) != 16) return id;
    for (size_t i = 0; i < 8; i++) {
        id.hi = id.hi << 8 | bytes[i];
        id.lo = id.lo << 8 | bytes[i + 8];
    }
    return id;
}
