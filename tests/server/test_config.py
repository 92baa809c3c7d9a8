"""The settings file of tero-console: show, check, edit, schema; what wins; tokens; read-only on a terminal."""

import fcntl
import http.server
import json
import os
import pty
import select
import struct
import subprocess
import tempfile
import termios
import threading

from harness import *

CONSOLE = os.path.join(BUILD, "tero-console")
QUIET = {"TERO_OTLP": "off"}


class Home:
    """A home with a settings file."""

    def __init__(self, text=None):
        self.path = tempfile.mkdtemp(prefix="tero-")
        self.directory = os.path.join(self.path, "config", "tero")
        self.file = os.path.join(self.directory, "config.yaml")
        if text is not None:
            os.makedirs(self.directory)
            self.write(text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path)

    def write(self, text, name="config.yaml", mode=0o600):
        path = os.path.join(self.directory, name)
        with open(path, "w") as f:
            f.write(text)
        os.chmod(path, mode)
        return path

    def read(self, name="config.yaml"):
        with open(os.path.join(self.directory, name)) as f:
            return f.read()

    def environment(self, env=None):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("TERO_") and k not in ("VISUAL", "EDITOR", "NO_COLOR")}
        return {**clean, "HOME": self.path, "XDG_CONFIG_HOME": self.path + "/config", "XDG_STATE_HOME": self.path + "/state",
                "XDG_DATA_HOME": self.path + "/share", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", **QUIET, **(env or {})}

    def console(self, *arguments, env=None):
        p = subprocess.run([CONSOLE, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE, env=self.environment(env))
        return p.returncode, p.stdout.decode(), p.stderr.decode()

    def show(self, *arguments, env=None):
        code, out, err = self.console("config", "show", "-o", "json", *arguments, env=env)
        assert code == 0, (code, err)
        return {row["name"]: row for row in json.loads(out)}


class Recorder:
    """A control plane on TCP that answers everything with an error and keeps what it was sent."""

    def __init__(self, answer=None):
        self.requests = []
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                recorder.requests.append((body["query"], self.headers.get("Authorization"), self.headers.get("X-Account-ID")))
                made = json.dumps((answer or (lambda query: {"data": {}}))(body["query"])).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(made)))
                self.end_headers()
                self.wfile.write(made)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # the client went away

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def mutations(self):
        return [query for query, _, _ in self.requests if query.lstrip().startswith("mutation")]


class Terminal:
    """The console on a pseudo terminal; what it writes is kept."""

    def __init__(self, home, *arguments, env=None):
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
        self.text = ""
        self.process = subprocess.Popen([CONSOLE, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=home.environment(env),
                                        start_new_session=True)
        os.close(theirs)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.ours)

    def listen(self):
        if select.select([self.ours], [], [], 0.01)[0]:
            try:
                self.text += os.read(self.ours, 65536).decode(errors="replace")
            except OSError:
                pass
        return self.text

    def wait(self, text):
        try:
            wait_for(lambda: text in self.listen(), f"{text!r} on the terminal")
        except AssertionError as e:
            raise AssertionError(f"{e}: {self.text!r}")
        self.text = ""

    def keys(self, text):
        self.text = ""
        os.write(self.ours, text.encode())

    def end(self):
        def ended():
            self.listen()
            return self.process.poll() is not None

        wait_for(ended, "the console to end")
        return self.process.returncode, self.listen()


@test
def without_a_file_the_defaults_hold():
    with Home() as home:
        code, out, err = home.console("config", "check")
        assert (code, err) == (0, "") and "not there, so the defaults hold" in out, out
        rows = home.show()
        assert rows["theme"]["value"] == "default" and rows["theme"]["from"] == "default", rows["theme"]
        assert rows["history"]["value"] == 500 and rows["color"]["value"] is True and rows["endpoint"]["value"] is None
        assert home.console("config", "path")[1] == home.file + "\n"


@test
def show_says_where_each_value_comes_from():
    text = "theme: mono\nhistory: 7\nprofile: a\nprofiles:\n  a: {endpoint: 'https://a.example', read_only: soft}\nkeys: {bind: {sort: '%'}}\n"
    with Home(text) as home:
        rows = home.show("--ascii", env={"TERO_THEME": "dark", "TERO_API_TOKEN": "very-secret"})
        got = {name: (row["value"], row["origin"], row["line"]) for name, row in rows.items()}
        assert got["theme"] == ("dark", "environment", None), got
        assert got["history"] == (7, "file", 2) and got["endpoint"] == ("https://a.example", "profile", 5), got
        assert got["read_only"] == ("soft", "profile", 5) and rows["read_only"]["profile"] == "a", got
        assert got["ascii"] == (True, "option", None) and got["keys.bind.sort"] == ("%", "file", 6), got
        assert rows["history"]["file"] == home.file and rows["theme"]["from"] == "TERO_THEME" and rows["ascii"]["from"] == "--ascii"
        assert rows["token"]["value"] == "(not shown)" and rows["token"]["from"] == "TERO_API_TOKEN", rows["token"]
        code, out, err = home.console("config", "show", env={"TERO_API_TOKEN": "very-secret"})
        assert code == 0 and f"profile a, {home.file}:5" in out and "very-secret" not in out + err, out


@test
def check_lists_every_mistake_and_exits_2():
    with Home("them: x\nascii: maybe\nkeys: {bind: {srot: x}}\n") as home:
        code, out, err = home.console("config", "check")
        assert (code, err) == (2, "") and [line.split(": ", 1)[0] for line in out.splitlines()] == [
            f"{home.file}:1:1", f"{home.file}:2:8", f"{home.file}:3:15"], out
        other = home.write("theme: mono\n", "other.yaml")
        assert home.console("config", "check", other)[0] == 0
        assert home.console("config", "check", other + "x")[0] == 1
        for command in (["status"], ["events"], ["config", "show"]):
            code, out, err = home.console(*command)
            assert code == 1 and out == "" and err.count("\n") == 1 and f"{home.file}:1:1: no setting them; did you mean theme?" in err, err
        for command in (["--help"], ["version"], ["keys"], ["config", "path"], ["config", "schema"]):
            assert home.console(*command)[0] == 0, command
        code, out, err = home.console("config", "shwo")
        assert code == 1 and err == "tero-console: config shwo: did you mean show?\n", err


@test
def a_bad_file_stops_the_console_with_one_line():
    with Home("theme: mono\nkeys:\n  bind: {sort: Nokey}\n") as home, Terminal(home) as terminal:
        code, text = terminal.end()
        assert code == 1 and text.strip() == f'tero-console: {home.file}:3:16: keys.bind: no key "Nokey"', text


@test
def schema_and_documentation_are_up_to_date():
    with Home() as home:
        schema = json.loads(home.console("config", "schema")[1])
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema" and schema["additionalProperties"] is False
        assert schema["properties"]["read_only"]["enum"] == [False, "soft", True, None]
        made = home.console("config", "schema", "--markdown")[1]
        with open(os.path.join(ROOT, "docs", "config.md")) as f:
            assert f.read().endswith("\n" + made), "docs/config.md: put the output of config schema --markdown at its end"


def editor(home, *texts):
    """An editor that writes the texts one after the other; the file before is kept as seen.N."""
    os.makedirs(home.directory, exist_ok=True)
    script = home.path + "/editor"
    for i, text in enumerate(texts):
        with open(f"{home.path}/text.{i}", "w") as f:
            f.write(text)
    with open(script, "w") as f:
        f.write(f'#!/bin/sh\nn=$(ls {home.path}/seen.* 2>/dev/null | wc -l)\ncp "$1" {home.path}/seen.$n\ncp {home.path}/text.$n "$1"\n')
    os.chmod(script, 0o700)
    return {"EDITOR": script}


@test
def edit_begins_with_the_sample_and_replaces_the_file_whole():
    with Home() as home:
        env = editor(home, "theme: mono\n", "theme: dark\n")
        code, out, err = home.console("config", "edit", env=env)
        assert (code, err) == (0, "") and home.read() == "theme: mono\n", (code, err)
        assert os.stat(home.file).st_mode & 0o777 == 0o600
        with open(home.path + "/seen.0") as f:
            assert "#theme: default" in f.read()
        target = home.write("theme: light\n", "elsewhere.yaml", 0o644)
        os.remove(home.file)
        os.symlink("elsewhere.yaml", home.file)
        assert home.console("config", "edit", env=env)[0] == 0
        assert os.path.islink(home.file) and home.read("elsewhere.yaml") == "theme: dark\n" and os.stat(target).st_mode & 0o777 == 0o644
        assert sorted(os.listdir(home.directory)) == ["config.yaml", "elsewhere.yaml"], os.listdir(home.directory)


@test
def edit_keeps_a_wrong_text_out_of_the_file():
    with Home("theme: mono\n") as home:
        code, out, err = home.console("config", "edit", env=editor(home, "theme: [\n"))
        assert code == 2 and f"{home.file}:2:1: " in err and home.read() == "theme: mono\n", err
        assert home.read("config.yaml.rejected") == "theme: [\n"


@test
def edit_offers_to_edit_again():
    with Home("theme: mono\n") as home, Terminal(home, "config", "edit", env=editor(home, "them: x\n", "theme: dark\n")) as terminal:
        terminal.wait("Edit it again?")
        terminal.keys("\n")
        code, text = terminal.end()
        assert code == 0 and "saved" in text and home.read() == "theme: dark\n", text
        with open(home.path + "/seen.1") as f:
            assert f.read() == "them: x\n"


PROFILES = """
endpoint: {0}
token_file: file.token
profiles:
  one: {{endpoint: "{1}", token_file: one.token, account: 0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b}}
"""


@test
def tokens_go_to_their_own_control_plane_only():
    with Recorder() as first, Recorder() as second, Home("") as home:
        home.write(PROFILES.format(first.url, second.url))
        home.write("token-of-file\n", "file.token")
        home.write("token-of-one\n", "one.token", 0o400)
        home.console("status")
        assert {r[1] for r in first.requests} == {"Bearer token-of-file"}, first.requests
        home.console("status", "-p", "one")
        assert {r[1] for r in second.requests} == {"Bearer token-of-one"}, second.requests
        assert {r[2] for r in second.requests} == {"0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"}, second.requests
        first.requests.clear()
        home.console("status", "--endpoint", first.url, env={"TERO_PROFILE": "one"})
        home.console("status", env={"TERO_PROFILE": "one", "TERO_API_ENDPOINT": first.url})
        assert len(first.requests) >= 2 and {r[1:] for r in first.requests} == {(None, None)}, first.requests
        first.requests.clear()
        home.console("status", env={"TERO_API_TOKEN": "of-environment"})
        assert {r[1] for r in first.requests} == {"Bearer of-environment"}, first.requests


@test
def token_files_that_others_can_read_are_refused():
    with Recorder() as server, Home("") as home:
        home.write(f"endpoint: {server.url}\ntoken_file: t\n")
        path = os.path.join(home.directory, "t")
        cases = [("secret\n", 0o640, "others may read or write it; chmod 600 mends that"), ("secret\n", 0o604, "others may read"),
                 ("", 0o600, "empty"), ("two words\n", 0o600, "one line of ASCII"), ("a\nb\n", 0o600, "one line of ASCII"),
                 ("x" * 20000, 0o600, "too large")]
        for text, mode, why in cases:
            home.write(text, "t", mode)
            code, out, err = home.console("status")
            assert code == 1 and why in err and path in err and err.count("\n") == 1 and "secret" not in err, (text[:20], err)
        os.remove(path)
        assert "No such file" in home.console("status")[2]
        os.mkfifo(path, 0o600)
        assert "not a regular file" in home.console("status")[2]
        assert server.requests == []


def service(query):
    """One service that can be switched; everything else has nothing."""
    node = {"id": "0190a1b2-c3d4-8e5f-8a6b-7c8d9e0f1a2b", "name": "checkout", "displayName": "checkout", "enabled": True}
    if "services(" in query:
        return {"data": {"services": {"totalCount": 1, "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": "a",
                                                                    "endCursor": "a"}, "edges": [{"cursor": "a", "node": node}]}}}
    if "service(" in query:
        return {"data": {"service": node}}
    return {"data": {}}


def try_to_disable(home, *arguments):
    terminal = Terminal(home, "--fresh", *arguments)
    terminal.wait("Tero")
    terminal.keys("4")
    terminal.wait("checkout")
    terminal.keys("E")
    return terminal


@test
def read_only_lets_no_mutation_leave():
    with Recorder(service) as server, Home("") as home:
        home.write(f"profiles: {{p: {{endpoint: '{server.url}', read_only: true}}, s: {{endpoint: '{server.url}', read_only: soft}}}}\n")
        with try_to_disable(home, "-p", "p") as terminal:
            terminal.wait("read-only by profile p, config.yaml:1")
            terminal.keys("R")
            terminal.wait("R cannot lift it")
            terminal.keys("E")
            terminal.wait("enable: read-only by profile p")
            terminal.keys("Q")
            terminal.end()
        with try_to_disable(home, "-p", "s", "--read-only") as terminal:
            terminal.wait("read-only by --read-only")
            terminal.keys("Q")
            terminal.end()
        assert server.requests and server.mutations() == [], server.mutations()
        with try_to_disable(home, "-p", "s") as terminal:
            terminal.wait("R switches it off")
            terminal.keys("R")
            terminal.wait("changes are allowed")
            terminal.keys("E")
            terminal.wait("Disable?")
            terminal.keys("y")
            wait_for(lambda: terminal.listen() and server.mutations(), "the mutation that is allowed")


main()
