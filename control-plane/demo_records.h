/* Records of the invented company, one form after the other, each with its times over the seven days before `now_ns`. The same
 * seed gives the same records; only the times move with `now_ns`. */
#ifndef CONTROL_PLANE_DEMO_RECORDS_H
#define CONTROL_PLANE_DEMO_RECORDS_H

#include "base/buf.h"
#include "control-plane/catalog/record.h"
#include "control-plane/demo_estate.h"

enum { DEMO_FIELDS = 8 };

struct demo_records {
    int64_t now_ns;
    uint64_t state;
    size_t form, done; /* which form, and how many of its records were given */
    uint64_t id, pick; /* of the current record */
    struct buf text;
    struct field fields[DEMO_FIELDS];
};

void demo_records_init(struct demo_records *d, uint64_t seed, int64_t now_ns);
void demo_records_free(struct demo_records *d);
/* The slices are valid until the next call. False: that was the last one. */
bool demo_records_next(struct demo_records *d, struct log_record *r);
/* Of all forms. */
uint64_t demo_records_total(void);

#endif
