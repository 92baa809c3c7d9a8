/* What policies say, as lines for the panel and the policy's screen. */
#ifndef SCREENS_POLICY_FACTS_H
#define SCREENS_POLICY_FACTS_H

#include "base/arena.h"
#include "base/buf.h"
#include "screens/sheet.h"

#include <jansson.h>
#include <stdint.h>

/* "1.2M to 1.4M records · 3.1 GB · $31.4K a year", from least to most where they differ, of a PolicyPreview. */
void policy_effect_text(struct buf *out, const json_t *preview);
/* "3 log events for certain, 1 possibly" */
void policy_matches_text(struct buf *out, const json_t *preview);
/* "keep: all -> none" of a PolicyChange; xmalloc'd. */
char *policy_change_text(struct arena *a, const json_t *change);

/* ---- sections of the policy's screen ---- */
struct detail;
struct policy_sheet {
    struct detail *detail;
    struct sheet *sheet;
    struct arena *texts;
    const json_t *data;    /* of GetPolicy; NULL: none yet */
    const json_t *preview; /* PolicyPreview; NULL: none yet */
    const char *preview_problem;
    int width;
    int64_t now_ns;
    bool (*offers)(void *context, const char *type, const char *field);
    void *offers_context;
};
void policy_section_overview(const struct policy_sheet *p);
void policy_section_spec(const struct policy_sheet *p);
void policy_section_preview(const struct policy_sheet *p);
void policy_section_versions(const struct policy_sheet *p);
void policy_section_edges(const struct policy_sheet *p);
void policy_section_audit(const struct policy_sheet *p);

#endif
