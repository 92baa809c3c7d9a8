/* What a policy did to a record, field by field, as one block of bytes without pointers. Private to the module.
 *
 * A block is a struct tap_record, its fields, then their texts; a tap_text says where in the block. Paths are segments with a
 * NUL after each: "body", "severity_text", "attributes" key ..., "resource" key ..., "scope" key ... */
#ifndef CONTROL_PLANE_TAP_ROWS_H
#define CONTROL_PLANE_TAP_ROWS_H

#include "control-plane/tap/tap.h"
#include "control-plane/tap/tree.h"

enum { ROWS_MOST = 256, ROW_TEXT_MOST = 4096 };

/* How values are shown. */
struct rows_mask {
    bool reveal;
    const struct words *words;
    const struct slice *literals; /* texts of the policy: shown as they are */
    size_t literal_count;
    const struct policy_set *set; /* whose selectors name keys that are shown as they are */
};

/* Into `vault`; size, counts, texts and flags of the block are set here. NULL: the vault is full. after NULL: dropped. */
struct tap_record *rows_make(struct vault *vault, const struct tap_record *head, struct slice service, struct slice decided_by,
                             struct tree *before, struct tree *after, const struct rows_mask *mask);

#endif
