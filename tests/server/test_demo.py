"""`tero-control-plane demo` beside the real server, and `tero-console --demo` on a terminal: what it fills, what it refuses, what
it leaves behind."""

import pty
import threading

from harness import *

CONSOLE = os.path.join(BUILD, "tero-console")
EDGES = ["edge-ams-1", "edge-fra-1", "edge-fra-2"]


def demo(data, *arguments, seconds=90):
    return run("demo", "--data", data, *arguments, seconds=seconds)


def read(data, query):
    with sqlite3.connect(f"file:{data}/control-plane.db?mode=ro", uri=True) as db:
        return db.execute(query).fetchall()


def events(data):
    return sorted(read(data, "select service_name, template, events from log_events"))


@test
def a_week_of_an_invented_company():
    with Server() as s:
        code, out, err = demo(s.data, "--progress")
        assert code == 0 and not err, (code, err)
        last = json.loads(out.splitlines()[-1])
        assert last["done"] is True and last["rejected"] == 0 and 95_000 < last["records"] < 105_000, last
        a = s.graphql("{ services { totalCount } issues(first: 100) { edges { node { title } } } }")
        assert a["data"]["services"]["totalCount"] == 12, a
        titles = [e["node"]["title"] for e in a["data"]["issues"]["edges"]]
        for part in ("Debug mode left on", "Health checks in", "Steady failures between", "floods when", "Secrets in", "Payment data in",
                     "Personal data in", "Health data in", "Large payloads in", "Duplicate fields in", "Crawlers in"):
            assert any(part in t for t in titles), (part, titles)

        def seen():
            nodes = s.graphql("{ edgeInstances { edges { node { instanceID } } } }")
            return nodes if sorted(e["node"]["instanceID"] for e in nodes["data"]["edgeInstances"]["edges"]) == EDGES else None

        wait_for(seen, "the edges")


@test
def the_same_seed_gives_the_same_catalog():
    with Server() as s, Server() as t, Server() as u:
        for server, seed in ((s, "7"), (t, "7"), (u, "8")):
            code, _, err = demo(server.data, "--seed", seed)
            assert code == 0, err
        assert events(s.data) == events(t.data)
        sizes = [read(server.data, "select sum(bytes) from log_events") for server in (s, t, u)]
        assert sizes[0] == sizes[1] != sizes[2], sizes


@test
def real_data_is_never_mixed_with_it():
    with Server() as s:
        code, _, err = run("ingest", "--data", s.data, "--service", "mine", "-", input=b"2026-11-20T10:00:00Z INFO real\n")
        assert code == 0, err
        code, out, err = demo(s.data)
        assert code == 2 and not out and "its catalog is not empty" in err and err.count("\n") == 1, (code, err)
        assert {service for service, _, _ in events(s.data)} == {"mine"}


@test
def what_is_missing_is_said_in_a_line():
    code, out, err = run("demo")
    assert code == 1 and not out and err == "tero-control-plane demo: --data DIR is missing\n", err
    for words in (["--demo", "--data", "/nonexistent"], ["--demo", "--endpoint", "https://tero.example"], ["--demo", "issues"],
                  ["--demo", "status"], ["--demo"]):
        p = subprocess.run([CONSOLE, *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE)
        assert p.returncode == 1 and not p.stdout and p.stderr.count(b"\n") == 1 and b"--demo" in p.stderr, (words, p)


class Demo:
    """tero-console --demo on a terminal; its place is in a folder of the test."""

    def __init__(self, folder, marked=True):
        self.folder = folder
        self.screen = b""
        before = set(os.listdir(folder))
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            env = {**os.environ, "TMPDIR": folder, "TERM": "xterm-256color", "HOME": folder, "TERO_DATA": folder + "/never", "LC_ALL": "C.UTF-8"}
            os.execve(CONSOLE, [CONSOLE, "--demo"], env)
        threading.Thread(target=self._read, daemon=True).start()
        wait_for(lambda: [n for n in os.listdir(folder) if n.startswith("tero-demo-") and n not in before], "the place")
        self.place = os.path.join(folder, [n for n in os.listdir(folder) if n.startswith("tero-demo-") and n not in before][0])
        if marked:
            wait_for(lambda: b"DEMO" in self.screen, "the mark")

    def _read(self):
        try:
            while part := os.read(self.terminal, 65536):
                self.screen += part
        except OSError:
            pass

    def write(self, keys):
        os.write(self.terminal, keys)

    def end(self):
        """The exit status; the terminal is closed."""
        ended = []

        def waited():
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            ended.append(status)
            return pid

        wait_for(waited, "the end of the console")
        os.close(self.terminal)
        return ended[-1]


def lock_is_free(place):
    with open(os.path.join(place, "data", "lock")) as f:
        try:
            fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except OSError:
            return False


def places(folder):
    return [n for n in os.listdir(folder) if n.startswith("tero-demo-")]


@test
def nothing_is_left_behind():
    with tempfile.TemporaryDirectory() as folder:
        for how in ("Q", "^C", "TERM", "HUP", "early"):
            d = Demo(folder, marked=how != "early")
            assert os.stat(d.place).st_mode & 0o7777 == 0o700
            if how == "Q":
                wait_for(lambda: b"Log events by cost" in d.screen, "the catalog")
                d.write(b"Q")
            elif how == "^C":
                d.write(b"\x03\x03")
            else:
                os.kill(d.pid, signal.SIGHUP if how == "HUP" else signal.SIGTERM)
            assert d.end() == 0
            assert places(folder) == [], (how, places(folder))
            assert not os.path.exists(folder + "/never")


@test
def what_a_killed_console_left_is_removed_by_the_next():
    with tempfile.TemporaryDirectory() as folder:
        killed = Demo(folder)
        running = Demo(folder)
        wait_for(lambda: os.path.exists(os.path.join(killed.place, "data", "lock")), "its control plane")
        os.kill(killed.pid, signal.SIGKILL)
        killed.end()
        wait_for(lambda: lock_is_free(killed.place), "the end of its control plane")
        assert os.path.isdir(killed.place)
        third = Demo(folder)
        assert not os.path.exists(killed.place) and os.path.isdir(running.place)
        for d in (third, running):
            d.write(b"Q")
            d.end()
        assert places(folder) == []


main()
