/* bench DATA_DIRECTORY EVENTS: the console's Events list beside the floor and other programs, in one run, on one
 * terminal size each. Memory is read after the list was scrolled from its first row to its last. Prints `name, unit, ours, floor or peer,
 * ratio`; asserts nothing. bytes: median a key, exact. CPU: schedstat of the process over the keys. start: exec to the first real row. */
#include "base/clock.h"
#include "base/die.h"
#include "tests/pty/lib/vt.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SAMPLES = 60, DEADLINE = 20000 };

struct figures {
    double start_ms, move_bytes, scroll_bytes, page_bytes, scroll_cpu_us, move_cpu_us, page_cpu_us, flood_bytes, rss_mb, idle_bytes,
        idle_wakeups, quit_ms;
};

struct subject {
    const char *name;
    const char *argv[8];
    const char *open; /* keys sent once it runs, before the first row is looked for */
    const char *row;  /* text of a real row */
    const char *down, *page, *quit;
    long pages; /* to the end of its list and more; 0: it is not scrolled to its end before its memory is read */
};

static char build[PATH_MAX], environment_text[8][PATH_MAX + 64];
static const char *environment[12];

static double median(double *values, int n)
{
    for (int i = 1; i < n; i++)
        for (int j = i; j > 0 && values[j] < values[j - 1]; j--) {
            double swap = values[j];
            values[j] = values[j - 1];
            values[j - 1] = swap;
        }
    return n ? values[n / 2] : 0;
}

static double proc_number(pid_t pid, const char *file, const char *field)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
    FILE *in = fopen(path, "r");
    double value = 0;
    while (in && fgets(line, sizeof line, in))
        if (!field || !strncmp(line, field, strlen(field))) {
            value = strtod(line + (field ? strlen(field) : 0), NULL);
            break;
        }
    if (in) fclose(in);
    return value;
}

static double cpu_us(struct vt *vt) { return proc_number(vt_pid(vt), "schedstat", NULL) / 1000; }

static struct vt *launch(const struct subject *s, int rows, int columns)
{
    struct vt_options o = {.rows = rows, .columns = columns, .argv = s->argv, .env = environment, .no_idle = true};
    return vt_start(&o);
}

/* Exec to the first row: three runs, the median. */
static double time_start(const struct subject *s, int rows, int columns)
{
    double runs[5];
    for (int i = 0; i < 5; i++) {
        int64_t from = clock_monotonic();
        struct vt *vt = launch(s, rows, columns);
        if (s->open) vt_send(vt, s->open, strlen(s->open));
        while (!vt_contains(vt, s->row) && clock_monotonic() - from < DEADLINE * INT64_C(1000000)) vt_listen(vt, 0);
        runs[i] = (double)(clock_monotonic() - from) / 1e6;
        vt_settle(vt, DEADLINE);
        vt_send(vt, s->quit, strlen(s->quit));
        vt_end(vt, 3000);
        vt_free(vt);
    }
    return median(runs, 5);
}

static double measure_keys(struct vt *vt, const char *key, int count, double *cpu)
{
    double bytes[SAMPLES], before = cpu_us(vt);
    for (int i = 0; i < count; i++) {
        vt_send(vt, key, strlen(key));
        for (int silent = 0; silent < 3;) silent = vt_listen(vt, 5) ? 0 : silent + 1;
        bytes[i] = (double)vt_bytes(vt);
    }
    *cpu = (cpu_us(vt) - before) / count;
    return median(bytes, count);
}

static void flood(struct vt *vt, const struct subject *s, struct figures *f)
{
    char keys[4096] = "";
    for (int i = 0; i < 200 && strlen(keys) + 8 < sizeof keys; i++) strcat(keys, s->down);
    vt_send(vt, keys, strlen(keys));
    vt_settle(vt, DEADLINE);
    f->flood_bytes = (double)vt_bytes(vt);
}

/* Every page is asked for: bursts, each waited for, since the keys of one are drawn together. */
static void scroll_to_end(struct vt *vt, const struct subject *s, int rows)
{
    enum { BURST = 8 };
    char keys[BURST * 8] = "";
    for (int i = 0; i < BURST; i++) strcat(keys, s->page);
    for (long done = 0, pages = s->pages * 24 / rows; done < pages; done += BURST) {
        vt_send(vt, keys, strlen(keys));
        while (vt_listen(vt, 2)) continue;
    }
    vt_settle(vt, DEADLINE);
}

static struct figures measure(const struct subject *s, int rows, int columns)
{
    struct figures f = {.start_ms = time_start(s, rows, columns)};
    struct vt *vt = launch(s, rows, columns);
    vt_settle(vt, DEADLINE);
    if (s->open) vt_send(vt, s->open, strlen(s->open));
    vt_settle(vt, DEADLINE);
    f.move_bytes = measure_keys(vt, s->down, rows / 2, &f.move_cpu_us);
    double ignored;
    measure_keys(vt, s->down, rows / 2 + 2, &ignored);
    f.scroll_bytes = measure_keys(vt, s->down, SAMPLES, &f.scroll_cpu_us);
    f.page_bytes = measure_keys(vt, s->page, 20, &f.page_cpu_us);
    flood(vt, s, &f);
    if (s->pages) scroll_to_end(vt, s, rows);
    f.rss_mb = proc_number(vt_pid(vt), "status", "VmRSS:") / 1024;
    double wakeups = proc_number(vt_pid(vt), "status", "voluntary_ctxt_switches:");
    f.idle_bytes = (double)vt_listen(vt, 3000);
    f.idle_wakeups = proc_number(vt_pid(vt), "status", "voluntary_ctxt_switches:") - wakeups;
    int64_t from = clock_monotonic();
    vt_send(vt, s->quit, strlen(s->quit));
    vt_end(vt, 3000);
    f.quit_ms = (double)(clock_monotonic() - from) / 1e6;
    vt_free(vt);
    return f;
}

static void line(const char *size, const char *name, const char *unit, double ours, const char *other, double floor)
{
    char ratio[32] = "-";
    if (floor > 0) snprintf(ratio, sizeof ratio, "%.2fx", ours / floor);
    printf("%-28s %-6s %10.1f  %s %.1f  %s\n", name, unit, ours, other, floor, ratio);
    (void)size;
}

static void table(int rows, int columns, const struct subject *ours, const struct subject *floor)
{
    char size[16];
    snprintf(size, sizeof size, "%dx%d", columns, rows);
    struct figures b = measure(floor, rows, columns), a = measure(ours, rows, columns);
    printf("# %s, %s beside %s\n", size, ours->name, floor->name);
    line(size, "start to first row", "ms", a.start_ms, "floor", b.start_ms);
    line(size, "bytes a move", "B", a.move_bytes, "floor", b.move_bytes);
    line(size, "bytes a scroll", "B", a.scroll_bytes, "floor", b.scroll_bytes);
    line(size, "bytes a page", "B", a.page_bytes, "floor", b.page_bytes);
    line(size, "CPU a move", "us", a.move_cpu_us, "floor", b.move_cpu_us);
    line(size, "CPU a scroll", "us", a.scroll_cpu_us, "floor", b.scroll_cpu_us);
    line(size, "CPU a page", "us", a.page_cpu_us, "floor", b.page_cpu_us);
    line(size, "200 keys in one write", "B", a.flood_bytes, "floor", b.flood_bytes);
    line(size, ours->pages ? "resident memory, at its end" : "resident memory", "MB", a.rss_mb, "floor", b.rss_mb);
    line(size, "bytes in 3 s idle", "B", a.idle_bytes, "floor", b.idle_bytes);
    line(size, "wake-ups in 3 s idle", "", a.idle_wakeups, "floor", b.idle_wakeups);
    line(size, "quit", "ms", a.quit_ms, "floor", b.quit_ms);
    fflush(stdout);
}

static void set_environment(const char *data)
{
    const char *const formats[] = {"TERO_DATA=%s", "HOME=%s/home", "XDG_STATE_HOME=%s/state", "XDG_CONFIG_HOME=%s/config"};
    size_t n = 0;
    for (; n < 4; n++) snprintf(environment_text[n], sizeof environment_text[n], formats[n], data);
    snprintf(environment_text[4], sizeof environment_text[4], "PATH=%s", getenv("PATH"));
    for (n = 0; n < 5; n++) environment[n] = environment_text[n];
    environment[n++] = "TERM=xterm-256color";
    environment[n++] = "LANG=C.UTF-8";
    environment[n++] = "TZ=UTC";
    environment[n] = NULL;
}

static bool installed(const char *path) { return access(path, X_OK) == 0; }

int main(int argc, char **argv)
{
    if (argc < 3) die("usage: bench DATA_DIRECTORY EVENTS");
    const char *from = getenv("BUILD");
    if (!realpath(from ? from : "build", build)) die("no build folder");
    set_environment(argv[1]);
    static char console[PATH_MAX + 32], floor[PATH_MAX + 40];
    snprintf(console, sizeof console, "%s/tero-console", build);
    snprintf(floor, sizeof floor, "%s/tests/bench/floor/table", build);
    struct subject ours = {"tero-console", {console, NULL}, "5", " 1 of ", "j", "\033[6~", "Q", atol(argv[2]) / 20 + 100};
    struct subject least = {"floor (ncurses, colour)", {floor, "color", NULL}, NULL, "request 000001", "j", "\006", "q", 0};
    table(24, 80, &ours, &least);
    table(60, 200, &ours, &least);
    static char text[PATH_MAX + 16];
    snprintf(text, sizeof text, "%s/big.log", argv[1]);
    struct subject peers[] = {
        {"less", {"/usr/bin/less", text, NULL}, NULL, "line 000003", "j", " ", "q", 0},
        {"htop", {"/usr/bin/htop", "-d", "100", NULL}, NULL, "PID", "\033OB", "\033[6~", "q", 0},
        {"lnav", {"/usr/bin/lnav", "-q", text, NULL}, NULL, "line 000003", "j", " ", "q", 0},
        {"tig", {"/usr/bin/tig", NULL}, NULL, "20", "j", " ", "Q", 0},
    };
    for (size_t i = 0; i < sizeof peers / sizeof *peers; i++)
        if (installed(peers[i].argv[0])) table(24, 80, &ours, &peers[i]);
    return 0;
}
