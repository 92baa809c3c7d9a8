/* What the two files of the ingest screen share. */
#ifndef SCREENS_INGEST_H
#define SCREENS_INGEST_H

#include "screens/job.h"
#include "screens/sheet.h"
#include "screens/sources.h"
#include "screens/text.h"
#include "screens/views.h"

enum ingest_state { INGEST_CHOOSING, INGEST_RUNNING, INGEST_DONE };
enum { STEP_FILES, STEP_JOURNAL, STEPS };
/* Rows of the cursor: start, the sources, another file, OTLP. */
enum { ROW_START, ROW_SOURCES };

struct ingest {
    struct view v;
    enum ingest_state state;
    struct sources sources;
    int cursor, height;
    struct job job;
    int step;
    struct job_progress sum; /* of the steps that have ended */
    bool stopped;
    char *error; /* NULL: all is well */
    int64_t started_at, ended_at;
    struct sheet *sheet;
};

void ingest_paint(struct view *v, int y, int height);

#endif
