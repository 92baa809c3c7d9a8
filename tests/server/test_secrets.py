"""No raw telemetry at rest: secrets planted in records are searched in the database, its log, the server's output and
its memory, and none may be there.

Two kinds are planted. `Once` secrets are in one record each, in every place a record has. `Often` secrets are of a
recognizable form (tokens, card numbers, keys, addresses) and stand in many records, where a rule "seen often, so it
is a constant word" would keep them.
"""

import base64
import random
import resource
import sqlite3

from harness import *

LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Plant:
    """Secrets of one seed. `all` holds every text that must not be found."""

    def __init__(self, seed):
        self.random, self.all = random.Random(seed), []

    def keep(self, text):
        self.all.append(text)
        return text

    def chars(self, alphabet, n):
        return "".join(self.random.choice(alphabet) for _ in range(n))

    def word(self):
        return self.keep(self.chars(LETTERS, 12))

    def token(self, n=32):
        return self.keep(self.chars(LETTERS + LETTERS.upper() + "0123456789", n))

    def card(self):
        digits = [4] + [self.random.randrange(10) for _ in range(14)]
        total = sum(d if i % 2 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits))
        return self.keep("".join(map(str, digits)) + str(-total % 10))

    def aws(self):
        return self.keep("AKIA" + self.chars(LETTERS.upper() + "234567", 16))

    def key(self):
        lines = [base64.b64encode(self.random.randbytes(48)).decode() for _ in range(6)]
        for line in lines:
            self.keep(line)
        return "-----BEGIN PRIVATE KEY-----\n" + "\n".join(lines) + "\n-----END PRIVATE KEY-----"

    def jwt(self):
        part = lambda n: base64.urlsafe_b64encode(self.random.randbytes(n)).decode().rstrip("=")
        return ".".join(["eyJ" + self.keep(part(30)), "eyJ" + self.keep(part(60)), self.keep(part(32))])

    def mail(self):
        return self.keep(self.chars(LETTERS, 10)) + "@example.org"

    def name(self):
        return self.keep(self.chars(LETTERS, 9).capitalize()) + " " + self.keep(self.chars(LETTERS, 11).capitalize())

    def number(self):
        return self.keep(str(self.random.randrange(10 ** 11, 10 ** 12)))

    def ssn(self):
        return self.keep(f"{self.random.randrange(100, 999)}-{self.random.randrange(10, 99)}-{self.random.randrange(1000, 9999)}")


def texts_once(p):
    """Texts that hold a secret that no other record holds."""
    return [
        f"login failed password={p.token(14)}", f"password: {p.word()}", f'{{"user":"{p.word()}","pwd":"{p.token(10)}"}}',
        f"Authorization: Bearer {p.token(40)}", f"Authorization: Basic {p.keep(base64.b64encode(p.random.randbytes(18)).decode())}",
        f"charged card {p.card()} for 12.50", f"card {p.card()} cvv {p.number()}", f"assumed role with {p.aws()}",
        f"aws_secret_access_key={p.token(40)}", p.key(), f"session token {p.jwt()}", f"mail sent to {p.mail()}",
        f"customer {p.name()} called from +49 {p.number()}", f"ssn {p.ssn()} verified", f"hello {p.word()} {p.word()}",
        p.word(), f"{p.word()}: {p.word()} {p.word()} {p.word()}", f"user={p.word()} did it", f"[{p.word()}] started",
        f"connect postgres://{p.word()}:{p.token(12)}@db.internal/x", f"GET /reset?token={p.token(24)} 200",
        f"trace {p.token(20)}\n\tat {p.word()}.{p.word()}({p.word()}.java:12)", f"unicode {p.word()}\u00e9\u4e2d {p.word()}",
        f"escaped \"{p.word()}\" and '{p.word()}'", f"{p.word()}={p.word()}", f"id {p.keep('%032x' % p.random.getrandbits(128))}",
        f"ip {p.keep('.'.join(str(p.random.randrange(100, 255)) for _ in range(4)))} banned", "x" * 5000 + p.token(30),
    ]


def texts_often(p):
    """Texts whose secret stands in many records."""
    return [
        f"login ok password={p.token(14)}", f"Authorization: Bearer {p.token(40)}", f"card {p.card()} accepted", f"using {p.aws()} now",
        f"api_key={p.token(32)}", f"token {p.jwt()} accepted", f"mail to {p.mail()} sent", f"ssn {p.ssn()} checked",
        f"secret: {p.token(20)}", f"connect redis://:{p.token(16)}@cache:6379/0",
    ]


def requests_with_secrets(p):
    for text in texts_once(p):
        attributes = {"user.name": p.word(), "http.request.header.authorization": "Bearer " + p.token(), p.word(): p.word(), "note": p.name()}
        yield otlp("shop", [text], attributes=attributes)
    structured = {"kvlistValue": {"values": [
        {"key": "msg", "value": {"stringValue": f"created {p.word()}"}}, {"key": "password", "value": {"stringValue": p.token(12)}},
        {"key": "nested", "value": {"kvlistValue": {"values": [{"key": "pin", "value": {"stringValue": p.token(8)}}]}}},
        {"key": "list", "value": {"arrayValue": {"values": [{"stringValue": p.word()}, {"intValue": p.number()}]}}},
        {"key": "raw", "value": {"bytesValue": base64.b64encode(p.token(24).encode()).decode()}}]}}
    yield otlp("shop", [structured])
    for text in texts_often(p):
        yield otlp("shop", [text] * 40)


def forms(secret):
    """How a secret might lie around: as sent, other case, UTF-16, hexadecimal, base64 at each of the three offsets."""
    raw = secret.encode()
    yield from (raw, raw.lower(), raw.upper(), secret.encode("utf-16-le"), raw.hex().encode())
    for shift in range(3):
        form = base64.b64encode(b"\0" * shift + raw)[4 if shift else 0:-4]
        if len(form) >= 8:  # shorter ones are found by chance
            yield form


def found_in(data, secrets):
    lowered = data.lower()
    return [s for s in secrets if s.lower().encode() in lowered or any(f in data for f in forms(s))]


def files_of(server):
    for directory, _, names in os.walk(server.data):
        for name in names:
            path = os.path.join(directory, name)
            if os.path.isfile(path):
                yield path
    yield server.log_path


def nothing_in_files(server, secrets):
    found = {}
    for path in files_of(server):
        with open(path, "rb") as f:
            hits = found_in(f.read(), secrets)
        if hits:
            found[os.path.basename(path)] = hits
    assert not found, found


def memory_of(pid):
    """What a core file would hold, mapping by mapping: everything writable, without the empty pages."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            area, mode = line.split()[:2]
            start, end = (int(x, 16) for x in area.split("-"))
            if mode[:2] != "rw" or end - start > 1 << 30:
                continue
            try:
                memory.seek(start)
                data = memory.read(end - start)
            except OSError:
                continue
            pages = (data[at:at + 4096] for at in range(0, len(data), 4096))
            yield line.strip(), b"".join(page for page in pages if page.count(0) < 4096)


def plant(server, seed):
    p = Plant(seed)
    for n, request in enumerate(requests_with_secrets(p)):
        body = json.dumps(request).encode()
        if n % 3 == 1:
            a = server.logs(gzip.compress(body), headers={"Content-Encoding": "gzip"})
        else:
            a = server.logs(body)
        assert a.status == 200, a
    return p.all


def ask_for_everything(server):
    """What the API shows of the catalog, as text."""
    a = server.graphql("{ services(first: 100) { edges { node { name } } }"
                       " logEvents(first: 100) { edges { node { name displayName template shape { recordCount bots }"
                       " exposures { element detector scope path count }"
                       " fields { path scope types characters distinct sensitive { element path } twins { path } }"
                       " logEventFacts { sensitiveDataProfile { secretExposures { element path { path pathFamily } }"
                       " paymentExposures { element path { path } } piiExposures { element } phiExposures { element } } } } } } }")
    assert "errors" not in a, a
    return json.dumps(a)


@test
def the_search_finds_what_is_there():
    """A test of the test: each form in which a secret might lie around is found."""
    p = Plant(1)
    secret = p.token(20)
    for form in forms(secret):
        assert found_in(b"before " + form + b" after", [secret]) == [secret], form
    assert len(set(p.all)) == len(p.all) and found_in(b"nothing", p.all) == []


@test
def nothing_in_database_log_or_answers():
    with Server(env={"TERO_LOG": "debug"}) as s:
        secrets = plant(s, random.SystemRandom().getrandbits(64))
        assert len(secrets) > 100
        assert found_in(ask_for_everything(s).encode(), secrets) == []
        nothing_in_files(s, secrets)
        assert s.terminate() == 0
        nothing_in_files(s, secrets)


@test
def what_was_recognized_is_told_without_a_value():
    """Kinds and places of the planted secrets are there, in tables that hold none of them."""
    with Server() as s:
        secrets = plant(s, random.SystemRandom().getrandbits(64))
        answer = ask_for_everything(s)
        nodes = [edge["node"] for edge in json.loads(answer)["data"]["logEvents"]["edges"]]
        seen = {x["element"] for node in nodes for x in node["exposures"]}
        assert {"pan", "email", "password", "private_key", "access_token", "connection_secret", "name"} <= seen, seen
        payments = [x for node in nodes for x in node["logEventFacts"]["sensitiveDataProfile"]["paymentExposures"]]
        assert {"element": "pan", "path": {"path": ["body"]}} in payments, payments
        paths = {f["path"] for node in nodes for f in node["fields"]}
        assert {"user.name", "http.request.header.authorization", "note"} <= paths, paths
        assert found_in(answer.encode(), secrets) == []
        assert s.terminate() == 0
        tables = sqlite3.connect(os.path.join(s.data, "control-plane.db"))
        for table in ("event_shapes", "event_fields", "event_field_pairs", "event_exposures"):
            rows = tables.execute(f"SELECT * FROM {table}").fetchall()
            assert rows or table == "event_field_pairs", table
            text = b"\0".join(v if isinstance(v, bytes) else str(v).encode() for row in rows for v in row)
            assert found_in(text, secrets) == [], table


@test
def nothing_in_the_wal_after_a_kill():
    with Server() as s:
        secrets = plant(s, random.SystemRandom().getrandbits(64))
        s.kill()
        assert os.path.getsize(os.path.join(s.data, "control-plane.db-wal")) > 0
        nothing_in_files(s, secrets)


@test
def nothing_from_refused_and_broken_requests():
    with Server(env={"TERO_LOG": "debug"}) as s:
        p = Plant(random.SystemRandom().getrandbits(64))
        body = json.dumps(otlp("shop", [f"password={p.token()}"])).encode()
        assert s.logs(body[:-2]).status == 400
        assert s.logs(body, "text/plain").status == 415
        assert s.logs(gzip.compress(body)[:-6], headers={"Content-Encoding": "gzip"}).status == 400
        assert s.request("POST", f"/{p.word()}", body, {"X-Api-Key": p.token(), "Cookie": p.token()}).status == 404
        assert s.request("POST", "/graphql", body, {"Content-Type": "application/json", "Authorization": p.token()}).status == 400
        query = json.dumps({"query": '{ service(id: "%s") { %s } }' % (p.word(), p.word())}).encode()
        s.request("POST", "/graphql", query, {"Content-Type": "application/json"})
        with s.connect() as c:
            c.send(head("POST", "/v1/logs", len(body), {"Content-Type": "application/json"}) + body[:-1])
        assert s.terminate() == 0
        nothing_in_files(s, p.all)


@test
def a_crash_leaves_no_core_file():
    def allow_core_files():
        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    with Server(prepare=allow_core_files) as s:
        plant(s, random.SystemRandom().getrandbits(64))
        before = set(os.listdir("."))
        s.process.send_signal(signal.SIGSEGV)
        _, status = os.waitpid(s.pid, 0)
        s.process.returncode = -1
        assert os.WIFSIGNALED(status) or "Sanitizer" in s.log(), status
        assert not (os.WIFSIGNALED(status) and os.WCOREDUMP(status)), "a core was dumped"
        assert set(os.listdir(".")) == before


@test
def bodies_leave_nothing_in_memory():
    """What only the HTTP server had in its hands is wiped."""
    if os.geteuid() != 0:
        raise Skip("only root can read the memory of a process that is not dumpable")
    with Server() as s:
        p = Plant(random.SystemRandom().getrandbits(64))
        small, large = (json.dumps(otlp("shop", [f"password={p.token()}"] * n + [p.word()])).encode() for n in (1, 5000))
        for body in (small, large):
            packed = gzip.compress(body, 1)
            assert s.logs(body, "text/plain", {"Authorization": f"Bearer {p.token()}", "Cookie": p.token()}).status == 415
            assert s.logs(gzip.compress(body, 0)[:-6], headers={"Content-Encoding": "gzip"}).status == 400
            assert s.logs(packed, "text/plain", {"Content-Encoding": "gzip"}).status == 415
            assert s.request("POST", "/nothing", body).status == 404
            with s.connect() as c:
                c.send(b"POST /v1/logs HTTP/1.1\r\nHost: t\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n")
                for at in range(0, len(body), 9000):
                    c.send(b"%x\r\n%b\r\n" % (len(body[at:at + 9000]), body[at:at + 9000]))
                c.send(b"0\r\n\r\n")
                assert c.answer().status == 415
            with s.connect() as c:
                c.send(head("POST", "/v1/logs", len(body), {"Content-Type": "application/json"}) + body[:-1])
        wait_for(lambda: s.request("GET", "/healthz").status == 200, "an answer")

        def leftovers():
            found, looked_at = {}, b""
            for where, data in memory_of(s.pid):
                looked_at += data
                hits = found_in(data, p.all)
                if hits:
                    found[where] = hits
            assert s.socket.encode() in looked_at  # the search sees what is there
            return found
        # The server learns in its own time that the last peer has left with its request unfinished.
        wait_for(lambda: not leftovers(), "nothing to be left in memory", 20)


main()
