/* The row of event_shapes while it changes. Inside the store; columns as in field_rows.h. */
#ifndef CONTROL_PLANE_STORE_FIELD_SHAPE_H
#define CONTROL_PLANE_STORE_FIELD_SHAPE_H

#include "control-plane/catalog/catalog.h"
#include "control-plane/store/store.h"

enum { SHAPE_SUMS = 13 };

struct shape_row {
    bool found;
    int64_t sums[SHAPE_SUMS]; /* records ... health_ok, without maxima, percentiles and bits */
    int64_t body_max, bots_seen, peak_minute, hour;
    bool placeholder;
    uint64_t sizes[SIZE_BUCKETS], minutes[MINUTES], minute_counts[SIZE_BUCKETS]; /* minutes: of `hour`; the others: of those before */
};

bool shape_load(struct db *db, int64_t event, struct shape_row *s);
bool shape_save(struct db *db, int64_t account, int64_t event, const struct shape_row *s);
void shape_add_profile(struct shape_row *s, const struct profile_delta *p);
void shape_add_minutes(struct shape_row *s, int64_t hour, const uint32_t minutes[MINUTES]);
void shape_add(struct shape_row *to, const struct shape_row *from);
/* Records that had more fields than are kept. */
void shape_add_dropped(struct shape_row *s, int64_t records);

#endif
