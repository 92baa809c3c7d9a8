#include "control-plane/checks/propose.h"

#include <stdio.h>

static struct slice cut(struct slice s, size_t most) { return slice_of(s.ptr, s.len < most ? s.len : most); }

static void put_value(struct buf *out, const struct observation *o, const struct finding *f, struct slice name)
{
    if (slice_is(name, "service")) buf_slice(out, cut(o->name, 80));
    else if (slice_is(name, "subject")) buf_slice(out, f->subject);
    else if (slice_is(name, "peer")) buf_slice(out, f->subject.len ? f->subject : SLICE("the network"));
    else if (slice_is(name, "events")) buf_printf(out, "%zu %s", f->kinds, f->kinds == 1 ? "event" : "events");
    else if (slice_is(name, "s")) buf_str(out, f->kinds == 1 ? "s" : "");
    else if (slice_is(name, "first")) buf_slice(out, f->event_count ? cut(f->events[0]->name, 60) : SLICE("its events"));
    else if (slice_is(name, "share")) buf_printf(out, "%.0f%%", f->share * 100);
    else if (slice_is(name, "records")) buf_i64(out, f->records);
    else if (slice_is(name, "fields")) buf_printf(out, "%zu", f->field_count);
}

struct slice propose_text(struct observation *o, const struct finding *f, const char *text)
{
    struct buf out;
    buf_init(&out, 4096);
    while (*text) {
        const char *open = strchr(text, '{'), *close = open ? strchr(open, '}') : NULL;
        if (!close) {
            buf_str(&out, text);
            break;
        }
        buf_add(&out, text, (size_t)(open - text));
        put_value(&out, o, f, slice_of(open + 1, (size_t)(close - open - 1)));
        text = close + 1;
    }
    struct slice copy = observe_copy(o, buf_view(&out));
    buf_free(&out);
    return copy;
}

static const char *const remedy_kinds[] = {"policy", "code_change", "ticket", "configuration"};

static void add_task(struct draft *d, struct slice why)
{
    const struct check *c = d->finding->check;
    if (d->count == PROPOSALS) return;
    d->proposals[d->count++] = (struct proposal){.kind = remedy_kinds[c->remedy == REMEDY_POLICY ? REMEDY_TICKET : c->remedy],
                                                 .key = observe_text(d->o, "%s-%.6s-task", c->id, d->fingerprint),
                                                 .title = propose_text(d->o, d->finding, c->title),
                                                 .text = propose_text(d->o, d->finding, c->remedy_text),
                                                 .reason = why,
                                                 .action = "",
                                                 .risk = "",
                                                 .event = d->finding->event_count == 1 ? d->finding->events[0] : NULL};
}

void propose_all(struct draft *d)
{
    const struct check *c = d->finding->check;
    d->blocked = slice_of(NULL, 0);
    if (c->propose) c->propose(d);
    if (d->count > 0) {
        if (c->remedy != REMEDY_POLICY) add_task(d, SLICE("A policy hides the symptom; this ends the cause."));
        return;
    }
    struct slice why = c->propose ? d->blocked : slice_str(c->why_no_policy);
    add_task(d, observe_text(d->o, "No policy is proposed: %.*s.", (int)(why.len < 400 ? why.len : 400), why.ptr ? why.ptr : ""));
}
