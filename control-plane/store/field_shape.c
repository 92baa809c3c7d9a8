#include "control-plane/store/field_shape.h"

#include "control-plane/store/field_counts.h"

enum { BLOB_MOST = 4096, DROPPED = 1 };

static struct slice blob_of(sqlite3_stmt *st, int column)
{
    const void *bytes = sqlite3_column_blob(st, column);
    return slice_of(bytes, bytes ? (size_t)sqlite3_column_bytes(st, column) : 0);
}

bool shape_load(struct db *db, int64_t event, struct shape_row *s)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT records, fields_dropped, severity_given, body_text, body_structured, body_bytes,"
                                      " binary_bodies, truncated_bodies, unparsable_bodies, bots, probes, health_paths, health_ok,"
                                      " body_max, bots_seen, peak_minute, minute_hour, placeholder, body_sizes, minutes, minute_counts"
                                      " FROM event_shapes WHERE event = ?1");
    db_bind(st, "i", event);
    *s = (struct shape_row){0};
    enum db_step step = db_step(db, st);
    if (step == DB_ROW) {
        s->found = true;
        for (int i = 0; i < SHAPE_SUMS; i++) s->sums[i] = sqlite3_column_int64(st, i);
        s->body_max = sqlite3_column_int64(st, 13);
        s->bots_seen = sqlite3_column_int64(st, 14);
        s->peak_minute = sqlite3_column_int64(st, 15);
        s->hour = sqlite3_column_int64(st, 16);
        s->placeholder = sqlite3_column_int64(st, 17) != 0;
        counts_add(s->sizes, SIZE_BUCKETS, blob_of(st, 18));
        counts_add(s->minutes, MINUTES, blob_of(st, 19));
        counts_add(s->minute_counts, SIZE_BUCKETS, blob_of(st, 20));
    }
    sqlite3_reset(st);
    return step != DB_ERROR;
}

/* ---- minutes ---- */

static void finish_minutes(uint64_t counts[SIZE_BUCKETS], const uint64_t minutes[MINUTES])
{
    for (size_t i = 0; i < MINUTES; i++)
        if (minutes[i]) counts[size_bucket(minutes[i])]++;
}

static void note_peak(struct shape_row *s, const uint64_t minutes[MINUTES])
{
    for (size_t i = 0; i < MINUTES; i++)
        if ((int64_t)minutes[i] > s->peak_minute) s->peak_minute = (int64_t)minutes[i];
}

static void add_hour(struct shape_row *s, int64_t hour, const uint64_t minutes[MINUTES])
{
    if (hour > s->hour) {
        finish_minutes(s->minute_counts, s->minutes);
        memset(s->minutes, 0, sizeof s->minutes);
        s->hour = hour;
    }
    if (hour == s->hour) {
        for (size_t i = 0; i < MINUTES; i++) s->minutes[i] += minutes[i];
        note_peak(s, s->minutes);
    } else {
        finish_minutes(s->minute_counts, minutes);
        note_peak(s, minutes);
    }
}

void shape_add_minutes(struct shape_row *s, int64_t hour, const uint32_t minutes[MINUTES])
{
    uint64_t wide[MINUTES];
    for (size_t i = 0; i < MINUTES; i++) wide[i] = minutes[i];
    add_hour(s, hour, wide);
}

/* ---- sums ---- */

void shape_add_profile(struct shape_row *s, const struct profile_delta *p)
{
    const uint64_t sums[SHAPE_SUMS] = {p->records,    p->fields_dropped, p->severity_given,   p->body_text,         p->body_structured,
                                       p->body_bytes, p->binary_bodies,  p->truncated_bodies, p->unparsable_bodies, p->bots,
                                       p->probes,     p->health_paths,   p->health_ok};
    for (size_t i = 0; i < SHAPE_SUMS; i++) s->sums[i] += (int64_t)sums[i];
    if ((int64_t)p->body_max > s->body_max) s->body_max = (int64_t)p->body_max;
    s->bots_seen |= (int64_t)p->bots_seen;
    s->placeholder = p->placeholder;
    for (size_t i = 0; i < SIZE_BUCKETS; i++) s->sizes[i] += p->body_sizes[i];
}

void shape_add_dropped(struct shape_row *s, int64_t records) { s->sums[DROPPED] += records; }

void shape_add(struct shape_row *to, const struct shape_row *from)
{
    for (size_t i = 0; i < SHAPE_SUMS; i++) to->sums[i] += from->sums[i];
    if (from->body_max > to->body_max) to->body_max = from->body_max;
    if (from->peak_minute > to->peak_minute) to->peak_minute = from->peak_minute;
    to->bots_seen |= from->bots_seen;
    to->placeholder = to->placeholder || (!to->found && from->placeholder);
    for (size_t i = 0; i < SIZE_BUCKETS; i++) {
        to->sizes[i] += from->sizes[i];
        to->minute_counts[i] += from->minute_counts[i];
    }
    if (from->hour) add_hour(to, from->hour, from->minutes);
}

/* ---- saving ---- */

static int64_t percentile(const uint64_t counts[SIZE_BUCKETS], unsigned percent, int64_t most)
{
    int64_t value = (int64_t)size_bucket_most(buckets_percentile(counts, SIZE_BUCKETS, percent));
    return value < most ? value : most;
}

static void bind_blob(sqlite3_stmt *st, int at, const struct buf *b)
{
    sqlite3_bind_blob(st, at, b->data ? b->data : "", (int)b->len, SQLITE_STATIC);
}

static void bind_counts(sqlite3_stmt *st, int at, struct buf *b, const uint64_t *counts, size_t n)
{
    buf_init(b, BLOB_MOST);
    counts_write(b, counts, n);
    bind_blob(st, at, b);
}

bool shape_save(struct db *db, int64_t account, int64_t event, const struct shape_row *s)
{
    static const char insert[] = "INSERT INTO event_shapes (event, account) VALUES (?1, ?2)";
    static const char update[] = "UPDATE event_shapes SET records = ?1, fields_dropped = ?2, severity_given = ?3, body_text = ?4,"
                                 " body_structured = ?5, body_bytes = ?6, binary_bodies = ?7, truncated_bodies = ?8,"
                                 " unparsable_bodies = ?9, bots = ?10, probes = ?11, health_paths = ?12, health_ok = ?13,"
                                 " body_max = ?14, body_p50 = ?15, body_p95 = ?16, bots_seen = ?17, placeholder = ?18,"
                                 " active_minutes = ?19, peak_minute = ?20, median_minute = ?21, minute_hour = ?22,"
                                 " body_sizes = ?24, minutes = ?25, minute_counts = ?26 WHERE event = ?23";
    if (!s->found) {
        sqlite3_stmt *new = db_prepare(db, insert);
        db_bind(new, "ii", event, account);
        if (!db_run(db, new)) return false;
    }
    uint64_t all[SIZE_BUCKETS];
    int64_t active = 0;
    memcpy(all, s->minute_counts, sizeof all);
    finish_minutes(all, s->minutes);
    for (size_t i = 0; i < SIZE_BUCKETS; i++) active += (int64_t)all[i];
    const int64_t *n = s->sums;
    struct buf sizes, minutes, counts;
    sqlite3_stmt *st = db_prepare(db, update);
    db_bind(st, "iiiiiiiiiiiiiiiiibiiiii", n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12], s->body_max,
            percentile(s->sizes, 50, s->body_max), percentile(s->sizes, 95, s->body_max), s->bots_seen, s->placeholder, active,
            s->peak_minute, percentile(all, 50, s->peak_minute), s->hour, event);
    bind_counts(st, 24, &sizes, s->sizes, SIZE_BUCKETS);
    bind_counts(st, 25, &minutes, s->minutes, MINUTES);
    bind_counts(st, 26, &counts, s->minute_counts, SIZE_BUCKETS);
    bool ok = db_run(db, st);
    buf_free(&sizes);
    buf_free(&minutes);
    buf_free(&counts);
    return ok;
}
