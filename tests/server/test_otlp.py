"""OTLP/HTTP logs as the specification has them: encodings, content types, partial success, errors, back pressure."""

import random

from harness import *

PROTOBUF = "application/x-protobuf"


def varint(n):
    out = b""
    while n >= 0x80:
        out += bytes([n & 0x7F | 0x80])
        n >>= 7
    return out + bytes([n])


def field(number, payload):
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def protobuf(service, bodies):
    """An ExportLogsServiceRequest, by the field numbers of opentelemetry-proto 1.x."""
    string = lambda text: field(1, text.encode())  # AnyValue.string_value
    resource = field(1, field(1, field(1, b"service.name") + field(2, string(service))))
    now = struct.pack("<Q", time.time_ns())
    records = b"".join(field(2, b"\x09" + now + b"\x10\x09" + field(5, string(b))) for b in bodies)
    return field(1, resource + field(2, records))


def fields(message):
    """Top-level fields of a message: [(number, value)]."""
    out, at = [], 0

    def read():
        nonlocal at
        value, shift = 0, 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
    while at < len(message):
        key = read()
        value = read()
        if key & 7 == 2:
            value, at = message[at:at + value], at + value
        out.append((key >> 3, value))
    return out


@test
def json_records_are_counted():
    with Server() as s:
        a = s.logs(otlp("shop", ["order 17 placed", "order 18 placed", "payment of 12.50 refused"]))
        assert a.status == 200 and a.headers["content-type"] == "application/json" and a.json() == {}, a
        assert s.counted() == 3
        services = s.graphql("{ services(first: 10) { totalCount edges { node { name eventCount } } } }")["data"]["services"]
        assert services == {"totalCount": 1, "edges": [{"node": {"name": "shop", "eventCount": 3.0}}]}, services


@test
def protobuf_records_are_counted():
    with Server(tcp=True) as s:
        a = s.logs(protobuf("shop", [f"request {i} served" for i in range(250)]), PROTOBUF, tcp=True)
        assert a.status == 200 and a.headers["content-type"] == PROTOBUF and a.body == b"", a
        assert s.counted() == 250


@test
def gzip_in_both_encodings():
    with Server() as s:
        packed = {"Content-Encoding": "gzip"}
        assert s.logs(gzip.compress(json.dumps(otlp("a", ["x y z"] * 10)).encode()), headers=packed).status == 200
        assert s.logs(gzip.compress(protobuf("a", ["x y z"] * 10)), PROTOBUF, packed).status == 200
        assert s.counted() == 20


@test
def empty_requests_succeed():
    with Server() as s:
        assert s.logs(b"", PROTOBUF).status == 200
        assert s.logs(b"{}").json() == {}
        assert s.logs({"resourceLogs": []}).status == 200
        assert s.counted() == 0


@test
def content_types():
    with Server() as s:
        for kind, status in (("application/json; charset=utf-8", 200), ("APPLICATION/JSON", 200), ("application/jsonp", 415),
                             ("text/plain", 415), ("application/octet-stream", 415)):
            a = s.logs(b"{}", kind)
            assert a.status == status, (kind, a)
        assert s.request("POST", "/v1/logs", b"{}").status == 415
        a = s.request("GET", "/v1/logs")
        assert a.status == 405 and a.headers["allow"] == "POST" and a.json()["message"], a


@test
def what_cannot_be_read_is_a_bad_request():
    with Server() as s:
        for broken in (b"{", b"[]", b'{"resourceLogs": 5}', b'{"resourceLogs": []} x'):
            a = s.logs(broken)
            assert a.status == 400 and a.json()["code"] == 3 and a.json()["message"], (broken, a)
            assert a.headers["content-type"] == "application/json"
        whole = protobuf("a", ["first", "second"])
        a = s.logs(whole[:-3], PROTOBUF)
        assert a.status == 400 and a.headers["content-type"] == PROTOBUF, a
        status = dict(fields(a.body))
        assert status[1] == 3 and status[2], status
        a = s.logs(gzip.compress(whole)[:-4], PROTOBUF, {"Content-Encoding": "gzip"})
        assert a.status == 400 and dict(fields(a.body))[1] == 3, a
        assert s.counted() == 0


@test
def records_that_cannot_be_kept_are_a_partial_success():
    with Server() as s:
        bad = field(1, field(2, field(2, field(5, field(1, b"\xff\xfe not UTF-8")))))
        a = s.logs(protobuf("a", ["one good record", "and one more"]) + bad, PROTOBUF)
        assert a.status == 200, a
        partial = dict(fields(dict(fields(a.body))[1]))
        assert partial[1] == 1 and partial[2], partial
        assert s.counted() == 2


@test
def other_signals_are_refused_for_good():
    with Server() as s:
        for path in ("/v1/traces", "/v1/metrics", "/v1development/profiles"):
            a = s.request("POST", path, b"{}", {"Content-Type": "application/json"})
            assert a.status == 501 and a.json()["code"] == 12 and "logs only" in a.json()["message"], a
            assert "retry-after" not in a.headers
            a = s.request("POST", path, b"", {"Content-Type": PROTOBUF})
            assert a.status == 501 and dict(fields(a.body))[1] == 12, a


@test
def the_sum_is_exact_under_parallel_senders():
    with Server() as s:
        sent, failures = [0] * 8, []

        def send(n):
            try:
                with s.connect() as c:
                    for i in range(40):
                        count = 1 + (i * 7 + n) % 50
                        body = json.dumps(otlp(f"service-{n % 3}", [f"job {k} of worker {n} took {i} ms" for k in range(count)])).encode()
                        c.send(head("POST", "/v1/logs", len(body), {"Content-Type": "application/json"}) + body)
                        assert c.answer().status == 200
                        sent[n] += count
            except Exception as e:
                failures.append(e)
        threads = [threading.Thread(target=send, args=(n,)) for n in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert not failures, failures
        assert s.counted() == sum(sent)


@test
def a_blocked_writer_loses_and_doubles_nothing():
    with Server() as s:
        assert s.logs(otlp("a", ["warm up"])).status == 200
        blocker = sqlite3.connect(os.path.join(s.data, "control-plane.db"), isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        body = json.dumps(otlp("a", ["one record"])).encode()
        connections = [s.connect() for _ in range(120)]
        try:
            for c in connections:
                c.send(head("POST", "/v1/logs", len(body), {"Content-Type": "application/json"}) + body)
            assert s.request("GET", "/healthz").status == 200
            blocker.execute("ROLLBACK")
            answers = [c.answer() for c in connections]
            for a in answers:
                assert a.status in (200, 429, 503), a
                assert a.status == 200 or int(a.headers["retry-after"]) >= 1, a
                assert a.status == 200 or a.json()["code"] == (8 if a.status == 429 else 14), a
            wait_for(lambda: s.logs(otlp("a", ["after"])).status == 200, "ingest to work again")
            assert s.counted() == 2 + sum(a.status == 200 for a in answers), (s.counted(), [a.status for a in answers])
        finally:
            blocker.close()
            for c in connections:
                c.close()


main()
