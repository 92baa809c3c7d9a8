"""`tero-control-plane ingest` against the real binary: beside a running server and straight into the store."""
import json

from harness import *

LINES = "".join(f"2026-11-20T10:00:{i % 60:02}Z INFO request {i} served in {i * 3} ms\n" for i in range(2500))


class Place:
    """A folder for inputs and a data directory, without a server."""

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix="tero-ingest-")
        self.data = os.path.join(self.directory, "data")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.directory, ignore_errors=True)

    def file(self, name, content):
        path = os.path.join(self.directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())
        return path

    def ingest(self, *arguments, input=None, data=None):
        return run("ingest", "--data", data or self.data, *arguments, input=input)

    def rows(self, data=None):
        """What is in the store: {(service, template): events}."""
        with sqlite3.connect(f"file:{data or self.data}/control-plane.db?mode=ro", uri=True) as db:
            return {(s, t): n for s, t, n in db.execute("select service_name, template, events from log_events")}


def total(rows):
    return sum(rows.values())


@test
def the_store_and_the_server_give_the_same_catalog():
    with Place() as p, Server() as s:
        path = p.file("log/shop/app.log", LINES)
        for data in (p.data, s.data):
            code, out, err = p.ingest(path, data=data)
            assert code == 0, err
            assert out.startswith("2500 records, "), out
            assert ", 1 patterns, " in out and out.endswith(" 0 rejected\n"), out
        assert p.rows() == p.rows(s.data), (p.rows(), p.rows(s.data))
        assert [(service, n) for (service, _), n in p.rows().items()] == [("shop", 2500)], p.rows()


@test
def every_line_counts_once():
    with Place() as p:
        code, out, _ = p.ingest("--service", "mine", p.file("a.log", LINES), p.file("b.log", LINES.rstrip("\n")), "-", input=LINES.encode())
        assert code == 0 and out.startswith("7500 records, "), out
        assert {service for service, _ in p.rows()} == {"mine"}
        assert total(p.rows()) == 7500


@test
def gzip_files_are_unpacked():
    with Place() as p:
        whole = gzip.compress(LINES.encode())
        members = gzip.compress(LINES[:999].encode()) + gzip.compress(LINES[999:].encode()) + b"\0" * 512
        code, out, err = p.ingest(p.file("a.log.1.gz", whole), p.file("b.log.2.gz", members))
        assert code == 0 and out.startswith("5000 records, "), (out, err)
        code, out, err = p.ingest(p.file("cut.gz", whole[: len(whole) // 2]))
        assert code == 1 and "cut.gz: the gzip data end too early" in err, err


@test
def rejected_lines_are_named():
    with Place() as p:
        path = p.file("x.jsonl", '{"msg":"fine","time":1795442706}\nnot json\n{"msg":\n')
        code, out, err = p.ingest("--format", "json", path)
        assert code == 0, err
        assert out.startswith("1 records, ") and out.endswith(" 2 rejected\n"), out
        assert f"rejected: {path}:2: " in err and f"rejected: {path}:3: " in err, err


@test
def what_cannot_be_read_is_one_line_and_an_exit_code():
    with Place() as p:
        missing = os.path.join(p.directory, "missing.log")
        code, out, err = p.ingest(missing, p.file("good.log", LINES))
        assert code == 1 and err == f"tero-control-plane ingest: {missing}: No such file or directory\n", err
        assert out.startswith("2500 records, "), out
        for name, content, why in (("a.bin", bytes(range(32)) * 40, "not a text file"), ("a.xz", b"\xfd7zXZ\0\0", "compressed with xz"),
                                   ("a.gz", b"\x1f\x8b\x08\0garbage" * 9, "")):
            path = p.file(name, content)
            code, out, err = p.ingest(path)
            assert code == 1 and err.startswith(f"tero-control-plane ingest: {path}: {why}") and err.count("\n") == 1, err
        code, _, err = p.ingest(p.directory)
        assert code == 1 and "is a folder" in err, err
        assert p.ingest()[0] == 1 and p.ingest("--format", "xml", "-")[0] == 1 and p.ingest("--follow", "a", "b")[0] == 1


@test
def progress_is_json_lines():
    with Place() as p:
        code, out, err = p.ingest("--progress", p.file("a.log", LINES * 8))
        assert code == 0 and err == "", err
        lines = [json.loads(line) for line in out.splitlines()]
        assert all(set(line) == {"records", "bytes", "patterns", "rejected", "fraction", "done"} for line in lines), lines
        assert [line["done"] for line in lines] == [False] * (len(lines) - 1) + [True]
        assert lines[-1]["records"] == 20000 and lines[-1]["fraction"] == 1 and lines[-1]["bytes"] == len(LINES) * 8, lines[-1]
        assert all(a["records"] <= b["records"] for a, b in zip(lines, lines[1:]))


class Following:
    def __init__(self, place, path, *arguments):
        self.process = subprocess.Popen([PROGRAM, "ingest", "--data", place.data, "--progress", *arguments, "--follow", path],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.seen = {"records": 0}
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.seen = json.loads(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def reaches(self, records):
        wait_for(lambda: self.process.poll() is not None or self.seen["records"] >= records, f"{records} records, {self.seen}")
        assert self.seen["records"] == records, (self.seen, self.process.poll())

    def switches(self):
        with open(f"/proc/{self.process.pid}/status") as f:
            return int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", f.read(), re.M).group(1))

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(DEADLINE)
        self.reader.join(DEADLINE)
        return code


@test
def a_followed_file_survives_rotation_and_truncation():
    with Place() as p:
        path = p.file("log/app.log", LINES)
        with Following(p, path) as f:
            f.reaches(2500)
            with open(path, "a") as log:
                log.write(LINES[:len(LINES) // 2500])
                log.flush()
                f.reaches(2501)
                os.rename(path, path + ".1")
                log.write(LINES.splitlines(True)[5])
                log.flush()
            p.file("log/app.log", LINES)
            f.reaches(5002)
            with open(path, "r+") as log:
                log.truncate(0)
                log.write(LINES.splitlines(True)[7])
            f.reaches(5003)
            os.unlink(path)
            p.file("log/app.log", LINES.splitlines(True)[9])
            f.reaches(5004)
            assert f.stop() == 0
            assert f.seen["done"] and f.seen["records"] == 5004, f.seen
        assert total(p.rows()) == 5004


@test
def a_followed_file_at_rest_costs_no_wake_up():
    with Place() as p, Server() as s:
        path = p.file("log/app.log", LINES)
        p.data = s.data
        with Following(p, path) as f:
            f.reaches(2500)

            def still():
                before = f.switches()
                end = time.monotonic() + 1.0
                wait_for(lambda: time.monotonic() >= end, "a second to pass")
                return f.switches() == before

            wait_for(still, "a second without a wake-up")
            assert f.stop() == 0


@test
def an_interrupt_finishes_the_batch_and_says_so():
    with Place() as p:
        process = subprocess.Popen([PROGRAM, "ingest", "--data", p.data, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdin.write(LINES.encode())
        process.stdin.flush()
        wait_for(lambda: os.path.exists(p.data + "/control-plane.db") and total(rows_or_none(p)) == 2500, "the records")
        process.send_signal(signal.SIGINT)
        assert process.wait(DEADLINE) == 0
        out = process.stdout.read()
        assert out.startswith(b"2500 records, ") and out.endswith(b"(interrupted)\n"), out


def rows_or_none(p):
    try:
        return p.rows()
    except sqlite3.OperationalError:
        return {}


@test
def the_journal_is_read_through_journalctl():
    entries = [{"__REALTIME_TIMESTAMP": str(1795442706000000 + i), "PRIORITY": "6", "_SYSTEMD_UNIT": "ssh.service",
                "SYSLOG_IDENTIFIER": "sshd", "MESSAGE": f"Accepted key number {i}"} for i in range(50)]
    with Place() as p:
        tools = os.path.join(p.directory, "bin")
        source = p.file("entries", "".join(json.dumps(e) + "\n" for e in entries))
        fake = p.file("bin/journalctl", f'#!/bin/sh\ncase "$*" in *--output=json*) exec cat {source} ;; esac\nexit 1\n')
        os.chmod(fake, 0o755)
        code, out, err = run("ingest", "--data", p.data, "--journal", env={"PATH": tools + ":" + os.environ["PATH"]})
        assert code == 0 and out.startswith("50 records, "), (out, err)
        assert list(p.rows().items()) == [(("ssh", "Accepted key number <*>"), 50)], p.rows()
        p.file("bin/journalctl", "#!/bin/sh\necho 'no access to the journal' >&2\necho more >&2\nexit 1\n")
        code, _, err = run("ingest", "--data", p.data, "--journal", env={"PATH": tools + ":" + os.environ["PATH"]})
        assert code == 1 and err == "tero-control-plane ingest: journal: no access to the journal\n", err
        code, _, err = run("ingest", "--data", p.data, "--journal", env={"PATH": "/nonexistent"})
        assert code == 1 and err == "tero-control-plane ingest: journal: there is no journalctl on this machine\n", err


@test
def a_busy_control_plane_is_tried_again():
    """A stand-in that answers 429, then 503, then closes the connection, then takes the records."""
    with Place() as p:
        os.makedirs(p.data, 0o700)
        answers = [b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\nno",
                   b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", b"",
                   b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n"]
        times, listener = [], socket.socket(socket.AF_UNIX)
        listener.bind(p.data + "/control-plane.sock")
        listener.listen()

        def serve():
            connection, _ = listener.accept()
            stream = connection.makefile("rwb")
            for answer in answers:
                length = 0
                while (line := stream.readline()) not in (b"\r\n", b""):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                stream.read(length)
                times.append(time.monotonic())
                if not answer:
                    stream.close()
                    connection.close()
                    connection, _ = listener.accept()
                    stream = connection.makefile("rwb")
                    continue
                stream.write(answer)
                stream.flush()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        code, out, err = p.ingest("-", input=b"hello\n")
        thread.join(DEADLINE)
        listener.close()
        assert code == 0 and out.startswith("1 records, "), (out, err)
        assert len(times) == 4 and times[1] - times[0] >= 1, times


@test
def killing_the_server_under_an_ingest_loses_no_committed_record():
    with Place() as p:
        with Server() as s:
            p.data = s.data
            process = subprocess.Popen([PROGRAM, "ingest", "--data", p.data, "--progress", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE)
            seen = []
            reader = threading.Thread(target=lambda: seen.extend(process.stdout), daemon=True)
            reader.start()
            process.stdin.write(LINES.encode())
            process.stdin.flush()
            wait_for(lambda: seen and json.loads(seen[-1])["records"] == 2500, "the first records")
            s.kill()
            s.start()
            process.stdin.write(LINES.encode())
            process.stdin.close()
            assert process.wait(DEADLINE) == 0, process.stderr.read()
            reader.join(DEADLINE)
            assert json.loads(seen[-1])["records"] == 5000, seen[-1]
            assert total(p.rows()) == 5000, p.rows()


main()
