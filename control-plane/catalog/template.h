/* A text's template: its tokens with the values folded, and the hash that decides which texts are the same event.
 *
 * What the context makes a value: what follows "password:", "Bearer" and the like; a person's name after "user";
 * months and zones beside numbers; units after numbers. Then neighbours fold: "V V", "V, V", "V (V)", "[]" become one
 * value, so that lists, date formats and optional parts do not split an event. Spacing does not count. */
#ifndef CONTROL_PLANE_TEMPLATE_H
#define CONTROL_PLANE_TEMPLATE_H

#include "base/buf.h"
#include "base/hash.h"
#include "control-plane/catalog/record.h"
#include "control-plane/catalog/scan.h"

struct template
{
    size_t n;
    struct token token[SCAN_TOKENS];
    uint64_t hash;
    enum severity level; /* named by one of the first words */
};

/* The tokens borrow from `text`. Only the first line of a text of several counts, or the last of a traceback. */
void template_of(struct template *t, struct slice text);
/* From tokens that were put together by the caller: folds and hashes. */
void template_fold(struct template *t);
void template_rehash(struct template *t);
/* The share of one token in the hash (a sum over the positions). */
static inline uint64_t template_term(uint64_t hash, size_t position)
{
    return hash_mix(hash ^ UINT64_C(0x2545F4914F6CDD1D), (position + 1) * UINT64_C(0x9E3779B97F4A7C15));
}

/* The text that content ids are made of: the same for every spelling that hashes alike. */
void template_canonical(const struct template *t, struct buf *out);
#endif
