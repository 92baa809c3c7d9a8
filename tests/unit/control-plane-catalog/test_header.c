/* Header columns learned from the lines themselves. */
#include "tests/unit/control-plane-catalog/lib.h"

#include "control-plane/catalog/header.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINES = 60 };

static char text[LINES][256];
static struct slice lines[LINES];
static char messages[LINES][128];
static struct header *header;

/* Messages that do not look alike: only what stands before them does. */
static const char *message_of(int i)
{
    static const char *const forms[] = {"Started pool of %d threads", "Client %d: connection lost", "Shard %d moved",
                                        "Rebuilding index %d",        "Error: bad header in %d",    "%d items queued"};
    int form = (int)(hash_mix((uint64_t)i, 3) % 6);
    snprintf(messages[i], sizeof messages[i], forms[form], i);
    return messages[i];
}

typedef void make_line(char *out, size_t size, int i, const char *message);

static void learn(make_line *make)
{
    for (int i = 0; i < LINES; i++) {
        make(text[i], sizeof text[i], i, message_of(i));
        lines[i] = slice_str(text[i]);
    }
    header = header_learn(lines, LINES);
}

static void assert_slice(struct slice s, const char *expected)
{
    if (!slice_is(s, expected)) fail_msg("\"%.*s\" is not \"%s\"", (int)s.len, s.ptr, expected);
}

static void check(make_line *make, const char *time, const char *level, const char *component)
{
    learn(make);
    assert_non_null(header);
    for (int i = 0; i < LINES; i++) {
        struct header_parts parts;
        assert_true(header_split(header, lines[i], &parts));
        assert_slice(parts.message, messages[i]);
        if (i == 0 && time) assert_slice(parts.time, time);
        if (i == 0 && level) assert_slice(parts.level, level);
        if (i == 0 && component) assert_slice(parts.component, component);
    }
    header_free(header);
}

static void bracketed_thread(char *out, size_t size, int i, const char *message)
{
    static const char *const threads[] = {"main", "pool-1-thread-7", "IPC handler 3 on 80"};
    snprintf(out, size, "2024-05-01 10:%02d:01,%03d %s [%s] org.example.Store: %s", i, i, i % 3 ? "INFO" : "WARN", threads[i % 3], message);
}

static void dashes(char *out, size_t size, int i, const char *message)
{
    snprintf(out, size, "2024-01-02 03:04:%02d,123 - app.module - %s - %s", i, i % 2 ? "INFO" : "DEBUG", message);
}

static void compact(char *out, size_t size, int i, const char *message)
{
    snprintf(out, size, "081109 2036%02d %d INFO dfs.%s: %s", i, i * 7, i % 2 ? "Node$Receiver" : "Master", message);
}

static void tagged(char *out, size_t size, int i, const char *message)
{
    static const char *const tags[] = {"WindowMgr", "Power Svc", "Audio"};
    snprintf(out, size, "03-17 16:13:%02d.%03d  1702 %d %c %s: %s", i, i, 2000 + i, "DIWEV"[i % 5], tags[i % 3], message);
}

static void program_and_dash(char *out, size_t size, int i, const char *message)
{
    static const char *const programs[] = {"app.exe", "app.exe *64", "the other app"};
    snprintf(out, size, "[10.30 16:49:%02d] %s - %s", i, programs[i % 3], message);
}

static void old_syslog(char *out, size_t size, int i, const char *message)
{
    static const char *const programs[] = {"kernel", "sshd[71]", "Big Chat Helper[812]", "cron[2]"};
    snprintf(out, size, "Jul %2d 09:00:%02d host-%d %s: %s", 1 + i % 28, i, i % 4, programs[i % 4], message);
}

static void piped(char *out, size_t size, int i, const char *message)
{
    snprintf(out, size, "20240512-22:15:%02d:606|Step_%s|%d|%s", i, i % 2 ? "A" : "B", 3000 + i, message);
}

static void many_columns(char *out, size_t size, int i, const char *message)
{
    snprintf(out, size, "- %d 2005.06.03 R0%d-M1 2005-06-03-15.42.%02d.675872 R0%d-M1 RAS %s INFO %s", 1117838570 + i, i % 7, i, i % 7,
             i % 2 ? "KERNEL" : "APP", message);
}

static void glog(char *out, size_t size, int i, const char *message)
{
    snprintf(out, size, "%c0412 10:%02d:01.123456   %d server.cc:%d] %s", i % 2 ? 'I' : 'W', i, i + 10, i * 7, message);
}

static void uptime(char *out, size_t size, int i, const char *message) { snprintf(out, size, "[%5d.123456] %s", i, message); }
static void epoch(char *out, size_t size, int i, const char *message) { snprintf(out, size, "17145500%02d.%03d %s", i, i, message); }
static void glued(char *out, size_t size, int i, const char *message)
{
    snprintf(out, size, "[2024-05-01 10:00:%02d][%s] %s", i, i % 2 ? "info" : "error", message);
}
static void level_only(char *out, size_t size, int i, const char *message)
{
    snprintf(out, size, "%s %s", i % 2 ? "INFO" : "WARN", message);
}

static void common_forms(void **state)
{
    (void)state;
    check(bracketed_thread, "2024-05-01 10:00:01,000", "WARN", "org.example.Store");
    check(dashes, "2024-01-02 03:04:00,123", "DEBUG", "app.module");
    check(compact, "081109 203600", "INFO", "dfs.Master");
    check(tagged, "03-17 16:13:00.000", "D", "WindowMgr");
    check(program_and_dash, "[10.30 16:49:00]", NULL, "app.exe");
    check(old_syslog, "Jul  1 09:00:00", NULL, "kernel");
    check(piped, "20240512-22:15:00:606", NULL, "Step_B");
    check(many_columns, NULL, "INFO", NULL);
    check(glog, "10:00:01.123456", "W", "server.cc");
    check(uptime, "[    0.123456]", NULL, NULL);
    check(epoch, "1714550000.000", NULL, NULL);
    check(glued, "[2024-05-01 10:00:00]", "error", NULL);
    check(level_only, NULL, "WARN", NULL);
}

static void none(char *out, size_t size, int i, const char *message)
{
    (void)i;
    snprintf(out, size, "%s", message);
}

static void addresses(char *out, size_t size, int i, const char *message) { snprintf(out, size, "10.0.0.%d:80 %s", i, message); }

static void plain_messages_have_none(void **state)
{
    (void)state;
    learn(none);
    assert_null(header);
    learn(addresses);
    assert_null(header);
    assert_null(header_learn(NULL, 0));
    assert_null(header_learn(lines, 2));
}

static void access_log(char *out, size_t size, int i, const char *message)
{
    (void)message;
    snprintf(out, size, "10.0.0.%d - - [10/Oct/2024:13:55:%02d -0700] \"GET /a/%d HTTP/1.1\" 200 %d", i, i, i, i * 9);
}

static void quoted_parts_belong_to_the_message(void **state)
{
    (void)state;
    struct header_parts parts;
    learn(access_log);
    assert_non_null(header);
    assert_true(header_split(header, lines[7], &parts));
    assert_slice(parts.message, "\"GET /a/7 HTTP/1.1\" 200 63");
    header_free(header);
}

static void other_lines_stay_whole(void **state)
{
    (void)state;
    struct header_parts parts;
    learn(bracketed_thread);
    static const char *const frames[] = {"\tat org.example.A.b(A.java:12)", "Caused by: org.example.Bad: no", "", "x"};
    for (size_t i = 0; i < 4; i++) {
        assert_false(header_split(header, slice_str(frames[i]), &parts));
        assert_slice(parts.message, frames[i]);
        assert_int_equal(parts.time.len, 0);
    }
    header_free(header);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(common_forms),
        cmocka_unit_test(plain_messages_have_none),
        cmocka_unit_test(quoted_parts_belong_to_the_message),
        cmocka_unit_test(other_lines_stay_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
