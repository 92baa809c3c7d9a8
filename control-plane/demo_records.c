#include "control-plane/demo_records.h"

#include "base/clock.h"
#include "base/hash.h"

#include <inttypes.h>

enum { TEXT_MAX = 32 * 1024, DOCUMENT_ENTRIES = 110, LATE_HOURS = 40, BURST_MINUTES = 20 };
#define MINUTE (60 * NS_PER_SECOND)
#define WEEK   (7 * 24 * NS_PER_HOUR - 30 * MINUTE)

static uint64_t draw(struct demo_records *d) { return d->state = hash_mix(d->state + UINT64_C(0x9E3779B97F4A7C15), d->form + 1); }
static uint64_t below(struct demo_records *d, uint64_t n) { return draw(d) % n; }

/* ---- times ---- */

/* Twice as many at noon as at midnight (UTC). */
static int64_t by_day(struct demo_records *d, int64_t from)
{
    for (;;) {
        int64_t at = from + (int64_t)below(d, (uint64_t)WEEK), hour = clock_hour(at) % 24;
        int64_t wanted = 50 + (hour < 12 ? hour : 24 - hour) * 4;
        if ((int64_t)below(d, 100) < wanted) return at;
    }
}

static int64_t draw_time(struct demo_records *d, const struct demo_form *f)
{
    int64_t end = d->now_ns - NS_PER_SECOND, from = end - WEEK;
    int64_t flood = clock_hour(end - (3 + (int64_t)d->form % 17) * NS_PER_HOUR) * NS_PER_HOUR + 10 * MINUTE;
    int64_t step = WEEK / f->records;
    switch (f->rhythm) {
    case DEMO_DAILY: return by_day(d, from);
    case DEMO_LATE: return end - (int64_t)below(d, (uint64_t)(LATE_HOURS * NS_PER_HOUR));
    case DEMO_BURST:
        return flood +
               (d->done % 40 ? (int64_t)below(d, (uint64_t)(BURST_MINUTES * MINUTE)) : -(int64_t)below(d, (uint64_t)(24 * NS_PER_HOUR)));
    case DEMO_STEADY: break;
    }
    return from + (int64_t)d->done * step + (int64_t)below(d, (uint64_t)step);
}

/* Draws of its own: how many it takes depends on the hour, and the other draws must not. */
static int64_t time_of(struct demo_records *d, const struct demo_form *f)
{
    uint64_t state = d->state;
    d->state = ~d->id;
    int64_t at = draw_time(d, f);
    d->state = state;
    return at;
}

/* ---- texts ---- */

static const char *one_of(struct demo_records *d, const char *const *list, size_t count) { return list[below(d, count)]; }
#define ONE_OF(d, list) one_of(d, list, sizeof(list) / sizeof *(list))

static const char *const names[] = {"basket", "catalog", "invoice", "ledger", "parcel", "quote", "refund", "voucher"};
static const char *const cards[] = {"4111111111111111", "5555555555554444", "4012888888881881", "378282246310005"};
static const char *const crawlers[] = {"Googlebot/2.1", "bingbot/2.0", "AhrefsBot/7.0", "Mozilla/5.0 (X11; Linux x86_64)",
                                       "Mozilla/5.0 (Macintosh)"};
static const char *const pages[] = {"/", "/cart", "/search", "/article/%n", "/article/%n/reviews", "/sale/%n"};

static void put_document(struct demo_records *d)
{
    buf_str(&d->text, "{\"entries\":[");
    for (int i = 0; i < DOCUMENT_ENTRIES; i++)
        buf_printf(&d->text, "%s{\"position\":%d,\"article\":%" PRIu64 ",\"note\":\"made up for the demo\"}", i ? "," : "", i,
                   below(d, 90000));
    buf_str(&d->text, "]}");
}

static void put_text(struct demo_records *d, struct slice form);

static void put_value(struct demo_records *d, char kind)
{
    static const char *const statuses[] = {"200", "200", "200", "200", "200", "200", "200", "304", "404", "500"};
    switch (kind) {
    case 'n': buf_u64(&d->text, 1000 + below(d, 900000)); break;
    case 'm': buf_u64(&d->text, 1 + below(d, 240)); break;
    case 'h': buf_printf(&d->text, "%016" PRIx64 "%016" PRIx64, d->id, ~d->id); break;
    case 'i': buf_printf(&d->text, "198.51.100.%u", (unsigned)below(d, 254) + 1); break;
    case 'w': buf_str(&d->text, ONE_OF(d, names)); break;
    case 's': buf_str(&d->text, statuses[d->pick % 10]); break;
    case 'r': put_text(d, slice_str(pages[d->pick / 10 % 6])); break;
    case 'b': buf_str(&d->text, ONE_OF(d, crawlers)); break;
    case 'e': buf_printf(&d->text, "%s.%u@shop.example", ONE_OF(d, names), (unsigned)below(d, 5000)); break;
    case 'c': buf_str(&d->text, ONE_OF(d, cards)); break;
    case 'k': buf_str(&d->text, "AKIADEMODEMO7EXAMPLE"); break;
    case 'x': put_document(d); break;
    }
}

static void put_text(struct demo_records *d, struct slice form)
{
    for (size_t i = 0; i < form.len; i++) {
        if (form.ptr[i] == '%' && i + 1 < form.len) put_value(d, form.ptr[++i]);
        else buf_char(&d->text, form.ptr[i]);
    }
}

/* ---- records ---- */

static bool digits(const char *text, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (text[i] < '0' || text[i] > '9') return false;
    return to > from && to - from < 16;
}

/* Texts first, slices then: the buffer moves while it grows. */
static size_t put_fields(struct demo_records *d, const char *fields, size_t ends[DEMO_FIELDS])
{
    size_t n = 0;
    while (fields && *fields && n < DEMO_FIELDS) {
        size_t name = strcspn(fields, "="), all = strcspn(fields, ";");
        d->fields[n].path = slice_of(fields, name);
        put_text(d, slice_of(fields + name + 1, all - name - 1));
        ends[n++] = d->text.len;
        fields += all + (fields[all] == ';');
    }
    return n;
}

static void record_of(struct demo_records *d, const struct demo_form *f, struct log_record *r)
{
    size_t ends[DEMO_FIELDS];
    buf_clear(&d->text);
    d->id = draw(d);
    d->pick = below(d, 6000);
    put_text(d, slice_str(f->body));
    size_t body = d->text.len, count = put_fields(d, f->fields, ends), at = body;
    *r = (struct log_record){.time_ns = time_of(d, f),
                             .severity_number = f->severity,
                             .service = slice_str(f->service),
                             .body = slice_of(d->text.data, body),
                             .attributes = d->fields,
                             .attribute_count = count};
    for (size_t i = 0; i < count; at = ends[i++]) {
        d->fields[i].type = digits(d->text.data, at, ends[i]) ? VALUE_INT : VALUE_STRING;
        d->fields[i].text = slice_of(d->text.data + at, ends[i] - at);
    }
}

void demo_records_init(struct demo_records *d, uint64_t seed, int64_t now_ns)
{
    *d = (struct demo_records){.now_ns = now_ns, .state = seed};
    buf_init(&d->text, TEXT_MAX);
}

void demo_records_free(struct demo_records *d) { buf_free(&d->text); }

bool demo_records_next(struct demo_records *d, struct log_record *r)
{
    while (d->form < demo_form_count && d->done == demo_forms[d->form].records) {
        d->form++;
        d->done = 0;
    }
    if (d->form == demo_form_count) return false;
    record_of(d, &demo_forms[d->form], r);
    d->done++;
    return true;
}

uint64_t demo_records_total(void)
{
    uint64_t total = 0;
    for (size_t i = 0; i < demo_form_count; i++) total += demo_forms[i].records;
    return total;
}
