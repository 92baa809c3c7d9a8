#include "console/policy_live.h"

#include "base/clock.h"
#include "base/die.h"
#include "console/headless.h"
#include "console/policy_files.h"
#include "console/session.h"
#include "console/setup.h"

#include <stdlib.h>
#include <string.h>

enum { SECONDS = 60, SECONDS_LEAST = 5, SECONDS_MOST = 300, RECORDS = 200, PAUSE_MS = 500, FILE_MOST = 256 * 1024, TEXTS_MAX = 16 << 20 };

struct live {
    const char *policies, *id;
    int seconds;
    bool json;
    struct session session;
    struct arena *texts;
    json_t *data; /* of the last answer; NULL: it failed, and was told */
    char *tap;
    json_int_t last;
    bool over;
    int code;
};

bool policy_live_wanted(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "--live")) return true;
    return false;
}

/* ---- options ---- */

/* "60", "60s", "2m". */
static bool read_seconds(const char *text, int *seconds)
{
    char *end;
    long n = strtol(text, &end, 10);
    if (end == text || n < 1 || n > SECONDS_MOST) return false;
    if (!strcmp(end, "m")) n *= 60;
    else if (*end && strcmp(end, "s") != 0) return false;
    *seconds = (int)n;
    return n >= SECONDS_LEAST && n <= SECONDS_MOST;
}

/* 1: an option of ours without a value, 2: with one; 0: not ours; -1: wrong, and told. */
static int own_option(struct live *l, const char *name, const char *value)
{
    bool json = value && !strcmp(value, "json");
    if (!strcmp(name, "--live")) return 1;
    if (strcmp(name, "--policies") != 0 && strcmp(name, "--id") != 0 && strcmp(name, "--for") != 0 && strcmp(name, "-o") != 0) return 0;
    if (!value) return complain("policy preview: %s wants a value", name), -1;
    if (!strcmp(name, "--policies")) l->policies = value;
    else if (!strcmp(name, "--id")) l->id = value;
    else if (!strcmp(name, "-o")) {
        if (!json && strcmp(value, "table") != 0) return complain("policy preview --live: -o table or json"), -1;
        l->json = json;
    } else if (!read_seconds(value, &l->seconds)) return complain("--for %s: 5s to 5m", value), -1;
    return 2;
}

/* What is not ours says which control plane. */
static bool read_live(struct live *l, struct options *typed, int argc, char **argv)
{
    const char *problem;
    char **rest = xcalloc((size_t)argc + 3, sizeof *rest);
    int count = 0;
    rest[count++] = argv[0];
    rest[count++] = (char[]){"status"};
    for (int i = 1; i < argc;) {
        int taken = own_option(l, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
        if (taken < 0) return free(rest), false;
        if (taken == 0) rest[count++] = argv[i++];
        else i += taken;
    }
    bool ok = options_read(typed, count, rest, &problem);
    if (!ok) complain("%s", problem);
    free(rest);
    if (!ok || !l->policies || !l->id) return ok;
    complain("policy preview --live: --policies or --id, not both");
    return false;
}

/* ---- requests ---- */

static void answered(void *context, const struct api_answer *answer)
{
    struct live *l = context;
    json_decref(l->data);
    l->data = answer->status == API_OK ? json_incref((json_t *)(uintptr_t)answer->data) : NULL;
    if (answer->status != API_OK) l->code = complain("%s", answer->message);
}

static bool ask(struct live *l, const char *operation, json_t *variables)
{
    api_wait(l->session.api, api_send(l->session.api, operation, variables, answered, l));
    return l->data != NULL;
}

static bool put_subject(struct live *l, json_t *input)
{
    struct buf text;
    buf_init(&text, FILE_MOST);
    bool ok = !l->policies || file_read(l->policies, &text);
    if (ok && l->policies) json_object_set_new(input, "text", json_stringn(buf_view(&text).ptr, text.len));
    if (l->id) json_object_set_new(input, "policyID", json_string(l->id));
    buf_free(&text);
    return ok;
}

static bool start(struct live *l)
{
    json_t *input = json_pack("{sisi}", "seconds", l->seconds, "records", RECORDS);
    if (!put_subject(l, input)) {
        l->code = EXIT_USAGE;
        json_decref(input);
        return false;
    }
    if (!ask(l, "StartPolicyTap", json_pack("{so}", "input", input))) return false;
    const char *id = json_string_value(api_at(l->data, "startPolicyTap.id"));
    if (!id) return l->code = complain("live previews are not offered by this control plane"), false;
    l->tap = xstrdup(id);
    return true;
}

/* ---- output ---- */

static void put_path(struct live *l, const json_t *path)
{
    for (size_t i = 0; i < json_array_size(path); i++) {
        char at[24];
        snprintf(at, sizeof at, "%zu", i);
        printf("%s%s", i ? "." : "", api_text(l->texts, path, at));
    }
}

static void put_field(struct live *l, const json_t *field)
{
    const char *change = api_text(l->texts, field, "change"), *before = api_text(l->texts, field, "before");
    const json_t *path = json_object_get(field, "path");
    bool body = json_array_size(path) == 1 && !strcmp(api_text(l->texts, path, "0"), "body");
    if (!strcmp(change, "SAME") && !body) return;
    fputs("    ", stdout);
    put_path(l, path);
    printf(": %s", api_at(field, "before") ? before : "-");
    if (!strcmp(change, "REMOVED")) fputs(" -> removed", stdout);
    else if (strcmp(change, "SAME") != 0) printf(" -> %s", api_text(l->texts, field, "after"));
    if (api_at(field, "movedTo")) {
        fputs(" at ", stdout);
        put_path(l, api_at(field, "movedTo"));
    }
    putchar('\n');
}

static void put_record(struct live *l, const json_t *record)
{
    const json_t *fields = json_object_get(record, "fields");
    char *line = l->json ? json_dumps(record, JSON_COMPACT) : NULL;
    if (l->json) {
        puts(line);
        free(line);
        return;
    }
    printf("%s  %-5s  %s  %s\n", api_text(l->texts, record, "receivedAt"), api_text(l->texts, record, "severity"),
           api_text(l->texts, record, "service"), api_text(l->texts, record, "outcome"));
    for (size_t i = 0; i < json_array_size(fields); i++) put_field(l, json_array_get(fields, i));
}

static void put_totals(const struct live *l, const json_t *tap)
{
    static const struct {
        const char *field, *word;
    } counts[] = {{"seenCount", "seen"},       {"matchedCount", "matched"},           {"keptCount", "kept"},
                  {"droppedCount", "dropped"}, {"sampledOutCount", "sampled out"},    {"rateLimitedCount", "over the rate"},
                  {"changedCount", "changed"}, {"skippedCount", "too many to judge"}, {"unshownCount", "too many to show"}};
    for (size_t i = 0; !l->json && i < sizeof counts / sizeof *counts; i++)
        printf("%s%lld %s", i ? ", " : "", (long long)api_integer(tap, counts[i].field, 0), counts[i].word);
    if (!l->json) putchar('\n');
}

static void look(struct live *l)
{
    if (!ask(l, "WatchPolicyTap", json_pack("{sssIsi}", "id", l->tap, "after", l->last, "first", RECORDS))) {
        l->over = true;
        return;
    }
    const json_t *tap = api_at(l->data, "policyTap"), *records = json_object_get(tap, "records");
    arena_reset(l->texts);
    for (size_t i = 0; i < json_array_size(records); i++) {
        put_record(l, json_array_get(records, i));
        l->last = api_integer(json_array_get(records, i), "sequence", l->last);
    }
    fflush(stdout);
    l->over = !strcmp(api_text(l->texts, tap, "state"), "ENDED");
    if (l->over) put_totals(l, tap);
}

static void watch(struct live *l)
{
    while (!l->over) {
        int64_t until = clock_monotonic() + PAUSE_MS * INT64_C(1000000);
        look(l);
        for (int64_t left; !l->over && (left = until - clock_monotonic()) > 0;)
            api_poll(l->session.api, NULL, NULL, 0, (int)(left / 1000000) + 1);
    }
}

static void run(struct live *l, const struct options *o)
{
    char *problem = NULL;
    if (!session_open(&l->session, o, o->patience_ms, &problem)) l->code = complain("%s", problem);
    else if (start(l)) watch(l);
    free(problem);
    session_close(&l->session);
}

int policy_live(int argc, char **argv)
{
    struct live l = {.seconds = SECONDS};
    struct options typed;
    struct setup s;
    char *problem = NULL;
    if (!read_live(&l, &typed, argc, argv)) return EXIT_USAGE;
    l.texts = arena_new(TEXTS_MAX);
    if (setup_open(&s, &typed, false, &problem)) {
        run(&l, &s.options);
        setup_close(&s);
    } else l.code = complain("%s", problem);
    free(problem);
    arena_free(l.texts);
    json_decref(l.data);
    free(l.tap);
    options_free(&typed);
    return l.code == EXIT_FINE ? output_end(EXIT_FINE) : l.code;
}
