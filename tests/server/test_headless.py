"""tero-console without a terminal: lists, objects, status, their formats and exit codes.

Some tests run against a control plane of their own making (a Python thread on the data directory's socket), because
only that one sends what a real one never would; the others against the real program."""

import csv
import http.server
import io
import json
import os
import shutil
import socketserver
import subprocess
import tempfile
import threading

from harness import *

CONSOLE = os.path.join(BUILD, "tero-console")


def console(*arguments, data=None, env=None, **more):
    """(exit code, stdout, stderr)"""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TERO_") or k == "TERO_SHARED"}
    clean.update({"COLUMNS": "80", "LC_ALL": "C.UTF-8"}, **(env or {}))
    if data:
        clean["TERO_DATA"] = data
    more.setdefault("stdout", subprocess.PIPE)
    p = subprocess.run([CONSOLE, *arguments], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=DEADLINE, env=clean, **more)
    return p.returncode, (p.stdout or b"").decode(), p.stderr.decode()


class Fake:
    """A control plane whose answers are answer(operation, variables) -> the "data" object, or a whole answer."""

    def __init__(self, answer):
        self.directory = tempfile.mkdtemp(prefix="tero-")
        self.requests = []
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                operation = re.search(r"(query|mutation) (\w+)", body["query"]).group(2)
                fake.requests.append((operation, body["variables"]))
                made = json.dumps(answer(operation, body["variables"])).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(made)))
                self.end_headers()
                self.wfile.write(made)

            def log_message(self, *_):
                pass

        class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # the client went away

            def get_request(self):
                return self.socket.accept()[0], ("unix", 0)

        self.server = Server(os.path.join(self.directory, "control-plane.sock"), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        shutil.rmtree(self.directory)


def event(i, **more):
    return {"id": f"00000000-0000-8000-8000-{i:012d}", "name": f"event_{i}", "displayName": f"event {i}", "template": f"event {i} <*>",
            "severity": "info", "service": {"id": "s", "name": "api", "team": None}, "eventCount": i, "byteCount": 100 * i,
            "status": {"current": {"eventsPerHour": i, "bytesPerHour": 1000.0 * i, "totalUsdPerHour": 0.5}},
            "firstSeenAt": "2026-01-01T00:00:00Z", "lastSeenAt": "2026-01-02T00:00:00Z", **more}


def pages(rows):
    """answer() for lists: the page after the cursor, which is the row's number."""
    def answer(operation, variables):
        start = int(variables.get("after", -1)) + 1
        part = rows[start:start + variables["first"]]
        end = start + len(part)
        return {"data": {"logEvents": {
            "edges": [{"node": row} for row in part],
            "pageInfo": {"hasNextPage": end < len(rows), "hasPreviousPage": start > 0, "startCursor": str(start), "endCursor": str(end - 1)}}}}
    return answer


@test
def json_is_one_array_over_all_pages():
    rows = [event(i) for i in range(1234)]
    with Fake(pages(rows)) as fake:
        code, out, err = console("events", "-o", "json", data=fake.directory)
        assert (code, err) == (0, "")
        got = json.loads(out)
        assert [row["name"] for row in got] == [row["displayName"] for row in rows]
        assert got[7] == {"id": rows[7]["id"], "name": "event 7", "service": "api", "team": None, "template": "event 7 <*>", "severity": "info",
                          "rate": 7, "volume": 7000 * 730.5, "cost": 4383, "total": 7, "bytes": 700,
                          "firstSeen": "2026-01-01T00:00:00Z", "lastSeen": "2026-01-02T00:00:00Z"}
        assert len(fake.requests) == 3, "every page once"


@test
def no_rows_are_an_empty_array_or_a_heading():
    with Fake(pages([])) as fake:
        assert console("events", "-o", "json", data=fake.directory)[:2] == (0, "[]\n")
        assert console("events", "-o", "csv", "-c", "name,cost", data=fake.directory)[:2] == (0, "name,cost\r\n")
        code, out, _ = console("events", data=fake.directory)
        assert code == 0 and out.startswith("LOG EVENT") and out.count("\n") == 1


@test
def yaml_and_markdown_hold_the_same_rows():
    row = dict(event(7), displayName="a | b\u001b[31m")
    with Fake(pages([row])) as fake:
        assert console("events", "-o", "yaml", "-c", "name,total", data=fake.directory)[:2] == (
            0, '- name: "a | b\\u001b[31m"\n  total: 7\n')
        code, out, _ = console("events", "-o", "markdown", "-c", "name,total", data=fake.directory)
        assert code == 0 and out.startswith("| name | total |\n|---|---:|\n| a \\| b") and out.endswith("| 7 |\n"), out
        assert "\x1b" not in out and out.count("\n") == 3
    with Fake(pages([])) as fake:
        assert console("events", "-o", "yaml", data=fake.directory)[:2] == (0, "[]\n")


@test
def order_and_columns_may_stand_among_the_words():
    with Fake(pages([event(1)])) as fake:
        code, out, _ = console("events", "severity:info", "order:-name", "columns:name,total", "-o", "csv", data=fake.directory)
        assert (code, out) == (0, "name,total\r\nevent 1,1\r\n"), out
        assert fake.requests[0][1]["orderBy"] == {"field": "NAME", "direction": "DESC"}
        assert fake.requests[0][1]["where"] == {"severity": "info"}
        code, out, err = console("events", "order:cost,name", data=fake.directory)
        assert code == 0, err
        assert fake.requests[1][1]["orderBy"] == {"field": "CURRENT_TOTAL_USD_PER_HOUR", "direction": "DESC",
                                                  "then": {"field": "NAME", "direction": "ASC"}}
        code, out, err = console("events", "--sort", "cost,name,severity,total", data=fake.directory)
        assert (code, out) == (1, "") and "no more than three columns" in err


@test
def limit_and_sort_reach_the_server():
    with Fake(pages([event(i) for i in range(2000)])) as fake:
        code, out, _ = console("events", "severity:info", "two words", "--limit", "600", "--sort", "name", "-o", "json", data=fake.directory)
        assert code == 0 and len(json.loads(out)) == 600
        assert [v["first"] for _, v in fake.requests] == [500, 100]
        first = fake.requests[0][1]
        assert first["orderBy"] == {"field": "NAME", "direction": "ASC"}
        assert first["where"]["and"][0] == {"severity": "info"}
        assert "two words" in json.dumps(first["where"]["and"][1])


@test
def csv_is_rfc_4180_and_disarms_formulas():
    names = ["=1+1", "@x", "+3", "-2", 'say "hi", now', "two\r\nlines", " lead", "plain", "it's", "\u00e9\u4e2d\u6587"]
    with Fake(pages([event(i, displayName=name) for i, name in enumerate(names)])) as fake:
        code, out, _ = console("events", "-o", "csv", "-c", "name,total,severity", data=fake.directory)
        assert code == 0
        lines = list(csv.reader(io.StringIO(out, newline="")))
        assert lines[0] == ["name", "total", "severity"]
        assert [line[0] for line in lines[1:]] == ["'=1+1", "'@x", "'+3", "'-2", 'say "hi", now', "two  lines", " lead", "plain", "it's", "\u00e9\u4e2d\u6587"]
        assert [line[1] for line in lines[1:]] == [str(i) for i in range(len(names))]
        assert out.count("\r\n") == len(names) + 1


@test
def nothing_from_the_server_drives_the_terminal():
    bad = "a\x1b]0;title\x07b\u202ec\x9bd\x00e\u200bf"
    with Fake(pages([event(1, displayName=bad, service={"name": bad, "team": {"name": bad}})])) as fake:
        for form in ("table", "json", "csv"):
            code, out, _ = console("events", "-o", form, "-c", "all", data=fake.directory)
            assert code == 0
            assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", out), (form, out)
        got = json.loads(console("events", "-o", "json", data=fake.directory)[1])
        assert got[0]["name"] == bad, "json is lossless"


@test
def table_fits_the_line_and_keeps_its_columns():
    rows = [event(i, displayName=name) for i, name in enumerate(["x" * 200, "\u4e2d\u6587" * 40, "e\u0301" * 90, "short"])]
    with Fake(pages(rows)) as fake:
        for width in (40, 60, 80, 132):
            code, out, _ = console("events", data=fake.directory, env={"COLUMNS": str(width)})
            lines = out.splitlines()
            assert code == 0 and len(lines) == 5
            assert all(columns_of(line) <= width for line in lines), (width, lines)
            assert "COST/yr" in lines[0] and lines[4].startswith("short ")
        code, out, _ = console("events", data=fake.directory, env={"COLUMNS": "60", "LC_ALL": "C"})
        assert code == 0 and "\u2026" not in out and ">" in out


def columns_of(line):
    import unicodedata
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


@test
def one_object_by_its_id():
    row = event(5)
    with Fake(lambda operation, v: {"data": {"logEvent": row if v["id"] == row["id"] else None}}) as fake:
        code, out, _ = console("events", row["id"], "-o", "json", data=fake.directory)
        assert code == 0 and json.loads(out)["name"] == "event 5"
        code, out, _ = console("event", row["id"], data=fake.directory)
        assert code == 1
        code, out, _ = console("events", row["id"], data=fake.directory)
        assert code == 0 and re.search(r"^severity +INFO$", out, re.M)
        code, out, err = console("events", event(6)["id"], data=fake.directory)
        assert (code, out) == (1, "") and err == f"tero-console: no event {event(6)['id']}\n"


@test
def errors_are_one_line():
    with Fake(lambda *_: {"errors": [{"message": "out of\npaper \x1b[1m", "extensions": {"code": "INTERNAL"}}]}) as fake:
        for command in (["events"], ["status"], ["services", event(1)["id"]]):
            assert console(*command, data=fake.directory) == (1, "", "tero-console: out of paper \ufffd[1m\n")


@test
def wrong_command_lines_start_nothing():
    data = tempfile.mkdtemp(prefix="tero-")
    try:
        for arguments, says in [
            (["evnts"], "did you mean events?"),
            (["--outptu", "csv"], "did you mean --output?"),
            (["events", "-o", "xml"], "table, json, csv, yaml or markdown"),
            (["events", "-o"], "FORMAT is missing"),
            (["events", "severity:loud"], "column 1: severity: one of"),
            (["events", "--sort", "team"], "cannot sort by team"),
            (["events", "--sort", "name:up"], "COLUMN:asc"),
            (["events", "-c", "name,nope"], "no column nope"),
            (["events", "-n", "0"], "a number from 1"),
            (["events", "--read-only=yes"], "takes no value"),
            (["status", "extra"], "nothing more is expected"),
            (["help", "nothing"], "no command nothing"),
        ]:
            code, out, err = console(*arguments, data=data)
            assert (code, out) == (1, "") and says in err and err.count("\n") == 1, (arguments, err)
        assert os.listdir(data) == [], "no control plane was started"
    finally:
        shutil.rmtree(data)


@test
def help_names_every_option_and_column():
    code, out, err = console("--help")
    assert code == 0 and err == ""
    for word in ("services", "events", "status", "--read-only", "--endpoint", "TERO_DATA", "TERO_API_TOKEN", "Exit codes"):
        assert word in out, word
    code, out, _ = console("help", "events")
    assert code == 0 and "severity" in out and "firstSeen" in out
    assert console("version")[1] == console("--version")[1]


@test
def a_reader_that_goes_away_is_no_error():
    with Fake(pages([event(i) for i in range(5000)])) as fake:
        for form in ("table", "json", "csv"):
            reader, writer = os.pipe()
            os.close(reader)
            code, _, err = console("events", "-o", form, data=fake.directory, stdout=writer)
            os.close(writer)
            assert (code, err) == (0, ""), (form, code, err)
            assert len(fake.requests) < 10
            fake.requests.clear()
        with open("/dev/full", "wb") as full:
            code, _, err = console("events", data=fake.directory, stdout=full)
            assert code == 1 and "No space left" in err, err


@test
def memory_stays_the_same_over_many_pages():
    def peak(rows):
        with Fake(pages(rows)) as fake:
            script = "import resource,subprocess,sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); " \
                     "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
            out = subprocess.run(["python3", "-c", script, CONSOLE, "events", "-o", "json", "--data", fake.directory],
                                 capture_output=True, text=True, timeout=DEADLINE, check=True,
                                 env={**os.environ, "ASAN_OPTIONS": "quarantine_size_mb=1"}).stdout
            return int(out)
    small, large = peak([event(i) for i in range(2000)]), peak([event(i) for i in range(20000)])
    assert large < 1.3 * small + 1024, f"{small} KiB for 2,000 rows, {large} KiB for 20,000"


@test
def the_clear_is_for_this_machine_only():
    code, out, err = console("status", "--endpoint", "http://192.0.2.1")
    assert (code, out) == (1, "") and "https" in err


@test
def https_is_verified_and_carries_the_token():
    import ssl
    directory = tempfile.mkdtemp(prefix="tero-")
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append(dict(self.headers))
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"data": {"viewer": {"id": "user_1"}}}')

        def log_message(self, *_):
            pass

    try:
        certificate, key = os.path.join(directory, "c.pem"), os.path.join(directory, "k.pem")
        if not shutil.which("openssl"):
            raise Skip("no openssl to make a certificate with")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=test",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            where = ["--endpoint", f"https://127.0.0.1:{server.server_port}"]
            start = time.monotonic()
            code, out, err = console("status", *where, env={"TERO_API_TOKEN": "secret"})
            assert (code, out) == (1, "") and "certificate" in err and time.monotonic() - start < 10, err
            assert seen == [], "no token leaves before the certificate was verified"
            code, out, err = console("status", *where, "--ca", certificate, "--account", "acc-1", "-o", "json", env={"TERO_API_TOKEN": "secret"})
            assert (code, err) == (0, "") and json.loads(out)["viewer"] == "user_1"
            assert seen[0]["Authorization"] == "Bearer secret" and seen[0]["X-Account-ID"] == "acc-1"
            code, out, err = console("status", "--endpoint", where[1].replace("127.0.0.1", "localhost"), "--ca", certificate)
            assert code == 1 and len(seen) == 1, "the certificate is not for that name"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
    finally:
        shutil.rmtree(directory)


@test
def real_records_are_listed_with_their_counts():
    with Server() as s:
        s.logs(otlp("checkout", ["payment accepted"] * 30 + ["payment declined"] * 12))
        s.logs(otlp("front", ["page served"] * 7, severity=5))
        wait_for(lambda: s.counted() == 49, "the records to be counted")
        code, out, err = console("services", "-o", "json", "--sort", "name", data=s.data)
        assert (code, err) == (0, ""), err
        assert [(row["name"], row["total"], row["events"]) for row in json.loads(out)] == [("checkout", 42, 2), ("front", 7, 1)]
        code, out, err = console("events", "-o", "json", "service:checkout", "--sort", "total", data=s.data)
        assert [(row["name"], row["total"]) for row in json.loads(out)] == [("payment accepted", 30), ("payment declined", 12)], out
        for arguments, names in [
            (["severity:debug"], ["page served"]),
            (["-severity:debug", "-declined"], ["payment accepted"]),
            (["payment declined"], ["payment declined"]),
            (["name:page*"], ["page served"]),
            (["total:7..12", "--sort", "name"], ["page served", "payment declined"]),
            (["rate:>1", "enabled:yes", "--sort", "name:desc", "-n", "2"], ["payment declined", "payment accepted"]),
            (["nothing-like-this"], []),
        ]:
            code, out, err = console("events", "-o", "json", *arguments, data=s.data)
            assert code == 0 and [row["name"] for row in json.loads(out)] == names, (arguments, out, err)
        one = json.loads(console("events", "-o", "json", "payment accepted", data=s.data)[1])[0]
        code, out, err = console("events", one["id"], "-o", "json", "-c", "name,total,series", data=s.data)
        found = json.loads(out)
        assert (found["name"], found["total"], sum(v or 0 for v in found["series"])) == ("payment accepted", 30, 30)
        status = json.loads(console("status", "-o", "json", data=s.data)[1])
        assert (status["services"], status["logEvents"], status["records"]) == (2, 3, 49)
        assert console("events", data=s.data)[1].count("\n") == 4
        assert console("status", "--read-only", data=s.data)[0] == 0


@test
def every_column_sorts_on_the_real_control_plane():
    with Server() as s:
        s.logs(otlp("a", ["one fine thing"] * 3 + ["another thing"]))
        wait_for(lambda: s.counted() == 4, "the records to be counted")
        for resource in ("services", "events"):
            columns = re.findall(r"^  (\w+) +\*", console("help", resource)[1], re.M)
            assert len(columns) > 6
            for column in columns:
                code, out, err = console(resource, "-o", "csv", "--sort", column, data=s.data)
                assert (code, err) == (0, "") and out.count("\r\n") == (2 if resource == "services" else 3), (column, err)


def pid_of(directory):
    """Of the control plane that holds the directory's lock, or None."""
    try:
        with open(os.path.join(directory, "lock"), "r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return None
            except BlockingIOError:
                return int(lock.read() or 0) or None
    except FileNotFoundError:
        return None


@test
def the_first_command_starts_a_control_plane_that_ends_with_the_last():
    directory = tempfile.mkdtemp(prefix="tero-")
    data = os.path.join(directory, "new", "data")
    try:
        code, out, err = console("status", "-o", "json", data=data)
        assert (code, err) == (0, ""), err
        assert json.loads(out)["kind"] == "embedded" and json.loads(out)["records"] == 0
        wait_for(lambda: pid_of(data) is None, "the control plane to end")
        assert os.stat(data).st_mode & 0o777 == 0o700
    finally:
        shutil.rmtree(directory)


@test
def consoles_that_start_at_once_share_one_control_plane():
    data = tempfile.mkdtemp(prefix="tero-")
    try:
        with open(os.path.join(data, "consoles"), "w") as consoles:
            fcntl.flock(consoles, fcntl.LOCK_SH)
            results = []
            threads = [threading.Thread(target=lambda: results.append(console("status", "-o", "json", data=data))) for _ in range(6)]
            for t in threads:
                t.start()
            for t in threads:
                t.join()
            assert [code for code, _, _ in results] == [0] * 6, results
            assert len({json.loads(out)["startedAt"] for _, out, _ in results}) == 1
            first = wait_for(lambda: pid_of(data), "the control plane")
            os.kill(first, signal.SIGKILL)
            wait_for(lambda: pid_of(data) is None, "its end")
            code, out, err = console("status", "-o", "json", data=data)
            assert (code, err) == (0, "") and pid_of(data) not in (None, first), "started again after kill -9"
        wait_for(lambda: pid_of(data) is None, "the control plane to end")
    finally:
        shutil.rmtree(data)


@test
def a_control_plane_that_cannot_start_says_why():
    data = tempfile.mkdtemp(prefix="tero-")
    try:
        with open(os.path.join(data, "control-plane.db"), "w") as f:
            f.write("this is no database, and long enough to be seen as one " * 20)
        code, out, err = console("status", data=data)
        assert (code, out) == (1, "") and err.count("\n") == 1 and "does not start" in err, err
        assert console("status", data="/proc/nothing/here")[0] == 1
    finally:
        shutil.rmtree(data)


main()
