"""Runs the real tero-control-plane for a test, and speaks raw HTTP to it.

    from harness import *

    @test
    def health_is_answered():
        with Server() as s:
            assert s.request("GET", "/healthz").status == 200

    main()

Each @test prints one TAP line; a failed assert is "not ok" with the traceback and the end of the server's log.
A Server has its own data directory, removed at the end. Nothing sleeps: wait_for() polls a condition with a deadline.
The binaries come from $BUILD (default: build). Standard library only.
"""

import fcntl
import gzip
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
PROGRAM = os.path.join(BUILD, "tero-control-plane")
DEADLINE = 120.0  # of what should take far less: a busy machine is no failure


class Skip(Exception):
    """Raise it with the reason when a test cannot run here."""


def wait_for(condition, what, seconds=DEADLINE):
    """Polls until condition() is true and gives its value; AssertionError after the deadline."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {seconds} s in vain: {what}"
        time.sleep(0.005)


def run(*arguments, input=None, env=None, seconds=DEADLINE):
    """One command of the program to its end: (exit code, stdout, stderr) as text."""
    p = subprocess.run([PROGRAM, *arguments], input=input, capture_output=True, timeout=seconds, env={**os.environ, **(env or {})})
    return p.returncode, p.stdout.decode(), p.stderr.decode()


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.headers} {self.body[:400]!r}>"


class Raw:
    """A connection that sends what it is given, byte for byte."""

    def __init__(self, address, seconds=DEADLINE):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(seconds)
        try:
            self.socket.connect(address)
        except OSError:
            self.socket.close()
            raise
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode())

    def _more(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("closed by the server")
        self.rest += data

    def answer(self, head_only=False):
        """The next answer; ConnectionError where the server closes before its end."""
        while b"\r\n\r\n" not in self.rest:
            self._more()
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ")[1])
        headers = {k.strip().lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:])}
        length = 0 if head_only or status < 200 else int(headers.get("content-length", 0))
        while len(self.rest) < length:
            self._more()
        body, self.rest = self.rest[:length], self.rest[length:]
        return Answer(status, headers, body)

    def closed(self):
        """True once the server has closed; what it says before is dropped."""
        try:
            while self.socket.recv(65536):
                pass
            return True
        except ConnectionError:
            return True
        except TimeoutError:
            return False


def head(method, path, length=None, headers=None):
    lines = [f"{method} {path} HTTP/1.1", "Host: test"]
    lines += [f"{k}: {v}" for k, v in (headers or {}).items()]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Server:
    """tero-control-plane serve on a data directory of its own; started by `with`, or start()."""

    def __init__(self, *arguments, tcp=False, data=None, env=None, prepare=None, wrapper=()):
        self.directory = None if data else tempfile.mkdtemp(prefix="tero-")
        self.data = data or os.path.join(self.directory, "data")
        self.log_path = self.data + ".log"
        self.socket = os.path.join(self.data, "control-plane.sock")
        self.arguments = ["--listen", "127.0.0.1:0" if tcp is True else tcp] if tcp else ["--no-tcp"]
        self.arguments += arguments
        self.env, self.prepare, self.wrapper = env or {}, prepare, wrapper
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        try:
            if self.process and self.process.poll() is None:
                self.process.kill()
            if self.process:
                self.process.wait()
        finally:
            if self.directory:
                shutil.rmtree(self.directory, ignore_errors=True)

    def launch(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [*self.wrapper, PROGRAM, "serve", "--data", self.data, *self.arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=self.prepare, env={**os.environ, **self.env})
        Server.last = self
        return self

    def start(self):
        self.launch()
        wait_for(self.is_ready, "the server to be ready")
        return self

    def is_ready(self):
        assert self.process.poll() is None, f"the server ended with {self.process.returncode}: {self.log()}"
        try:
            return self.request("GET", "/readyz").status == 200
        except (ConnectionError, FileNotFoundError):
            return False

    @property
    def pid(self):
        return self.process.pid

    @property
    def port(self):
        found = re.findall(r" port=(\d+)", self.log())
        return int(found[-1]) if found else 0

    def log(self):
        try:
            with open(self.log_path, errors="replace") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def kill(self):
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def terminate(self, number=signal.SIGTERM, seconds=DEADLINE):
        """Asks it to end; gives the exit code."""
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def connect(self, tcp=False, seconds=DEADLINE):
        return Raw(("127.0.0.1", self.port) if tcp else self.socket, seconds)

    def request(self, method, path, body=None, headers=None, tcp=False):
        with self.connect(tcp) as c:
            c.send(head(method, path, None if body is None else len(body), headers) + (body or b""))
            return c.answer(head_only=method == "HEAD")

    def graphql(self, query, variables=None, headers=None):
        """The whole answer as JSON; asserts HTTP 200."""
        body = json.dumps({"query": query, "variables": variables or {}}).encode()
        a = self.request("POST", "/graphql", body, {"Content-Type": "application/json", **(headers or {})})
        assert a.status == 200, a
        return a.json()

    def logs(self, body, kind="application/json", headers=None, tcp=False):
        """POST /v1/logs; a dict is sent as JSON."""
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        return self.request("POST", "/v1/logs", data, {"Content-Type": kind, **(headers or {})}, tcp)

    def counted(self):
        """How many events the catalog counted, over all of its entries, by the API."""
        total, after = 0, None
        while True:
            a = self.graphql("query($a: Cursor) { logEvents(first: 100, after: $a) {"
                             " edges { node { eventCount } } pageInfo { hasNextPage endCursor } } }", {"a": after})
            assert "errors" not in a, a
            page = a["data"]["logEvents"]
            total += sum(int(e["node"]["eventCount"]) for e in page["edges"])
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                return total

    def database(self):
        """The database file, opened read-only."""
        return sqlite3.connect(f"file:{self.data}/control-plane.db?mode=ro", uri=True)


def otlp(service, bodies, severity=9, attributes=None, at=None):
    """An ExportLogsServiceRequest as a dict; a body is a text or an OTLP AnyValue."""
    at = at or time.time_ns()
    value = lambda v: v if isinstance(v, dict) else {"stringValue": v}
    pairs = [{"key": k, "value": value(v)} for k, v in (attributes or {}).items()]
    records = [{"timeUnixNano": str(at), "severityNumber": severity, "body": value(b), "attributes": pairs} for b in bodies]
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
    return {"resourceLogs": [{"resource": resource, "scopeLogs": [{"logRecords": records}]}]}


_tests = []


def test(function):
    _tests.append(function)
    return function


def main():
    wanted, failed = sys.argv[1:], 0
    for number, function in enumerate(_tests, 1):
        name = function.__name__.replace("_", " ")
        if wanted and not any(w in function.__name__ for w in wanted):
            continue
        Server.last = None
        start = time.monotonic()
        try:
            function()
            print(f"ok {number} - {name} # {time.monotonic() - start:.2f} s", flush=True)
        except Skip as why:
            print(f"ok {number} - {name} # SKIP {why}", flush=True)
        except Exception:
            failed += 1
            print(f"not ok {number} - {name}")
            text = traceback.format_exc() + (Server.last.log()[-3000:] if Server.last else "")
            print("\n".join("# " + line for line in text.splitlines()), flush=True)
    print(f"1..{len(_tests)}")
    sys.exit(1 if failed else 0)
