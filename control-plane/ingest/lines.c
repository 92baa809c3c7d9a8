#include "control-plane/ingest/lines.h"

#include "base/die.h"
#include "base/utf8.h"
#include "control-plane/ingest/line.h"

#include <ctype.h>
#include <stdlib.h>

enum { SAMPLE_BYTES = 256 * 1024, SAMPLE_LEAST = 20 /* lines */ };
/* A wrong byte becomes a character of three. */
enum { CLEAN_MAX = 3 * (LINE_MAX_BYTES + LINES_JOINED) };

struct lines {
    struct lines_options options;
    struct line_reader reader;
    struct lines_counts counts;
    struct header *header; /* the columns that the file's text lines have; NULL: none */
    bool learned;
    struct buf sample;  /* the file's first bytes, until its header is learned */
    struct buf partial; /* a line whose end has not come */
    bool cutting;       /* the rest of a line that was too long */
    struct buf record;  /* the record whose further lines are awaited */
    unsigned joined;    /* its lines; 0: none */
    uint64_t first_line;
    bool traceback; /* its last unindented line began a Python traceback */
    struct buf clean, clean_body;
    uint64_t line_number;
    int64_t last_ns;
};

bool line_format_parse(const char *name, enum line_format *format)
{
    static const char *const names[] = {"auto", "text", "json", "journald"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) != 0) continue;
        *format = (enum line_format)i;
        return true;
    }
    return false;
}

static struct slice own(struct slice s) { return slice_of(xstrndup(s.ptr ? s.ptr : "", s.len), s.len); }

struct lines *lines_new(const struct lines_options *options)
{
    struct lines *l = xcalloc(1, sizeof *l);
    l->options = *options;
    l->options.service = own(options->service);
    l->options.fallback = own(options->fallback);
    l->last_ns = options->default_ns ? options->default_ns : LINE_NO_TIME;
    line_reader_init(&l->reader);
    buf_init(&l->sample, 2 * SAMPLE_BYTES);
    buf_init(&l->partial, LINE_MAX_BYTES);
    buf_init(&l->record, LINE_MAX_BYTES + LINES_JOINED);
    buf_init(&l->clean, CLEAN_MAX);
    buf_init(&l->clean_body, CLEAN_MAX);
    return l;
}

void lines_free(struct lines *l)
{
    if (!l) return;
    line_reader_free(&l->reader);
    header_free(l->header);
    buf_free(&l->sample);
    buf_free(&l->partial);
    buf_free(&l->record);
    buf_free(&l->clean);
    buf_free(&l->clean_body);
    free((char *)l->options.service.ptr);
    free((char *)l->options.fallback.ptr);
    free(l);
}

/* Past an escape sequence of a terminal (CSI ... letter, or ESC and one byte) that starts at `at`. */
static size_t skip_escape(struct slice s, size_t at)
{
    if (++at >= s.len) return at;
    if (s.ptr[at] != '[') return at + 1;
    for (at++; at < s.len && (s.ptr[at] < '@' || s.ptr[at] > '~');) at++;
    return at < s.len ? at + 1 : at;
}

static bool is_clean(struct slice s) { return !s.len || (!memchr(s.ptr, '\0', s.len) && !memchr(s.ptr, '\033', s.len) && text_is_utf8(s)); }

static struct slice cleaned(struct buf *out, struct slice s)
{
    if (is_clean(s)) return s;
    buf_clear(out);
    for (size_t at = 0; at < s.len;) {
        if (s.ptr[at] == '\033') {
            at = skip_escape(s, at);
            continue;
        }
        uint32_t code = utf8_next(s, &at);
        if (code) utf8_put(out, code);
    }
    return buf_view(out);
}

static bool wants_json(enum line_format format, struct slice text)
{
    return format == LINES_JSON || format == LINES_JOURNALD || (format == LINES_AUTO && text.len && text.ptr[0] == '{');
}

static bool read_json(struct lines *l, struct slice text, struct log_record *r, const char **why)
{
    bool journald =
        l->options.format == LINES_JOURNALD || (l->options.format == LINES_AUTO && memmem(text.ptr, text.len, "\"__REALTIME_", 12));
    return (journald ? line_journald : line_json)(&l->reader, text, r, why);
}

static void complete(struct lines *l, struct log_record *r)
{
    const struct lines_options *o = &l->options;
    if (o->service.len) r->service = o->service;
    else if (!r->service.len) r->service = o->fallback;
    if (r->time_ns == LINE_NO_TIME) r->time_ns = l->last_ns != LINE_NO_TIME ? l->last_ns : l->reader.times.now_ns;
    else if (r->time_ns < 0) r->time_ns = 0;
    l->last_ns = r->time_ns;
}

static void give_record(struct lines *l)
{
    struct slice raw = buf_view(&l->record), text = cleaned(&l->clean, raw);
    struct log_record r = {.time_ns = LINE_NO_TIME, .bytes = raw.len};
    const char *why = NULL;
    bool ok = wants_json(l->options.format, text) && read_json(l, text, &r, &why);
    if (!ok && why && l->options.format != LINES_AUTO) {
        l->counts.rejected++;
        if (l->options.rejected) l->options.rejected(l->options.context, l->first_line, why);
        return;
    }
    if (!ok) {
        r = (struct log_record){.time_ns = LINE_NO_TIME, .bytes = raw.len};
        line_text(&l->reader, l->header, text, &r);
    }
    complete(l, &r);
    r.body = cleaned(&l->clean_body, r.body);
    l->counts.records++;
    l->options.record(l->options.context, &r);
}

static void end_record(struct lines *l)
{
    if (!l->joined) return;
    give_record(l);
    l->joined = 0;
    l->traceback = false;
    buf_clear(&l->record);
}

static bool starts_any(struct slice s, const char *const *prefixes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (slice_starts(s, prefixes[i])) return true;
    return false;
}

static bool belongs_to_record(struct lines *l, struct slice line)
{
    static const char *const prefixes[] = {"Caused by: ", "Suppressed: ", "During handling of the above exception",
                                           "The above exception was the direct cause"};
    bool joins = l->options.format == LINES_AUTO || l->options.format == LINES_TEXT;
    if (!l->joined || !joins || l->joined >= LINES_JOINED) return false;
    bool traceback = slice_starts(line, "Traceback (most recent call last)");
    if (line.ptr[0] == ' ' || line.ptr[0] == '\t') return true;
    bool ends_traceback = l->traceback && !traceback;
    l->traceback = traceback;
    if (traceback || starts_any(line, prefixes, sizeof prefixes / sizeof prefixes[0])) return true;
    if (ends_traceback && (isalpha((unsigned char)line.ptr[0]) || line.ptr[0] == '_')) return true;
    return line.ptr[0] == '}' && line.len <= 2 && l->record.data[0] == '{';
}

static bool is_blank(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!strchr(" \t\r\f\v", s.ptr[i])) return false;
    return true;
}

static void one_line(struct lines *l, struct slice line)
{
    l->line_number++;
    l->counts.lines++;
    if (line.len && line.ptr[line.len - 1] == '\r') line.len--;
    while (line.len && line.ptr[0] == '\0') line = slice_of(line.ptr + 1, line.len - 1);
    if (line.len > LINE_MAX_BYTES) {
        line.len = LINE_MAX_BYTES;
        l->counts.cut++;
    }
    if (is_blank(line)) return;
    if (belongs_to_record(l, line)) {
        size_t mark = l->record.len;
        buf_char(&l->record, '\n');
        buf_slice(&l->record, line);
        if (l->record.full) buf_cut(&l->record, mark);
        l->joined++;
        return;
    }
    end_record(l);
    l->traceback = slice_starts(line, "Traceback (most recent call last)");
    l->first_line = l->line_number;
    l->joined = 1;
    buf_slice(&l->record, line);
}

/* Keeps what fits of a line that goes on in the next chunk. */
static void keep_partial(struct lines *l, struct slice s)
{
    size_t room = LINE_MAX_BYTES - l->partial.len;
    if (s.len > room) {
        if (!l->cutting) l->counts.cut++;
        l->cutting = true;
        s.len = room;
    }
    buf_slice(&l->partial, s);
}

static void end_partial(struct lines *l)
{
    one_line(l, buf_view(&l->partial));
    buf_clear(&l->partial);
    l->cutting = false;
}

static void split(struct lines *l, struct slice s)
{
    while (s.len) {
        const char *end = memchr(s.ptr, '\n', s.len);
        struct slice line = slice_of(s.ptr, end ? (size_t)(end - s.ptr) : s.len);
        size_t used = line.len + (end ? 1 : 0);
        if (!end || l->partial.len || l->cutting) keep_partial(l, line);
        if (end && (l->partial.len || l->cutting)) end_partial(l);
        else if (end) one_line(l, line);
        s = slice_of(s.ptr + used, s.len - used);
    }
}

/* Lines that are text and whole, for header_learn. */
static size_t sample_lines(struct slice s, struct slice *lines)
{
    size_t n = 0;
    for (const char *end; n < HEADER_SAMPLE && (end = memchr(s.ptr, '\n', s.len));
         s = slice_of(end + 1, s.len - (size_t)(end + 1 - s.ptr))) {
        struct slice line = slice_of(s.ptr, (size_t)(end - s.ptr));
        if (line.len && line.ptr[line.len - 1] == '\r') line.len--;
        if (line.len && line.ptr[0] != '{') lines[n++] = line;
    }
    return n;
}

/* Learns the header where enough lines are there, and lets the kept bytes through. */
static void end_sample(struct lines *l)
{
    struct slice *lines = xcalloc(HEADER_SAMPLE, sizeof *lines), bytes = buf_view(&l->sample);
    size_t n = sample_lines(bytes, lines);
    if (n >= SAMPLE_LEAST) l->header = header_learn(lines, n);
    free(lines);
    l->learned = n >= SAMPLE_LEAST || bytes.len >= SAMPLE_BYTES;
    split(l, bytes);
    buf_clear(&l->sample);
    if (l->learned) buf_free(&l->sample);
}

void lines_feed(struct lines *l, struct slice s, int64_t now_ns)
{
    bool samples = l->options.format == LINES_AUTO || l->options.format == LINES_TEXT;
    l->reader.times.now_ns = now_ns;
    if (samples && !l->learned) {
        size_t room = SAMPLE_BYTES - l->sample.len, n = s.len < room ? s.len : room;
        buf_add(&l->sample, s.ptr, n);
        s = slice_of(s.ptr + n, s.len - n);
        if (l->sample.len < SAMPLE_BYTES) return;
        end_sample(l);
    }
    split(l, s);
}

bool lines_flush(struct lines *l)
{
    if (l->sample.len) end_sample(l);
    end_record(l);
    return l->partial.len > 0;
}

void lines_end(struct lines *l)
{
    if (l->sample.len) end_sample(l);
    if (l->partial.len) end_partial(l);
    end_record(l);
    l->line_number = 0;
}

const struct lines_counts *lines_count(const struct lines *l) { return &l->counts; }
