#include "base/clock.h"
#include "screens/age.h"
#include "screens/format.h"
#include "screens/ingest.h"
#include "screens/otlp.h"
#include "screens/overview.h"

#include <math.h>
#include <stdio.h>

/* ---- choosing ---- */

static int row(struct ingest *g, int number, const char *mark, enum role role, const char *text, const char *right)
{
    sheet_span(g->sheet, SHEET_LABEL, number == g->cursor ? ROLE_KEY : ROLE_DIM, mark);
    sheet_span(g->sheet, SHEET_LABEL + 4, role, text);
    if (right) sheet_span(g->sheet, -1, ROLE_DIM, right);
    int line = sheet_end(g->sheet);
    if (number == g->cursor) sheet_select(g->sheet, line);
    return number == g->cursor ? line : -1;
}

static int source_row(struct ingest *g, size_t i)
{
    const struct source *s = &g->sources.list[i];
    char size[FORMAT_SIZE], right[FORMAT_SIZE + 4];
    format_bytes(size, (double)s->bytes);
    snprintf(right, sizeof right, "  %s", size);
    const char *mark = s->chosen ? "[x]" : "[ ]";
    if (!s->path)
        return row(g, ROW_SOURCES + (int)i, mark, ROLE_TEXT, "this machine's journal",
                   s->chosen || s->readable ? "  all of its units" : "  nothing in it that this user may read");
    return row(g, ROW_SOURCES + (int)i, mark, ROLE_TEXT, s->path, right);
}

static int start_row(struct ingest *g)
{
    char text[120], size[FORMAT_SIZE];
    int chosen = 0;
    double bytes = 0;
    bool journal = false;
    for (size_t i = 0; i < g->sources.count; i++) {
        const struct source *s = &g->sources.list[i];
        if (!s->chosen) continue;
        if (s->path) chosen++;
        else journal = true;
        bytes += (double)s->bytes;
    }
    format_bytes(size, bytes);
    snprintf(text, sizeof text, "Read %s%s%d file%s (%s)", journal ? "the journal" : "", journal ? " and " : "", chosen,
             chosen == 1 ? "" : "s", size);
    return row(g, ROW_START, glyph(GLYPH_ARROW), chosen || journal ? ROLE_GOOD : ROLE_DIM, text, "  Enter starts");
}

static int otlp_rows(struct ingest *g, int number)
{
    const struct screens_options *o = app_options(g->v.app);
    const char *address = otlp_address(o, overview_server(app_overview(g->v.app))), *line;
    sheet_blank(g->sheet);
    sheet_heading(g->sheet, "Or send OTLP over HTTP from an SDK or a collector");
    if (!address && !o->data_directory) {
        sheet_note(g->sheet, ROLE_DIM, "The address is with whoever runs this control plane.");
        return -1;
    }
    if (!address) sheet_note(g->sheet, ROLE_DIM, "Quit, run  tero-control-plane serve  and start the console again: it takes");
    if (!address) sheet_note(g->sheet, ROLE_DIM, "OTLP. Where the logs come from:");
    int at = row(g, number, glyph(GLYPH_ARROW), ROLE_INFO, otlp_environment(address, 0), "  Enter copies");
    for (int n = 1; (line = otlp_environment(address, n)); n++) {
        sheet_span(g->sheet, SHEET_LABEL + 4, ROLE_INFO, line);
        sheet_end(g->sheet);
    }
    return at;
}

static void pick(int *at, int line)
{
    if (line >= 0) *at = line;
}

static int build_choice(struct ingest *g)
{
    int at = 0, last = ROW_SOURCES + (int)g->sources.count;
    bool empty = overview_empty(app_overview(g->v.app));
    sheet_span(g->sheet, SHEET_LABEL, ROLE_TITLE, empty ? "The catalog is empty. What shall be read?" : "What shall be read?");
    sheet_span(g->sheet, -1, ROLE_DIM, "  Records are counted and dropped.");
    sheet_end(g->sheet);
    sheet_blank(g->sheet);
    if (!app_options(g->v.app)->data_directory) {
        sheet_note(g->sheet, ROLE_DIM, "Files are read where the control plane runs: tero-control-plane ingest FILE");
    } else {
        pick(&at, start_row(g));
        for (size_t i = 0; i < g->sources.count; i++) pick(&at, source_row(g, i));
        pick(&at, row(g, last, "+", ROLE_TEXT, "another file", "  asks for its path"));
    }
    pick(&at, otlp_rows(g, last + 1));
    return at;
}

/* ---- running and done ---- */

static double fraction_of(const struct ingest *g)
{
    double part = g->state == INGEST_DONE ? 1 : g->job.progress.fraction;
    return part;
}

static void number(struct ingest *g, const char *label, int64_t n, const char *unit)
{
    char text[40];
    count_text(text, sizeof text, (long)n);
    sheet_span(g->sheet, SHEET_LABEL, ROLE_DIM, label);
    sheet_span_right(g->sheet, SHEET_VALUE + 14, ROLE_TEXT, text);
    sheet_span(g->sheet, -1, ROLE_DIM, unit);
    sheet_end(g->sheet);
}

static void build_numbers(struct ingest *g)
{
    char bytes[FORMAT_SIZE], speed[FORMAT_SIZE], unit[80] = "";
    const struct job_progress *p = &g->job.progress;
    bool running = g->state == INGEST_RUNNING;
    int64_t records = g->sum.records + (running ? p->records : 0), size = g->sum.bytes + (running ? p->bytes : 0);
    double seconds = (double)((running ? clock_monotonic() : g->ended_at) - g->started_at) / NS_PER_SECOND;
    format_count(speed, seconds > 0.05 ? (double)records / seconds : 0);
    format_bytes(bytes, (double)size);
    if (seconds > 0.05) snprintf(unit, sizeof unit, "  %s a second", speed);
    number(g, "records", records, unit);
    sheet_span(g->sheet, SHEET_LABEL, ROLE_DIM, "bytes");
    sheet_span_right(g->sheet, SHEET_VALUE + 14, ROLE_TEXT, bytes);
    sheet_end(g->sheet);
    number(g, "log events", g->sum.patterns + (running ? p->patterns : 0), "");
    number(g, "rejected", g->sum.rejected + (running ? p->rejected : 0), "");
    snprintf(unit, sizeof unit, "%.1f s", seconds);
    sheet_span(g->sheet, SHEET_LABEL, ROLE_DIM, "time");
    sheet_span_right(g->sheet, SHEET_VALUE + 14, ROLE_TEXT, unit);
    sheet_end(g->sheet);
}

static void build_running(struct ingest *g, int width)
{
    double part = fraction_of(g);
    char percent[16];
    int wide = width - 16 > 60 ? 60 : width - 16;
    sheet_span(g->sheet, SHEET_LABEL, ROLE_TITLE,
               app_options(g->v.app)->demo ? "Making up a week of logs of an invented company"
               : g->step == STEP_JOURNAL   ? "Reading the journal"
                                           : "Reading files");
    sheet_end(g->sheet);
    sheet_blank(g->sheet);
    if (!isnan(part)) {
        snprintf(percent, sizeof percent, "%3.0f%%", part * 100);
        sheet_bar(g->sheet, SHEET_LABEL, wide, ROLE_CHART, part, 1);
        sheet_span(g->sheet, SHEET_LABEL + wide + 1, ROLE_TEXT, percent);
        sheet_end(g->sheet);
        sheet_blank(g->sheet);
    }
    build_numbers(g);
    sheet_blank(g->sheet);
    if (app_options(g->v.app)->demo && part >= 1) sheet_note(g->sheet, ROLE_DIM, "the checks look at it");
    sheet_note(g->sheet, ROLE_DIM, "x stops; the other tabs can be used meanwhile");
}

static void build_done(struct ingest *g)
{
    sheet_span(g->sheet, SHEET_LABEL, g->error ? ROLE_BAD : ROLE_GOOD,
               g->error     ? "Not everything was read"
               : g->stopped ? "Stopped"
                            : "Done");
    sheet_end(g->sheet);
    sheet_blank(g->sheet);
    if (g->error) {
        sheet_wrapped(g->sheet, "problem", ROLE_BAD, g->error, term_columns());
        sheet_blank(g->sheet);
    }
    build_numbers(g);
    sheet_blank(g->sheet);
    sheet_note(g->sheet, ROLE_TEXT,
               app_options(g->v.app)->demo ? "Enter shows the issues, q goes back"
                                           : "Enter shows the log events, q goes back, i reads more");
}

void ingest_paint(struct view *v, int y, int height)
{
    struct ingest *g = (struct ingest *)v;
    int at = 0;
    g->height = height;
    sheet_clear(g->sheet);
    sheet_select(g->sheet, -1);
    if (g->state == INGEST_CHOOSING) at = build_choice(g);
    else if (g->state == INGEST_RUNNING) build_running(g, term_columns());
    else build_done(g);
    sheet_show(g->sheet, at);
    if (at <= 3) sheet_go(g->sheet, false);
    sheet_paint(g->sheet, y, height);
}
