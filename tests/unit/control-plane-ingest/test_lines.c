#include "control-plane/ingest/lines.h"

#include "base/clock.h"
#include "base/die.h"
#include "tests/unit/control-plane-ingest/capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static int64_t now_ns; /* 2026-11-23T14:05:06Z */
static struct buf seen;
static struct lines_counts counts;
static size_t bytes; /* of the records, as their lines were */

static void on_record(void *context, const struct log_record *r)
{
    (void)context;
    capture_record(&seen, r);
    buf_cut(&seen, (size_t)((char *)memrchr(seen.data, ' ', seen.len) - seen.data));
    buf_char(&seen, '\n');
    bytes += r->bytes;
}

static void on_rejected(void *context, uint64_t line, const char *why)
{
    (void)context;
    buf_printf(&seen, "rejected %" PRIu64 ": %s\n", line, why);
}

static const char *read_in_chunks(enum line_format format, struct slice text, size_t chunk)
{
    struct lines_options options = {.format = format, .fallback = SLICE("file"), .record = on_record, .rejected = on_rejected};
    struct lines *l = lines_new(&options);
    buf_free(&seen);
    buf_init(&seen, 64 << 20);
    bytes = 0;
    for (size_t at = 0; at < text.len; at += chunk) {
        size_t n = text.len - at < chunk ? text.len - at : chunk;
        char *copy = xmalloc(n);
        memcpy(copy, text.ptr + at, n);
        lines_feed(l, slice_of(copy, n), now_ns);
        free(copy);
    }
    lines_end(l);
    counts = *lines_count(l);
    lines_free(l);
    return seen.data ? seen.data : "";
}

/* The same records, however the input is cut into chunks. */
static void expect(enum line_format format, const char *text, const char *records)
{
    static const size_t chunks[] = {1 << 20, 1, 7, 64};
    for (size_t i = 0; i < sizeof chunks / sizeof chunks[0]; i++)
        assert_string_equal(read_in_chunks(format, slice_str(text), chunks[i]), records);
}

#define T "1795442706000000000"

static void json_lines_in_their_usual_shapes(void **state)
{
    (void)state;
    expect(LINES_AUTO,
           "{\"time\":\"2026-11-23T14:05:06Z\",\"level\":\"warn\",\"msg\":\"disk \\\"a\\\" full\",\"service\":\"backup\",\"free\":12}\n"
           "{\"ts\":1795442706.5,\"severity\":\"ERROR\",\"message\":\"m\",\"service\":{\"name\":\"cart\",\"version\":\"1\"}}\n"
           "{\"level\":30,\"time\":1795442706000,\"pid\":7,\"msg\":\"pino\",\"name\":\"web\"}\n"
           "{\"log\":\"docker line\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-23T14:05:06.000000000Z\"}\n"
           "{\"@timestamp\":\"2026-11-23T14:05:06.000Z\",\"log.level\":\"INFO\",\"message\":\"ecs\",\"service.name\":\"ecs-app\",\"log."
           "logger\":\"a.B\"}\n"
           "{\"a\":{\"b\":[true,null,1.5]},\"t\":\"not a time\"}\n",
           T " 0/warn backup  \"disk \"a\" full\" {free:int=12} []\n"
             "1795442706500000000 0/ERROR cart  \"m\" {service.version:string=1} []\n" T " 9/ web  \"pino\" {pid:int=7} []\n" T
             " 0/ file  \"docker line\" {stream:string=stderr} []\n" T " 0/INFO ecs-app  \"ecs\" {log.logger:string=a.B} []\n" T
             " 0/ file  \"\" {} [a.b[]:bool=true,a.b[]:empty=,a.b[]:double=1.5,t:string=not a time]\n");
    assert_int_equal(counts.records, 6);
    assert_int_equal(bytes, 99 + 92 + 67 + 81 + 120 + 44);
}

static void what_is_no_json_is_rejected_with_its_line(void **state)
{
    (void)state;
    expect(LINES_JSON, "{\"msg\":\"a\",\"time\":1795442706}\nplain\n\n{\"msg\":\n[1]\n",
           T " 0/ file  \"a\" {} []\n"
             "rejected 2: value expected\nrejected 4: text ends too early\nrejected 5: JSON object expected\n");
    assert_int_equal(counts.rejected, 3);
    assert_int_equal(counts.lines, 5);
    expect(LINES_AUTO, "2026-11-23T14:05:06Z start\n{\"msg\": broken\n",
           T " 0/ file  \"start\" {} []\n" T " 0/ file  \"{\"msg\": broken\" {} []\n");
}

static void journald_entries(void **state)
{
    (void)state;
    expect(LINES_AUTO,
           "{\"__REALTIME_TIMESTAMP\":\"1795442706000000\",\"PRIORITY\":\"3\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"_SYSTEMD_UNIT\":\"ssh."
           "service\","
           "\"MESSAGE\":\"failed\",\"_PID\":\"1\",\"CODE_FUNC\":\"f\"}\n"
           "{\"__REALTIME_TIMESTAMP\":\"1795442706000000\",\"SYSLOG_IDENTIFIER\":\"sudo\",\"_SYSTEMD_UNIT\":\"session-3.scope\","
           "\"MESSAGE\":[104,105,255,10]}\n"
           "{\"__REALTIME_TIMESTAMP\":\"1795442706000000\",\"MESSAGE\":null,\"_COMM\":\"x\",\"_SYSTEMD_UNIT\":\"getty@tty1.service\"}\n"
           "{\"__REALTIME_TIMESTAMP\":\"1795442706000000\",\"MESSAGE\":[\"one\",\"two\"],\"SYSLOG_IDENTIFIER\":\"s\"}\n",
           T " 17/ ssh  \"failed\" {CODE_FUNC:string=f} []\n" T " 0/ sudo  \"hi\xEF\xBF\xBD\n\" {} []\n" T " 0/ getty  \"\" {} []\n" T
             " 0/ s  \"one\" {} []\n");
}

static void syslog_lines(void **state)
{
    (void)state;
    expect(LINES_AUTO,
           "Nov 23 14:05:06 host sshd[123]: Accepted key\n"
           "Nov  3 14:05:06 host kernel: [  1.5] up\n"
           "<134>Nov 23 14:05:06 host app: hello\n"
           "<165>1 2026-11-23T14:05:06Z host evntslog 7 ID47 [ex@1 a=\"b\\]c\"][x] \xEF\xBB\xBF"
           "BOM'd\n"
           "<13>1 - - - - - - nothing\n"
           "2026-11-23T14:05:06.000000+00:00 host systemd-logind[1]: New session\n"
           "Nov 23 14:05:06 combo sshd(pam_unix)[19939]: check pass\n"
           "2026-11-23T14:05:06.000000000Z stderr F ERROR from a container\n",
           T " 0/ sshd  \"Accepted key\" {} []\n"
             "1793714706000000000 0/ kernel  \"[  1.5] up\" {} []\n" T " 9/ app  \"hello\" {} []\n" T " 10/ evntslog  \"BOM'd\" {} []\n" T
             " 10/ file  \"nothing\" {} []\n" T " 0/ systemd-logind  \"New session\" {} []\n" T " 0/ sshd  \"check pass\" {} []\n" T
             " 0/ERROR file  \"ERROR from a container\" {} []\n");
}

static void plain_text(void **state)
{
    (void)state;
    expect(LINES_AUTO,
           "2026-11-23 14:05:06,000+00:00 [main] INFO a.b.C - started in 5 s\n"
           "[2026/11/23 14:05:06Z] [error] oops\n"
           "1.2.3.4 - - [23/Nov/2026:14:05:06 +0000] \"GET / HTTP/1.1\" 200 5\n"
           "level=debug msg=\"x\"\n"
           "an error occurred here\n",
           T " 0/INFO file  \"[main] INFO a.b.C - started in 5 s\" {} []\n" T " 0/error file  \"[error] oops\" {} []\n" T
             " 0/ file  \"1.2.3.4 - - [23/Nov/2026:14:05:06 +0000] \"GET / HTTP/1.1\" 200 5\" {} []\n" T
             " 0/debug file  \"level=debug msg=\"x\"\" {} []\n" T " 0/ file  \"an error occurred here\" {} []\n");
}

static void lines_that_belong_together(void **state)
{
    (void)state;
    expect(LINES_AUTO,
           "2026-11-23T14:05:06Z first\r\n"
           "\tat a.B.c(B.java:1)\r\n"
           "Caused by: x\n"
           "\n"
           "Traceback (most recent call last):\n"
           "  File \"a.py\", line 1, in f\n"
           "ValueError: no\n"
           "2026-11-23T14:05:06Z second\n"
           "{\n  \"msg\": \"pretty\"\n}\n"
           "third",
           T " 0/ file  \"first\n\tat a.B.c(B.java:1)\nCaused by: x\nTraceback (most recent call last):\n  File \"a.py\", line 1, in "
             "f\nValueError: no\""
             " {} []\n" T " 0/ file  \"second\" {} []\n" T " 0/ file  \"pretty\" {} []\n" T " 0/ file  \"third\" {} []\n");
}

static void bytes_that_are_no_text(void **state)
{
    (void)state;
    static const char raw[] = "\0\0\0"
                              "a\xFF"
                              "b\0c\n\x1B[31mred\x1B[0m \x1B(B\n\0\0\n \t\r\n\xC3";
    for (size_t chunk = 1; chunk < sizeof raw; chunk++)
        assert_string_equal(read_in_chunks(LINES_TEXT, slice_of(raw, sizeof raw - 1), chunk),
                            T " 0/ file  \"a\xEF\xBF\xBD"
                              "bc\" {} []\n" T " 0/ file  \"red B\" {} []\n" T " 0/ file  \"\xEF\xBF\xBD\" {} []\n");
}

static void huge_lines_are_cut_and_counted(void **state)
{
    (void)state;
    size_t size = LINE_MAX_BYTES * 2;
    char *text = xmalloc(size);
    memset(text, 'x', size);
    text[LINE_MAX_BYTES + 50] = '\n';
    text[size - 1] = '\n';
    for (size_t chunk = 4096; chunk <= 8 << 20; chunk *= 2048) {
        read_in_chunks(LINES_AUTO, slice_of(text, size), chunk);
        assert_int_equal(counts.records, 2);
        assert_int_equal(counts.cut, 1);
    }
    free(text);
}

static void endless_continuations_are_bounded(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 1 << 20);
    for (int i = 0; i < 5000; i++) buf_str(&text, " indented\n");
    read_in_chunks(LINES_AUTO, buf_view(&text), 999);
    assert_int_equal(counts.lines, 5000);
    assert_int_equal(counts.records, 5);
    buf_free(&text);
}

static void the_columns_of_a_file_are_found(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 1 << 20);
    for (int i = 0; i < 100; i++)
        buf_printf(&text, "2026-11-23 14:05:06Z %d %s org.example.Worker: took %d ms for item %d\n", 1000 + i, i % 10 ? "INFO" : "WARN", i,
                   i * 7);
    const char *records = read_in_chunks(LINES_AUTO, buf_view(&text), 1000);
    assert_int_equal(counts.records, 100);
    assert_int_equal(strncmp(records, T " 0/WARN file  \"took 0 ms for item 0\" {logger:string=org.example.Worker} []", 80), 0);
    assert_non_null(strstr(records, T " 0/INFO file  \"took 99 ms for item 693\" {logger:string=org.example.Worker} []"));
    buf_free(&text);
}

static int begin(void **state)
{
    (void)state;
    setenv("TZ", "UTC", 1);
    return clock_parse_rfc3339(SLICE("2026-11-23T14:05:06Z"), &now_ns) ? 0 : 1;
}

static int end(void **state)
{
    (void)state;
    buf_free(&seen);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_lines_in_their_usual_shapes),
        cmocka_unit_test(what_is_no_json_is_rejected_with_its_line),
        cmocka_unit_test(journald_entries),
        cmocka_unit_test(syslog_lines),
        cmocka_unit_test(plain_text),
        cmocka_unit_test(lines_that_belong_together),
        cmocka_unit_test(bytes_that_are_no_text),
        cmocka_unit_test(huge_lines_are_cut_and_counted),
        cmocka_unit_test(endless_continuations_are_bounded),
        cmocka_unit_test(the_columns_of_a_file_are_found),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
