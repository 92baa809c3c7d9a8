/* Bodies of events as regular expressions, from their templates, and the trial of them. */
#include "control-plane/checks/propose.h"

#include "policy/regex.h"

#include <ctype.h>

enum { LITERALS_LEAST = 4, BODY_MAX = 64 * 1024 };

static bool is_hole(struct slice t, size_t i)
{
    return i + 3 <= t.len && t.ptr[i] == '<' && (t.ptr[i + 1] == '*' || t.ptr[i + 1] == '?') && t.ptr[i + 2] == '>';
}

static size_t literals(struct slice t)
{
    size_t n = 0;
    for (size_t i = 0; i < t.len; i++) {
        if (is_hole(t, i)) i += 2;
        else if (isalnum((unsigned char)t.ptr[i])) n++;
    }
    return n;
}

static void put_literal(struct buf *out, char c)
{
    if (c == '"') {
        buf_str(out, "\\\\?\"");
        return;
    }
    if (!isalnum((unsigned char)c) && (unsigned char)c < 0x80 && c != '_' && c != '-' && c != ' ' && c != '/' && c != ':' && c != ',' &&
        c != '=' && c != '@' && c != '%' && c != '#' && c != '&' && c != ';' && c != '<' && c != '>' && c != '!' && c != '~' && c != '\'')
        buf_char(out, '\\');
    buf_char(out, c);
}

static struct slice trimmed(struct slice t)
{
    while (t.len && *t.ptr == ' ') t = slice_of(t.ptr + 1, t.len - 1);
    while (t.len && t.ptr[t.len - 1] == ' ') t.len--;
    return t;
}

/* A structured body holds its message within quotes. A template has two of the signs that a text repeats. */
static void put_template(struct buf *out, struct slice t, bool structured)
{
    t = trimmed(t);
    bool open_start = is_hole(t, 0), open_end = t.len >= 3 && is_hole(t, t.len - 3);
    if (open_start) t = trimmed(slice_of(t.ptr + 3, t.len - 3));
    else buf_str(out, structured ? "(?:^|[\"=])" : "^");
    if (open_end && t.len >= 3) t = trimmed(slice_of(t.ptr, t.len - 3));
    for (size_t i = 0; i < t.len; i++) {
        if (is_hole(t, i)) {
            buf_str(out, ".*");
            i += 2;
        } else if (t.ptr[i] == ' ') {
            while (i + 1 < t.len && t.ptr[i + 1] == ' ') i++;
            buf_str(out, "\\s+");
        } else {
            put_literal(out, t.ptr[i]);
            if (!ispunct((unsigned char)t.ptr[i]) || i + 1 == t.len || t.ptr[i + 1] != t.ptr[i]) continue;
            buf_str(out, "{2,}");
            while (i + 1 < t.len && t.ptr[i + 1] == t.ptr[i]) i++;
        }
    }
    if (!open_end) buf_str(out, structured ? "(?:\"|\\s*(?:\\n|$))" : "\\s*(?:\\n|$)");
}

/* ---- trial ---- */

static const char *const fillings[] = {"42", "a1b2-c3 and more", "/path?x=1"};
enum { FILLINGS = sizeof fillings / sizeof *fillings };

static void make_body(struct buf *out, struct slice t, const char *filling)
{
    buf_clear(out);
    for (size_t i = 0; i < t.len; i++) {
        if (is_hole(t, i)) {
            buf_str(out, filling);
            i += 2;
        } else {
            buf_char(out, t.ptr[i]);
        }
    }
}

static bool hits(const struct regex *r, struct slice template, size_t filling)
{
    struct buf body;
    buf_init(&body, BODY_MAX);
    make_body(&body, template, fillings[filling]);
    bool hit = regex_search(r, buf_view(&body));
    buf_free(&body);
    return hit;
}

static bool own(const struct finding *f, const struct observed_event *e)
{
    for (size_t i = 0; i < f->event_count; i++)
        if (f->events[i] == e) return true;
    return false;
}

static bool tried_on_own(struct draft *d, const struct regex *r, const struct observed_event *const *events, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < FILLINGS; k++)
            if (!hits(r, events[i]->template, k)) {
                d->blocked = SLICE("a pattern made from the template did not match the event's own records");
                return false;
            }
    return true;
}

static bool tried_on_others(struct draft *d, const struct regex *r)
{
    for (size_t i = 0; i < d->o->count && i < PROPOSAL_TRIED; i++) {
        const struct observed_event *e = &d->o->events[i];
        if (own(d->finding, e)) continue;
        for (size_t k = 0; k < FILLINGS; k++)
            if (hits(r, e->template, k)) {
                d->blocked = observe_text(d->o, "its text cannot be told from that of the event %.*s",
                                          (int)(e->name.len < 100 ? e->name.len : 100), e->name.ptr);
                return false;
            }
    }
    return true;
}

static bool try_text(struct draft *d, const struct buf *pattern, const struct observed_event *const *events, size_t n, bool others)
{
    char why[200];
    struct regex *r = pattern->full ? NULL : regex_new(buf_view(pattern), false, why, sizeof why);
    if (!r) {
        d->blocked = pattern->full ? SLICE("its templates are too long for one pattern") : observe_text(d->o, "%s", why);
        return false;
    }
    bool ok = tried_on_own(d, r, events, n) && (!others || tried_on_others(d, r));
    regex_free(r);
    return ok;
}

/* A map's body is its values and nothing between them; a text that is JSON has names and signs, too. */
static bool is_map(struct draft *d, const struct observed_event *e)
{
    if (e->shape.records == 0 || e->shape.body_structured < e->shape.records) return false;
    sqlite3_stmt *st = db_prepare(d->o->db, "SELECT SUM(length_sum) FROM event_fields WHERE event = ?1 AND scope = 0");
    db_bind(st, "i", e->row);
    bool map = db_step(d->o->db, st) == DB_ROW && sqlite3_column_int64(st, 0) >= e->shape.body_bytes;
    sqlite3_reset(st);
    return map;
}

static bool put_events(struct draft *d, const struct observed_event *const *events, size_t n, struct buf *out)
{
    for (size_t i = 0; i < n; i++) {
        const struct observed_event *e = events[i];
        if (is_map(d, e)) {
            d->blocked = SLICE("its bodies are maps, and policies see the text of a body only");
            return false;
        }
        size_t least = literals(e->template), signs = e->template.len;
        if (least < LITERALS_LEAST && (signs < 3 || (is_hole(trimmed(e->template), 0)))) {
            d->blocked = SLICE("its template has too few words of its own");
            return false;
        }
        if (i) buf_char(out, '|');
        put_template(out, e->template, e->shape.body_structured > 0);
    }
    return n > 0;
}

bool some_regex(struct draft *d, const struct observed_event *const *events, size_t n, struct buf *out)
{
    return n <= PROPOSAL_EVENTS && put_events(d, events, n, out) && try_text(d, out, events, n, false);
}

bool events_regex(struct draft *d, size_t from, struct buf *out)
{
    const struct finding *f = d->finding;
    const struct observed_event *events[PROPOSAL_EVENTS] = {NULL};
    size_t n = 0;
    while (n < PROPOSAL_EVENTS && from + n < f->event_count) events[n] = f->events[from + n], n++;
    return put_events(d, events, n, out) && try_text(d, out, events, n, true);
}
