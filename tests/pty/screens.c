/* screens SCRIPT...: plays screen scripts against the real console and prints TAP.
 *
 * A script is lines of commands; '#' starts a comment. Each script gets an empty data directory and home.
 *   variants 80x24 200x60 x utf8 ascii
 *                                 first in the script: all of it is played once for each size and each set of characters, with the
 *                                 wall clock at a fixed moment
 *   on 200x60 COMMAND / on ascii COMMAND   in those variants only
 *   picture NAME                  the whole screen is that of golden/NAME.SIZE.CHARACTERS beside the script; with TERO_GOLDEN=write
 *                                 the picture is taken instead (`make golden`)
 *   capture NAME                  writes the screen to the file NAME in the folder $TERO_CAPTURES, where that is set
 *   size 80x24                    before start; default 80x24
 *   env NAME=VALUE                before start; defaults: TERM=xterm-256color LANG=C.UTF-8 TZ=UTC
 *   ingest SERVICE FILE           `tero-control-plane ingest --service SERVICE FILE` into the data directory; records without a time
 *                                 are of this moment
 *   file NAME has|lacks TEXT      what stands in the file below the home of the script; `file NAME absent`: no file begins so
 *   file-size-limit BYTES         no file of the console becomes larger: a full disk
 *   post PATH FILE                the file as JSON to the control plane of the data directory, after start
 *   copy FILE NAME                the file to NAME below the home of the script (config/ is $XDG_CONFIG_HOME), put there whole
 *   helper SCRIPT WORDS...        runs a Python program beside the console (tests/screens/gate.py) and waits until it is ready
 *   tell WORDS                    tells it something and waits until it is done
 *   shell COMMAND                 with the environment of the script; must end well
 *   start ARGUMENTS...            runs tero-console and waits until it is idle
 *   keys j j <Enter> /deb<Esc>    words are sent as they stand, one write each; <Name> is a key (<Space> for a blank);
 *                                 waits until idle after each word
 *   burst jjjjjj                  the same in one write
 *   resize 200x60
 *   wait TEXT                     until the screen holds TEXT
 *   until KEY TEXT                presses the key again and again until the screen holds TEXT
 *   has TEXT / lacks TEXT         the screen as it is
 *   row N PATTERN                 row N (1 is the top, -1 the bottom); {*} matches any text
 *   screen ... end                the whole screen, a line a row after '|'; {*} as above; `~` alone skips to the next
 *                                 line that matches
 *   bytes-at-most N               since the last keys, burst or resize
 *   silent MS                     no byte comes
 *   no-colour                     no colour sequence since the start
 *   reverse N / plain N           the first cell of row N is reversed or not
 *   signal NAME                   TERM, HUP, CONT, STOP ...
 *   repeat N ... done             the lines between, N times; not nested
 *   clock / took WHAT             prints how long it took since, and how many keys, as a comment; nothing is asserted
 *   exits CODE                    the program ends by itself with this status and the terminal is restored
 * Whatever the script, every frame is looked at (tests/pty/lib/frame.h): what reaches the terminal, top and bottom line, columns.
 * A failing command prints its place and the screen; the rest of the script is not played. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/die.h"
#include "tests/pty/lib/frame.h"
#include "tests/pty/lib/golden.h"
#include "tests/pty/lib/keys.h"
#include "tests/pty/lib/helper.h"
#include "tests/pty/lib/post.h"
#include "tests/pty/lib/vt.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEADLINE = 15000, WORDS = 48 };

/* Variants are played at this moment (2036-05-05 10:12:05 UTC); a time to come, since a timer for an hour that is over already
 * would go off without end. */
static const int64_t fixed_moment = INT64_C(2093595125) * NS_PER_SECOND;

struct play {
    const char *file;
    int line, number;
    bool failed;
    int rows, columns;
    char directory[PATH_MAX], build[PATH_MAX];
    char *env[64];
    size_t env_count;
    struct vt *vt;
    struct helper helper;
    long loop;             /* where the repeated lines begin in the file */
    int loop_line, rounds; /* rounds: still to come */
    int64_t clock;         /* monotonic, of `clock` */
    size_t keys;           /* words sent since */
    const char *variant;   /* "80x24.utf8"; NULL: the script has none */
    struct stream stream;
    struct frame_rules rules;
    int frames;
};

static void diagnose(const struct play *p)
{
    if (!p->vt) return;
    for (int y = 0; y < vt_rows(p->vt); y++) printf("# |%s\n", vt_row(p->vt, y));
}

static void report(struct play *p, bool good, const char *what, const char *detail)
{
    printf("%sok %d - %s:%d%s%s %s%s%s\n", good ? "" : "not ", ++p->number, p->file, p->line, p->variant ? " " : "",
           p->variant ? p->variant : "", what, *detail ? " " : "", detail);
    if (good) return;
    p->failed = true;
    diagnose(p);
}

/* On a busy machine the end of a frame may still be on its way; asked again for so long, 20 ms each time. */
enum { PATIENCE = 100, PATIENCE_MS = 20 };

static bool again(struct play *p, int *round)
{
    if (*round == PATIENCE || !p->vt || vt_ended(p->vt)) return false;
    vt_listen(p->vt, PATIENCE_MS);
    return ++*round;
}

/* After everything that leaves a frame standing. */
static void inspect(struct play *p)
{
    if (p->failed || !p->vt || vt_ended(p->vt)) return;
    int round = PATIENCE - 5;
    const char *wrong = frame_problem(p->vt, &p->rules), *sent;
    while (wrong && again(p, &round)) wrong = frame_problem(p->vt, &p->rules);
    if ((sent = stream_problem(&p->stream, p->vt, &p->rules))) wrong = sent;
    p->frames++;
    if (wrong) report(p, false, "frame:", wrong);
}

static void set_env(struct play *p, const char *assignment)
{
    size_t name = strcspn(assignment, "=") + 1;
    for (size_t i = 0; i < p->env_count; i++)
        if (!strncmp(p->env[i], assignment, name)) {
            free(p->env[i]);
            p->env[i] = xstrdup(assignment);
            return;
        }
    if (p->env_count < 62) p->env[p->env_count++] = xstrdup(assignment);
    p->env[p->env_count] = NULL;
}

static size_t split(char *text, char *words[WORDS])
{
    size_t n = 0;
    for (char *save, *w = strtok_r(text, " \t", &save); w && n < WORDS - 1; w = strtok_r(NULL, " \t", &save)) words[n++] = w;
    words[n] = NULL;
    return n;
}

/* {*} in the pattern stands for any run of characters. */
static bool matches(const char *pattern, const char *text)
{
    const char *star = strstr(pattern, "{*}");
    if (!star) return !strcmp(pattern, text);
    size_t head = (size_t)(star - pattern);
    if (strncmp(pattern, text, head) != 0) return false;
    for (const char *at = text + head;; at++) {
        if (matches(star + 3, at)) return true;
        if (!*at) return false;
    }
}

static void send_word(struct play *p, const char *word)
{
    struct buf bytes;
    buf_init(&bytes, 65536);
    if (!key_bytes(&bytes, word)) {
        report(p, false, "unknown key in", word);
    } else {
        vt_send(p->vt, bytes.data, bytes.len);
        if (!vt_settle(p->vt, DEADLINE) && !vt_ended(p->vt)) report(p, false, "not idle after", word);
        inspect(p);
    }
    buf_free(&bytes);
}

static int run(struct play *p, const char *const argv[])
{
    pid_t pid;
    int status = 0;
    if (posix_spawn(&pid, argv[0], NULL, NULL, (char *const *)argv, p->env) != 0) return -1;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void do_ingest(struct play *p, char *rest)
{
    char *words[WORDS], program[PATH_MAX + 32], data[PATH_MAX + 32], copy[PATH_MAX + 32];
    if (split(rest, words) != 2) {
        report(p, false, "usage: ingest SERVICE FILE", "");
        return;
    }
    snprintf(program, sizeof program, "%s/tero-control-plane", p->build);
    snprintf(data, sizeof data, "%s/data", p->directory);
    snprintf(copy, sizeof copy, "%s/input.log", p->directory);
    fflush(stdout);
    int status = run(p, (const char *[]){"/bin/cp", words[1], copy, NULL});
    const struct timespec moment = {.tv_sec = fixed_moment / NS_PER_SECOND};
    if (status == 0 && p->variant) status = utimensat(AT_FDCWD, copy, (struct timespec[2]){moment, moment}, 0);
    const char *argv[] = {program, "ingest", "--data", data, "--service", words[0], copy, NULL};
    if (status == 0) status = run(p, argv);
    if (status != 0) report(p, false, "ingest failed", words[1]);
}

static void do_copy(struct play *p, char *rest)
{
    char *words[WORDS], path[PATH_MAX + 4096], part[PATH_MAX + 4104];
    if (split(rest, words) != 2) {
        report(p, false, "usage: copy FILE NAME", "");
        return;
    }
    snprintf(path, sizeof path, "%s/%.4000s", p->directory, words[1]);
    snprintf(part, sizeof part, "%s.part", path);
    fflush(stdout);
    int status = run(p, (const char *[]){"/usr/bin/install", "-D", "-m", "600", words[0], part, NULL});
    if (status != 0 || rename(part, path) != 0) report(p, false, "copy failed", words[0]);
}

static void do_helper(struct play *p, char *rest)
{
    char *words[WORDS + 1] = {(char *)(uintptr_t) "python3"}, build[PATH_MAX + 8];
    split(rest, words + 1);
    snprintf(build, sizeof build, "BUILD=%s", p->build);
    set_env(p, build);
    fflush(stdout);
    if (!helper_start(&p->helper, words, p->env)) report(p, false, "helper does not start:", rest);
}

static void do_shell(struct play *p, const char *rest)
{
    fflush(stdout);
    report(p, run(p, (const char *[]){"/bin/sh", "-c", rest, NULL}) == 0, "ends well:", rest);
}

/* Files of the folder whose name begins so. */
static int count_files(const char *path)
{
    char pattern[PATH_MAX + 4104];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s*", path);
    int n = glob(pattern, 0, NULL, &found) == 0 ? (int)found.gl_pathc : 0;
    globfree(&found);
    return n;
}

static void read_whole(const char *path, struct buf *text)
{
    char piece[4096];
    size_t n;
    FILE *in = fopen(path, "re");
    while (in && (n = fread(piece, 1, sizeof piece, in)) > 0) buf_add(text, piece, n);
    if (in) fclose(in);
}

static void do_file(struct play *p, char *rest)
{
    char path[PATH_MAX + 4096];
    char *word = rest + strcspn(rest, " ");
    if (*word) *word++ = '\0';
    char *wanted = word + strcspn(word, " ");
    if (*wanted) *wanted++ = '\0';
    snprintf(path, sizeof path, "%s/%.4000s", p->directory, rest);
    if (!strcmp(word, "absent")) {
        report(p, count_files(path) == 0, "is absent:", rest);
        return;
    }
    struct buf text;
    buf_init(&text, 1 << 22);
    read_whole(path, &text);
    bool there = text.data && strstr(text.data, wanted);
    report(p, text.len && there == !strcmp(word, "has"), word, wanted);
    if (p->failed) printf("# %s: %zu bytes\n", path, text.len);
    buf_free(&text);
}

static void do_size_limit(struct play *p, const char *bytes)
{
    struct rlimit limit = {(rlim_t)atol(bytes), RLIM_INFINITY};
    report(p, prlimit(vt_pid(p->vt), RLIMIT_FSIZE, &limit, NULL) == 0, "limits files to", bytes);
}

static void do_post(struct play *p, char *rest)
{
    char *words[WORDS], path[PATH_MAX + 64];
    if (split(rest, words) != 2) {
        report(p, false, "usage: post PATH FILE", "");
        return;
    }
    snprintf(path, sizeof path, "%s/data/control-plane.sock", p->directory);
    report(p, post_file(path, words[0], words[1]) == 200, "posts", words[1]);
}

static bool is_env(const struct play *p, const char *assignment)
{
    for (size_t i = 0; i < p->env_count; i++)
        if (!strcmp(p->env[i], assignment)) return true;
    return false;
}

static bool has_word(char *const words[], const char *word)
{
    for (size_t i = 0; words[i]; i++)
        if (!strcmp(words[i], word)) return true;
    return false;
}

static void do_start(struct play *p, char *rest)
{
    char *words[WORDS], program[PATH_MAX + 32];
    snprintf(program, sizeof program, "%s/tero-console", p->build);
    const char *argv[WORDS + 2] = {program};
    size_t n = split(rest, words);
    for (size_t i = 0; i <= n; i++) argv[i + 1] = words[i];
    struct vt_options o = {.rows = p->rows, .columns = p->columns, .argv = argv, .env = (const char *const *)p->env};
    if (p->vt) vt_free(p->vt);
    p->vt = vt_start(&o);
    p->stream = (struct stream){0};
    p->rules = (struct frame_rules){
        .ascii = has_word(words, "--ascii") || is_env(p, "LANG=C") || is_env(p, "LC_ALL=C"),
        .mono = has_word(words, "--no-color") || is_env(p, "NO_COLOR=1"),
        .plain = has_word(words, "--plain"),
    };
    report(p, vt_settle(p->vt, DEADLINE), "starts and becomes idle", "");
    inspect(p);
}

static void do_keys(struct play *p, char *rest)
{
    char *words[WORDS];
    size_t n = split(rest, words);
    for (size_t i = 0; i < n && !p->failed; i++) send_word(p, words[i]);
    p->keys += n;
}

static void do_clock(struct play *p)
{
    p->clock = clock_monotonic();
    p->keys = 0;
}

static void do_took(const struct play *p, const char *what)
{
    double seconds = (double)(clock_monotonic() - p->clock) / (double)NS_PER_SECOND;
    printf("# %s: %.2f s, %zu words of keys\n", what, seconds, p->keys);
}

static void do_repeat(struct play *p, FILE *in, const char *rest)
{
    p->loop = ftell(in);
    p->loop_line = p->line;
    p->rounds = atoi(rest) - 1;
    if (p->loop < 0 || p->rounds < 0) report(p, false, "usage: repeat N", rest);
}

static void do_done(struct play *p, FILE *in)
{
    if (p->rounds <= 0) return;
    p->rounds--;
    p->line = p->loop_line;
    if (fseek(in, p->loop, SEEK_SET) != 0) report(p, false, "repeat", "the script cannot be read again");
}

static void do_wait(struct play *p, const char *text)
{
    bool seen = vt_contains(p->vt, text);
    for (int i = 0; i < 200 && !seen; i++) {
        if (!vt_wait_more(p->vt, DEADLINE)) break;
        inspect(p);
        seen = vt_contains(p->vt, text);
    }
    report(p, seen, "waits for", text);
}

static void do_until(struct play *p, char *rest)
{
    char *text = rest + strcspn(rest, " ");
    if (*text) *text++ = '\0';
    bool seen = vt_contains(p->vt, text);
    for (int i = 0; i < DEADLINE / 100 && !seen && !p->failed; i++) {
        vt_listen(p->vt, 100);
        send_word(p, rest);
        seen = vt_contains(p->vt, text);
    }
    report(p, seen, "comes to have", text);
}

static void do_has(struct play *p, const char *text, bool wanted)
{
    int round = 0;
    while (vt_contains(p->vt, text) != wanted && again(p, &round)) continue;
    report(p, vt_contains(p->vt, text) == wanted, wanted ? "has" : "lacks", text);
}

static int row_index(const struct play *p, const char *text, char **after)
{
    long n = strtol(text, after, 10);
    while (**after == ' ') (*after)++;
    return (int)(n > 0 ? n - 1 : vt_rows(p->vt) + n);
}

static void do_row(struct play *p, char *rest)
{
    char *pattern;
    int y = row_index(p, rest, &pattern), round = 0;
    while (!matches(pattern, vt_row(p->vt, y)) && again(p, &round)) continue;
    report(p, matches(pattern, vt_row(p->vt, y)), "row is", pattern);
}

static void do_reverse(struct play *p, char *rest, bool wanted)
{
    char *after;
    int y = row_index(p, rest, &after);
    report(p, vt_attribute(p->vt, y, 0, 'r') == wanted, wanted ? "row is reversed:" : "row is not reversed:", vt_row(p->vt, y));
}

static void do_exits(struct play *p, const char *rest)
{
    int status = vt_end(p->vt, DEADLINE);
    char detail[64];
    snprintf(detail, sizeof detail, "status %d, wanted %s", status, rest);
    report(p, status == atoi(rest), "exits with", detail);
    report(p, !vt_alternate(p->vt) && vt_modes_restored(p->vt), "terminal is restored", "");
}

static void do_signal(struct play *p, const char *name)
{
    static const struct {
        const char *name;
        int number;
    } known[] = {{"TERM", SIGTERM}, {"HUP", SIGHUP},   {"INT", SIGINT},    {"CONT", SIGCONT},
                 {"STOP", SIGSTOP}, {"TSTP", SIGTSTP}, {"WINCH", SIGWINCH}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(known[i].name, name)) vt_signal(p->vt, known[i].number);
}

static void do_picture(struct play *p, const char *name)
{
    char path[PATH_MAX];
    const char *why = "", *write = getenv("TERO_GOLDEN"), *slash = strrchr(p->file, '/');
    struct buf picture;
    snprintf(path, sizeof path, "%.*sgolden/%s.%s", slash ? (int)(slash - p->file + 1) : 0, p->file, name, p->variant ? p->variant : "");
    buf_init(&picture, 1 << 20);
    bool take = write && !strcmp(write, "write"), good;
    int round = take ? PATIENCE - 5 : 0;
    do {
        buf_clear(&picture);
        golden_take(p->vt, p->directory, &picture);
        good = !take && golden_same(path, &picture, &why);
    } while (!good && again(p, &round));
    if (take) good = golden_write(path, &picture);
    report(p, good, "is the picture", good ? name : why);
    buf_free(&picture);
}

static void do_capture(struct play *p, const char *name)
{
    const char *folder = getenv("TERO_CAPTURES");
    char path[PATH_MAX];
    if (!folder || !*folder) return;
    vt_listen(p->vt, PATIENCE_MS);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "we");
    for (int y = 0; out && y < vt_rows(p->vt); y++) fprintf(out, "%s\n", vt_row(p->vt, y));
    report(p, out && fclose(out) == 0, "captured", name);
}

static bool parse_size(const char *text, int *rows, int *columns) { return sscanf(text, "%dx%d", columns, rows) == 2; }

static void do_command(struct play *p, const char *name, char *rest)
{
    if (!strcmp(name, "size")) parse_size(rest, &p->rows, &p->columns);
    else if (!strcmp(name, "env")) set_env(p, rest);
    else if (!strcmp(name, "ingest")) do_ingest(p, rest);
    else if (!strcmp(name, "copy")) do_copy(p, rest);
    else if (!strcmp(name, "helper")) do_helper(p, rest);
    else if (!strcmp(name, "shell")) do_shell(p, rest);
    else if (!strcmp(name, "start")) do_start(p, rest);
    else if (!p->vt) report(p, false, "before start:", name);
    else if (!strcmp(name, "post")) do_post(p, rest);
    else if (!strcmp(name, "file")) do_file(p, rest);
    else if (!strcmp(name, "file-size-limit")) do_size_limit(p, rest);
    else if (!strcmp(name, "tell")) report(p, helper_tell(&p->helper, rest), "told:", rest);
    else if (!strcmp(name, "picture")) do_picture(p, rest);
    else if (!strcmp(name, "capture")) do_capture(p, rest);
    else if (!strcmp(name, "keys")) do_keys(p, rest);
    else if (!strcmp(name, "clock")) do_clock(p);
    else if (!strcmp(name, "took")) do_took(p, rest);
    else if (!strcmp(name, "burst")) send_word(p, rest);
    else if (!strcmp(name, "wait")) do_wait(p, rest);
    else if (!strcmp(name, "until")) do_until(p, rest);
    else if (!strcmp(name, "has")) do_has(p, rest, true);
    else if (!strcmp(name, "lacks")) do_has(p, rest, false);
    else if (!strcmp(name, "row")) do_row(p, rest);
    else if (!strcmp(name, "silent")) report(p, vt_listen(p->vt, atoi(rest)) == 0, "is silent for", rest);
    else if (!strcmp(name, "no-colour")) report(p, vt_colours(p->vt) == 0, "sets no colour", "");
    else if (!strcmp(name, "reverse")) do_reverse(p, rest, true);
    else if (!strcmp(name, "plain")) do_reverse(p, rest, false);
    else if (!strcmp(name, "signal")) do_signal(p, rest);
    else if (!strcmp(name, "exits")) do_exits(p, rest);
    else if (!strcmp(name, "resize")) {
        int rows, columns;
        if (parse_size(rest, &rows, &columns)) vt_resize(p->vt, rows, columns);
        report(p, vt_settle(p->vt, DEADLINE), "is idle after resize", rest);
        inspect(p);
    } else if (!strcmp(name, "bytes-at-most")) {
        char detail[48];
        snprintf(detail, sizeof detail, "%zu of %s", vt_bytes(p->vt), rest);
        report(p, vt_bytes(p->vt) <= (size_t)atol(rest), "bytes", detail);
    } else report(p, false, "unknown command", name);
}

/* Reads the lines up to `end` and compares them with the screen. */
static void do_screen(struct play *p, FILE *in, char **line, size_t *cap)
{
    int y = 0, from = p->line;
    bool skip = false, good = p->vt != NULL;
    char wrong[512] = "";
    ssize_t n;
    while ((n = getline(line, cap, in)) > 0) {
        p->line++;
        while (n && ((*line)[n - 1] == '\n' || (*line)[n - 1] == ' ')) (*line)[--n] = '\0';
        if (!strcmp(*line, "end")) break;
        if (!strcmp(*line, "~")) {
            skip = true;
            continue;
        }
        const char *pattern = **line == '|' ? *line + 1 : *line;
        while (good && skip && y < vt_rows(p->vt) && !matches(pattern, vt_row(p->vt, y))) y++;
        if (good && (y >= vt_rows(p->vt) || !matches(pattern, vt_row(p->vt, y)))) {
            snprintf(wrong, sizeof wrong, "line %d: wanted |%s", p->line, pattern);
            good = false;
        }
        y++;
        skip = false;
    }
    int at = p->line;
    p->line = from;
    report(p, good && (skip || y == vt_rows(p->vt)), "screen", wrong);
    p->line = at;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void prepare(struct play *p)
{
    const char *tmp = getenv("TMPDIR"), *build = getenv("BUILD");
    if (!realpath(build ? build : "build", p->build)) die("no build folder %s", build ? build : "build");
    snprintf(p->directory, sizeof p->directory, "%s/tero-screens-XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(p->directory)) die("mkdtemp: %s", strerror(errno));
    static const char *const fixed[] = {
        "TERM=xterm-256color", "LANG=C.UTF-8", "TZ=UTC", "TERO_IDLE_FD=9", "ESCDELAY=20", "TERO_OTLP=off", "LSAN_OPTIONS=detect_leaks=0"};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) set_env(p, fixed[i]);
    static const char *const own[] = {"HOME=%s", "XDG_STATE_HOME=%s/state", "XDG_CONFIG_HOME=%s/config", "TERO_DATA=%s/data"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        char text[PATH_MAX + 64];
        snprintf(text, sizeof text, own[i], p->directory);
        set_env(p, text);
    }
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "PATH=%s", getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
    set_env(p, path);
    snprintf(path, sizeof path, "BUILD=%s", p->build);
    set_env(p, path);
}

/* The wall clock of the programs: `fixed_moment` now. */
static void fix_clock(struct play *p)
{
    char text[PATH_MAX + 64];
    snprintf(text, sizeof text, "LD_PRELOAD=%s/tests/pty/clock.so", p->build);
    set_env(p, text);
    snprintf(text, sizeof text, "TESTS_CLOCK_OFFSET=%lld", (long long)(fixed_moment - clock_now()));
    set_env(p, text);
    set_env(p, "ASAN_OPTIONS=verify_asan_link_order=0");
}

static void play_line(struct play *p, FILE *in, char **line, size_t *cap)
{
    char *name = *line, *rest = name + strcspn(name, " ");
    if (*rest) *rest++ = '\0';
    if (!strcmp(name, "on")) {
        char *wanted = rest;
        name = rest + strcspn(rest, " ");
        if (*name) *name++ = '\0';
        if (!p->variant || !strstr(p->variant, wanted)) return;
        rest = name + strcspn(name, " ");
        if (*rest) *rest++ = '\0';
    }
    if (!strcmp(name, "screen")) do_screen(p, in, line, cap);
    else if (!strcmp(name, "repeat")) do_repeat(p, in, rest);
    else if (!strcmp(name, "done")) do_done(p, in);
    else if (strcmp(name, "variants") != 0) do_command(p, name, rest);
}

static void finish(struct play *p)
{
    char frames[64];
    snprintf(frames, sizeof frames, "%d frames hold", p->frames);
    if (!p->failed && p->vt) report(p, true, frames, "what every frame must");
    if (p->vt) {
        vt_signal(p->vt, SIGTERM);
        vt_end(p->vt, 3000);
        vt_free(p->vt);
    }
    helper_end(&p->helper);
    nftw(p->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    for (size_t i = 0; i < p->env_count; i++) free(p->env[i]);
}

static bool play_once(const char *file, FILE *in, const char *variant, int *number)
{
    struct play p = {.file = file, .rows = 24, .columns = 80, .number = *number, .variant = variant};
    prepare(&p);
    if (variant) {
        parse_size(variant, &p.rows, &p.columns);
        if (strstr(variant, ".ascii")) set_env(&p, "LANG=C");
        fix_clock(&p);
    }
    char *line = NULL;
    size_t cap = 0;
    rewind(in);
    for (ssize_t n; !p.failed && (n = getline(&line, &cap, in)) > 0;) {
        p.line++;
        while (n && isspace((unsigned char)line[n - 1])) line[--n] = '\0';
        if (n && *line != '#') play_line(&p, in, &line, &cap);
    }
    free(line);
    finish(&p);
    *number = p.number;
    return !p.failed;
}

/* The words of the script's line `variants SIZE... x CHARACTERS...`; 0: it has none. */
static size_t find_variants(FILE *in, char *line, size_t size, char *words[WORDS])
{
    while (fgets(line, (int)size, in)) {
        line[strcspn(line, "\n")] = '\0';
        if (!strncmp(line, "variants ", 9)) return split(line + 9, words);
        if (*line && *line != '#') break;
    }
    return 0;
}

static bool play_file(const char *file, int *number)
{
    FILE *in = fopen(file, "re");
    if (!in) die("%s: %s", file, strerror(errno));
    char line[256], *words[WORDS], variant[64];
    size_t n = find_variants(in, line, sizeof line, words), sizes = 0;
    bool good = true;
    while (sizes < n && strcmp(words[sizes], "x") != 0) sizes++;
    if (n == 0) good = play_once(file, in, NULL, number);
    for (size_t i = 0; i < sizes; i++)
        for (size_t j = sizes + 1; j < n; j++) {
            snprintf(variant, sizeof variant, "%.20s.%.20s", words[i], words[j]);
            good = play_once(file, in, variant, number) && good;
        }
    fclose(in);
    return good;
}

int main(int argc, char **argv)
{
    int number = 0;
    bool good = argc > 1;
    for (int i = 1; i < argc; i++) good = play_file(argv[i], &number) && good;
    printf("1..%d\n", number);
    return good ? 0 : 1;
}
