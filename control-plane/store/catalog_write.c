#include "control-plane/store/catalog_write.h"

#include "base/clock.h"
#include "base/die.h"
#include "control-plane/store/field_rows.h"
#include "control-plane/store/merge.h"
#include "control-plane/store/rows.h"

#include <stdlib.h>

struct hour {
    int64_t hour;
    struct tally tally;
};

struct hours {
    struct hour *items;
    size_t count, capacity;
};

/* One catalog_write. */
struct write {
    struct db *db;
    struct account_row account;
    struct service_row service;
    struct event_row event;
    struct hours service_hours, account_hours;
    int64_t now_ns, now_hour;
};

static struct tally *hours_at(struct hours *h, int64_t hour)
{
    size_t low = 0, high = h->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (h->items[middle].hour < hour) low = middle + 1;
        else high = middle;
    }
    if (low < h->count && h->items[low].hour == hour) return &h->items[low].tally;
    if (h->count == h->capacity) {
        h->capacity = h->capacity ? h->capacity * 2 : 16;
        h->items = xreallocarray(h->items, h->capacity, sizeof *h->items);
    }
    memmove(h->items + low + 1, h->items + low, (h->count++ - low) * sizeof *h->items);
    h->items[low] = (struct hour){.hour = hour};
    return &h->items[low].tally;
}

static int64_t earlier(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t later(int64_t a, int64_t b) { return a > b ? a : b; }

static int compare(const void *left, const void *right)
{
    const struct delta *a = *(const struct delta *const *)left, *b = *(const struct delta *const *)right;
    const uint64_t key_a[] = {a->service_id.hi, a->service_id.lo, a->event_id.hi, a->event_id.lo};
    const uint64_t key_b[] = {b->service_id.hi, b->service_id.lo, b->event_id.hi, b->event_id.lo};
    for (size_t i = 0; i < 4; i++)
        if (key_a[i] != key_b[i]) return key_a[i] < key_b[i] ? -1 : 1;
    return a->hour < b->hour ? -1 : a->hour > b->hour;
}

static bool same(struct id128 a, struct id128 b) { return a.hi == b.hi && a.lo == b.lo; }

/* ---- one event ---- */

static size_t withheld_words(struct slice template)
{
    size_t n = 0;
    for (size_t i = 0; i + 3 <= template.len; i++)
        if (memcmp(template.ptr + i, "<?>", 3) == 0) n++;
    return n;
}

static bool know_more(const struct event_row *e, const struct delta *d)
{
    if (!e->withheld) return false;
    return !d->words_withheld || withheld_words(d->template) < withheld_words(buf_view(&e->template));
}

static void set_text(struct event_row *e, const struct delta *d)
{
    buf_clear(&e->name);
    buf_slice(&e->name, d->name);
    buf_clear(&e->template);
    buf_slice(&e->template, d->template);
    e->withheld = d->words_withheld;
}

static bool insert_event(struct write *w, const struct delta *d, struct id128 id)
{
    struct event_row *e = &w->event;
    e->id = id;
    e->service = w->service.row;
    e->fragment = d->fragment;
    struct tally t = tally_of(d);
    e->severity = tally_severity(&t);
    e->first_seen = earlier(d->first_ns, w->now_ns);
    e->last_seen = earlier(d->last_ns, w->now_ns);
    set_text(e, d);
    w->service.log_events++;
    return event_unique_name(w->db, e) && event_insert(w->db, w->account.row, w->service.id, d->service, e, w->now_ns) &&
           event_count_kind(w->db, w->account.row, e, 1);
}

static bool find_event(struct write *w, const struct delta *d)
{
    if (!event_load(w->db, w->account.row, d->event_id, &w->event)) return false;
    if (w->event.row) return true;
    struct id128 id;
    if (!event_resolve(w->db, w->account.row, d->event_id, &id)) return false;
    if (!same(id, d->event_id) && !event_load(w->db, w->account.row, id, &w->event)) return false;
    return w->event.row || insert_event(w, d, id);
}

static bool add_hour(struct write *w, const struct delta *d)
{
    struct tally t = tally_of(d);
    int64_t hour = earlier(d->hour, w->now_hour);
    int stage = hour_stage(hour, w->now_hour);
    if (!event_hour_add(w->db, w->event.row, hour, &t, &stage)) return false;
    windows_add(w->event.windows, &t, stage, 1);
    tally_add(&w->event.totals, &t);
    tally_add(hours_at(&w->service_hours, hour), &t);
    return true;
}

static bool update_text(struct write *w, const struct delta *d)
{
    struct event_row *e = &w->event;
    int severity = tally_severity(&e->totals);
    bool text = know_more(e, d), kind = severity != e->severity || (e->fragment && !d->fragment);
    int64_t first = earlier(e->first_seen, d->first_ns);
    if (!text && !kind && first == e->first_seen) return true;
    if (kind) {
        if (!event_count_kind(w->db, w->account.row, e, -1)) return false;
        e->severity = severity;
        e->fragment = e->fragment && d->fragment;
        if (!event_count_kind(w->db, w->account.row, e, 1)) return false;
    }
    e->first_seen = first;
    if (text) {
        set_text(e, d);
        if (!event_unique_name(w->db, e)) return false;
    }
    return event_save_text(w->db, e, w->now_ns);
}

/* deltas[0..n) are of one event. */
static bool write_event(struct write *w, const struct delta *const *deltas, size_t n)
{
    if (!find_event(w, deltas[0])) return false;
    for (size_t i = 0; i < n; i++) {
        if (!add_hour(w, deltas[i]) || !update_text(w, deltas[i])) return false;
        w->event.last_seen = later(w->event.last_seen, earlier(deltas[i]->last_ns, w->now_ns));
    }
    if (!field_rows_add(w->db, w->account.row, w->event.row, deltas, n)) return false;
    struct rates rates = rates_of(&w->event.windows[WEEK], w->service.hours, &w->account.prices);
    bool changed = !rates_equal(&rates, &w->event.rates);
    w->event.rates = rates;
    return event_save(w->db, &w->event, changed);
}

/* ---- one service ---- */

static bool find_service(struct write *w, const struct delta *const *deltas, size_t n)
{
    struct service_row *s = &w->service;
    if (!service_load(w->db, w->account.row, deltas[0]->service_id, s)) return false;
    bool new = s->row == 0;
    int64_t first = new ? w->now_ns : s->first_seen, last = new ? INT64_MIN : s->last_seen;
    for (size_t i = 0; i < n; i++) {
        first = earlier(first, deltas[i]->first_ns);
        last = later(last, earlier(deltas[i]->last_ns, w->now_ns));
    }
    s->first_seen = first;
    s->last_seen = last;
    int64_t hours = rate_hours(first, w->now_hour);
    if (!new &&hours != s->hours && !service_sweep(w->db, s->row)) return false;
    s->hours = hours;
    s->id = deltas[0]->service_id;
    return !new || service_insert(w->db, w->account.row, deltas[0]->service, s, w->now_ns);
}

static bool save_service(struct write *w)
{
    struct service_row *s = &w->service;
    for (size_t i = 0; i < w->service_hours.count; i++) {
        const struct hour *h = &w->service_hours.items[i];
        int stage = hour_stage(h->hour, w->now_hour);
        if (!service_hour_add(w->db, s->row, h->hour, &h->tally, &stage)) return false;
        windows_add(s->windows, &h->tally, stage, 1);
        if (stage <= WEEK)
            for (size_t k = 0; k < SEVERITIES; k++) s->week_severity[k] += h->tally.severity[k];
        tally_add(&s->totals, &h->tally);
        tally_add(hours_at(&w->account_hours, h->hour), &h->tally);
    }
    w->service_hours.count = 0;
    service_rates(s, &w->account);
    w->account.first_seen = earlier(w->account.first_seen, s->first_seen);
    w->account.last_seen = later(w->account.last_seen, s->last_seen);
    return service_save(w->db, s);
}

static bool write_service(struct write *w, const struct delta *const *deltas, size_t n)
{
    if (!find_service(w, deltas, n)) return false;
    for (size_t at = 0; at < n;) {
        size_t end = at + 1;
        while (end < n && same(deltas[end]->event_id, deltas[at]->event_id)) end++;
        if (!write_event(w, deltas + at, end - at)) return false;
        at = end;
    }
    return save_service(w);
}

/* ---- the whole ---- */

static bool save_account(struct write *w)
{
    for (size_t i = 0; i < w->account_hours.count; i++) {
        const struct hour *h = &w->account_hours.items[i];
        int stage = hour_stage(h->hour, w->now_hour);
        if (!account_hour_add(w->db, w->account.row, h->hour, &h->tally, &stage)) return false;
        windows_add(w->account.windows, &h->tally, stage, 1);
        tally_add(&w->account.totals, &h->tally);
    }
    return account_save(w->db, &w->account);
}

static bool write_deltas(struct write *w, const struct delta *const *deltas, size_t n)
{
    for (size_t at = 0; at < n;) {
        size_t end = at + 1;
        while (end < n && same(deltas[end]->service_id, deltas[at]->service_id)) end++;
        if (!write_service(w, deltas + at, end - at)) return false;
        at = end;
    }
    return n == 0 || save_account(w);
}

bool catalog_write(struct db *db, struct batch *b, int64_t now_ns)
{
    struct write w = {.db = db, .now_ns = now_ns, .now_hour = clock_hour(now_ns)};
    if (!account_load(db, &w.account)) return false;
    buf_init(&w.event.name, EVENT_TEXT_MAX);
    buf_init(&w.event.template, EVENT_TEXT_MAX);
    const struct delta *deltas;
    const struct merge *merges;
    size_t n = batch_deltas(b, &deltas), merge_count = batch_merges(b, &merges);
    const struct delta **sorted = xreallocarray(NULL, n + 1, sizeof *sorted);
    for (size_t i = 0; i < n; i++) sorted[i] = &deltas[i];
    qsort(sorted, n, sizeof *sorted, compare);
    bool ok = write_deltas(&w, sorted, n);
    for (size_t i = 0; ok && i < merge_count; i++) ok = merge_events(db, w.account.row, merges[i].from, merges[i].to, now_ns);
    free(sorted);
    free(w.service_hours.items);
    free(w.account_hours.items);
    buf_free(&w.event.name);
    buf_free(&w.event.template);
    return ok;
}

bool catalog_key(struct db *db, uint64_t *key)
{
    struct account_row a;
    if (!account_load(db, &a)) return false;
    *key = a.id.hi ^ a.id.lo;
    return true;
}
