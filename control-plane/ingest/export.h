/* Records as the bytes of one ExportLogsServiceRequest, and the counts that go with it.
 *
 * export_init -> export_add ... until export_full -> export_bytes, deliver -> export_clear. One ResourceLogs for each
 * run of records of the same service; fields are attributes under their whole path. Each delivery waits for a commit to
 * the disk, so a full one is large: some 32,000 short lines; a source that rests delivers what it has. */
#ifndef CONTROL_PLANE_EXPORT_H
#define CONTROL_PLANE_EXPORT_H

#include "base/buf.h"
#include "control-plane/catalog/record.h"

enum { EXPORT_RECORDS = 32000, EXPORT_BYTES = 4 * 1024 * 1024, EXPORT_SERVICE = 256 };

struct export
{
    struct buf out;
    size_t records;
    size_t resource_mark, scope_mark;
    bool open;
    char service[EXPORT_SERVICE];
};

void export_init(struct export *e);
void export_free(struct export *e);
void export_add(struct export *e, const struct log_record *r);
bool export_full(const struct export *e);
/* Valid until the next call. */
struct slice export_bytes(struct export *e);
void export_clear(struct export *e);

#endif
