#include "control-plane/ingest/line.h"

#include <ctype.h>

static bool first_is(struct slice s, char c) { return s.len && s.ptr[0] == c; }

static void drop(struct slice *s, size_t n)
{
    s->ptr += n;
    s->len -= n;
}

static void drop_blanks(struct slice *s)
{
    while (s->len && (s->ptr[0] == ' ' || s->ptr[0] == '\t')) drop(s, 1);
}

/* Up to the next blank, which is dropped too. */
static struct slice word(struct slice *s)
{
    size_t n = 0;
    while (n < s->len && s->ptr[n] != ' ') n++;
    struct slice w = slice_of(s->ptr, n);
    drop(s, n);
    drop_blanks(s);
    return w;
}

/* <134>: facility * 8 + severity. */
static bool priority(struct slice *s, struct log_record *r)
{
    unsigned value = 0;
    size_t n = 1;
    if (!first_is(*s, '<')) return false;
    for (; n < s->len && n < 4 && isdigit((unsigned char)s->ptr[n]); n++) value = value * 10 + (unsigned)(s->ptr[n] - '0');
    if (n == 1 || n >= s->len || s->ptr[n] != '>' || value > 191) return false;
    r->severity_number = line_syslog_severity(value % 8);
    drop(s, n + 1);
    return true;
}

static bool drop_time(struct line_reader *l, struct slice *s, struct log_record *r)
{
    int64_t ns;
    size_t used;
    bool bracket = first_is(*s, '[');
    struct slice rest = *s;
    if (bracket) drop(&rest, 1);
    if (!timestamp_read(&l->times, rest, &ns, &used)) return false;
    bool glog = isalpha((unsigned char)rest.ptr[0]) && rest.len > 1 && isdigit((unsigned char)rest.ptr[1]);
    if (glog) r->severity = slice_of(rest.ptr, 1);
    drop(&rest, used);
    if (bracket && !first_is(rest, ']')) return false;
    if (bracket) drop(&rest, 1);
    r->time_ns = ns;
    drop_blanks(&rest);
    *s = rest;
    return true;
}

/* [id name="value" ...][...] or "-"; a closing bracket inside a value is written \]. */
static bool structured_data(struct slice *s)
{
    if (first_is(*s, '-')) {
        word(s);
        return true;
    }
    if (!first_is(*s, '[')) return false;
    while (first_is(*s, '[')) {
        size_t n = 1;
        while (n < s->len && s->ptr[n] != ']') n += s->ptr[n] == '\\' && n + 1 < s->len ? 2 : 1;
        if (n >= s->len) return false;
        drop(s, n + 1);
    }
    drop_blanks(s);
    return true;
}

/* After <PRI>: 1 TIME HOST APP PROCID MSGID SD [BOM]MSG */
static bool rfc5424(struct line_reader *l, struct slice line, struct log_record *r)
{
    struct slice s = line;
    int64_t ns;
    size_t used;
    if (!slice_is(word(&s), "1")) return false;
    struct slice time = word(&s);
    bool timed = timestamp_read(&l->times, time, &ns, &used);
    if (!timed && !slice_is(time, "-")) return false;
    word(&s);
    struct slice app = word(&s);
    word(&s);
    word(&s);
    if (!structured_data(&s)) return false;
    if (timed) r->time_ns = ns;
    if (!slice_is(app, "-")) r->service = app;
    if (slice_starts(s, "\xEF\xBB\xBF")) drop(&s, 3);
    r->body = s;
    return true;
}

/* "sshd[123]: ", "kernel: ", "systemd-logind: " */
static bool program(struct slice *s, struct slice *name)
{
    size_t n = 0, end;
    while (n < s->len && n < 64 && (isalnum((unsigned char)s->ptr[n]) || strchr("-_./()@+", s->ptr[n]))) n++;
    end = n;
    if (n && n < s->len && s->ptr[n] == '[') {
        for (n++; n < s->len && n < end + 32 && s->ptr[n] != ']' && s->ptr[n] != ' ';) n++;
        if (n >= s->len || s->ptr[n] != ']') return false;
        n++;
    }
    if (!end || n >= s->len || s->ptr[n] != ':' || (n + 1 < s->len && s->ptr[n + 1] != ' ')) return false;
    *name = slice_of(s->ptr, end);
    drop(s, n + 1);
    drop_blanks(s);
    return true;
}

static bool host_shaped(struct slice s)
{
    if (!s.len || s.len > 255 || !isalnum((unsigned char)s.ptr[0])) return false;
    for (size_t i = 0; i < s.len; i++)
        if (!isalnum((unsigned char)s.ptr[i]) && !strchr("-._:", s.ptr[i])) return false;
    return s.ptr[s.len - 1] != ':';
}

/* After the time: HOST PROGRAM[PID]: MSG. "/usr/sbin/cron" is the program cron, "sshd(pam_unix)" sshd. */
static bool syslog_tail(struct slice line, struct log_record *r)
{
    struct slice s = line, name;
    if (!host_shaped(word(&s)) || !program(&s, &name)) return false;
    const char *slash = memrchr(name.ptr, '/', name.len);
    if (slash && slash + 1 < name.ptr + name.len) name = slice_of(slash + 1, (size_t)(name.ptr + name.len - slash - 1));
    const char *module = memchr(name.ptr, '(', name.len);
    if (module && module > name.ptr) name.len = (size_t)(module - name.ptr);
    r->service = name;
    r->body = s;
    return true;
}

/* After the time: "stdout F text", as container runtimes write. */
static bool cri_tail(struct slice *s)
{
    if (!slice_starts(*s, "stdout F ") && !slice_starts(*s, "stderr F ") && !slice_starts(*s, "stdout P ") &&
        !slice_starts(*s, "stderr P "))
        return false;
    drop(s, strlen("stdout F "));
    return true;
}

static struct slice logfmt_level(struct slice s)
{
    static const char *const keys[] = {"level=", "lvl=", "severity="};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        size_t n = strlen(keys[i]);
        if (!slice_starts(s, keys[i])) continue;
        drop(&s, n);
        if (first_is(s, '"')) drop(&s, 1);
        for (n = 0; n < s.len && isalpha((unsigned char)s.ptr[n]);) n++;
        return slice_of(s.ptr, n);
    }
    return (struct slice){0};
}

/* A word that names a level and looks like one: INFO, [warn], <error>, error:, level=info. */
static bool is_level(struct slice w, struct slice *level)
{
    bool marked = false, upper = true;
    struct slice s = logfmt_level(w);
    if (s.len) {
        *level = s;
        return severity_of(0, s) != SEVERITY_UNSPECIFIED;
    }
    s = w;
    while (s.len && strchr("[<(|", s.ptr[0])) {
        marked = true;
        drop(&s, 1);
    }
    while (s.len && strchr("]>)|:,", s.ptr[s.len - 1])) {
        marked = true;
        s.len--;
    }
    for (size_t i = 0; i < s.len; i++) {
        if (!isalpha((unsigned char)s.ptr[i])) return false;
        if (!isupper((unsigned char)s.ptr[i])) upper = false;
    }
    if (s.len < 1 || s.len > 11 || (!marked && !upper)) return false;
    *level = s;
    return severity_of(0, s) != SEVERITY_UNSPECIFIED;
}

static void find_level(struct slice s, struct log_record *r)
{
    for (int words = 0; words < 6 && s.len; words++) {
        struct slice level;
        if (!is_level(word(&s), &level)) continue;
        r->severity = level;
        return;
    }
}

/* Access logs have their time in brackets after host, identity and user. */
static void find_bracketed_time(struct line_reader *l, struct slice s, struct log_record *r)
{
    size_t used;
    int64_t ns;
    const char *at = memchr(s.ptr, '[', s.len < 128 ? s.len : 128);
    if (!at) return;
    drop(&s, (size_t)(at + 1 - s.ptr));
    if (timestamp_read(&l->times, s, &ns, &used) && used < s.len && s.ptr[used] == ']') r->time_ns = ns;
}

/* The first of the columns of a time that can be read as one. */
static void find_time(struct line_reader *l, struct slice columns, struct log_record *r)
{
    while (columns.len) {
        size_t used;
        struct slice one = columns;
        if (first_is(one, '[')) drop(&one, 1);
        if (timestamp_read(&l->times, one, &r->time_ns, &used)) return;
        r->time_ns = LINE_NO_TIME;
        word(&columns);
    }
}

/* By the columns that the lines of this file have. */
static bool headed(struct line_reader *l, const struct header *header, struct slice text, struct log_record *r)
{
    struct header_parts parts;
    const char *end = memchr(text.ptr, '\n', text.len);
    struct slice line = slice_of(text.ptr, end ? (size_t)(end - text.ptr) : text.len);
    if (!header || !header_split(header, line, &parts)) return false;
    if (r->time_ns == LINE_NO_TIME) find_time(l, parts.time, r);
    r->severity = parts.level;
    r->body = slice_of(parts.message.ptr, (size_t)(text.ptr + text.len - parts.message.ptr));
    flat_clear(&l->flat);
    if (parts.component.len) flat_add(&l->flat, SLICE("logger"), VALUE_STRING, parts.component);
    r->attributes = l->flat.fields;
    r->attribute_count = l->flat.count;
    return true;
}

void line_text(struct line_reader *l, const struct header *header, struct slice line, struct log_record *r)
{
    struct slice s = line;
    if (priority(&s, r) && rfc5424(l, s, r)) return;
    bool timed = drop_time(l, &s, r);
    if (timed && syslog_tail(s, r)) {
        if (!r->severity_number) find_level(r->body, r);
        return;
    }
    bool container = timed && cri_tail(&s);
    if (!container && headed(l, header, line, r)) return;
    if (!timed) find_bracketed_time(l, s, r);
    r->body = s;
    if (!r->severity.len && !r->severity_number) find_level(s, r);
}
