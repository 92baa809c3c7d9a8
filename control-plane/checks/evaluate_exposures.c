#include "base/clock.h"
#include "control-plane/catalog/sensitive.h"
#include "control-plane/checks/evaluate.h"
#include "control-plane/checks/phrases.h"

#include <stdio.h>

static int family_of(const struct check *c)
{
    static const struct {
        const char *type;
        enum sensitive_family family;
    } families[] = {{"secret_exposure", FAMILY_SECRET},
                    {"payment_data_exposure", FAMILY_PAYMENT},
                    {"pii_exposure", FAMILY_PII},
                    {"phi_exposure", FAMILY_PHI}};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (slice_is(slice_str(c->type), families[i].type)) return (int)families[i].family;
    return -1;
}

static const char *const places[] = {"body", "attribute", "resource attribute", "record"};

/* Addresses of networks: nearly every log holds them. */
static bool is_address(int detector)
{
    struct slice element = slice_str(sensitive_detectors[detector].element);
    return slice_is(element, "ip_address") || slice_is(element, "mac_address");
}

static void note(struct observation *o, struct finding *f, const struct found_field *field, int detector)
{
    int scope = field->scope >= 0 && field->scope < 4 ? field->scope : 0;
    finding_evidence(f, "compliance", "check", "Recognized",
                     observe_text(o, "%s in %s%s%.*s, %lld record%s", sensitive_detectors[detector].element, places[scope],
                                  field->path.len ? " " : "", (int)(field->path.len < 100 ? field->path.len : 100), field->path.ptr,
                                  (long long)field->records, field->records == 1 ? "" : "s"));
}

static void exposures(struct observation *o, const struct check *c, int family, struct observed_event *e)
{
    bool addresses = family == FAMILY_PII && observe_setting(o, c, "include_addresses") > 0;
    sqlite3_stmt *st = db_prepare(o->db, "SELECT scope, path, detector, records FROM event_exposures WHERE event = ?1 AND last_seen > ?2"
                                         " ORDER BY records DESC LIMIT 32");
    db_bind(st, "ii", e->row, o->last_seen - QUIET_HOURS * NS_PER_HOUR);
    while (db_step(o->db, st) == DB_ROW) {
        int detector = sensitive_find(db_text(st, 2));
        if (detector < 0 || (int)sensitive_detectors[detector].family != family || (is_address(detector) && !addresses)) continue;
        struct found_field field = {.event = e,
                                    .scope = sqlite3_column_int(st, 0),
                                    .path = observe_copy(o, db_text(st, 1)),
                                    .element = slice_str(sensitive_detectors[detector].name),
                                    .records = sqlite3_column_int64(st, 3)};
        field.share = e->shape.records > 0 ? (double)field.records / (double)e->shape.records : 0;
        struct finding *f = finding_of(o, c, SLICE(""));
        finding_event(f, e, 0, false);
        finding_field(f, &field);
        note(o, f, &field, detector);
    }
    sqlite3_reset(st);
}

/* Prose about patients has no names of fields: the words around tell. */
static void spoken_health(struct observation *o, const struct check *c, struct observed_event *e)
{
    const struct phrase_kind *kind = phrase_in(e->words, phrases_clinic) ? phrase_kind_in(e->words, phrases_health) : NULL;
    if (!kind || e->withheld) return;
    struct found_field field = {.event = e, .scope = FIELD_BODY, .path = SLICE(""), .element = slice_str(kind->kind), .spoken = true};
    struct finding *f = finding_of(o, c, SLICE(""));
    for (size_t i = 0; i < f->field_count; i++)
        if (f->fields[i].event == e && f->fields[i].scope == FIELD_BODY && slice_eq(f->fields[i].element, field.element)) return;
    field.records = e->week_events;
    field.share = 1;
    finding_event(f, e, 0, false);
    finding_field(f, &field);
    note(o, f, &field, sensitive_find(field.element));
}

void evaluate_exposures(struct observation *o, const struct check *c)
{
    int family = family_of(c);
    for (size_t i = 0; family >= 0 && i < o->count; i++) exposures(o, c, family, &o->events[i]);
    for (size_t i = 0; family == FAMILY_PHI && i < o->count; i++) spoken_health(o, c, &o->events[i]);
    for (struct finding *f = o->findings; f; f = f->next) {
        if (f->check != c) continue;
        f->records = 0;
        for (size_t i = 0; i < f->field_count; i++) f->records += f->fields[i].records;
    }
}
