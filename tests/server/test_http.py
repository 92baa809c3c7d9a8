"""HTTP over real sockets: who may ask what, limits, broken and slow and many peers."""

from harness import *

JSON = {"Content-Type": "application/json"}
TYPENAME = json.dumps({"query": "{ __typename }"}).encode()


@test
def a_graphql_round_trip():
    with Server() as s:
        assert s.graphql("{ __typename }") == {"data": {"__typename": "Query"}}
        a = s.request("POST", "/graphql", TYPENAME, {**JSON, "X-Request-Id": "from-the-test"})
        assert a.headers["x-request-id"] == "from-the-test" and a.headers["content-type"] == "application/json"
        assert "server" not in a.headers


@test
def graphql_takes_only_json_posts():
    with Server() as s:
        assert s.request("POST", "/graphql", TYPENAME, {"Content-Type": "text/plain"}).status == 415
        assert s.request("POST", "/graphql", TYPENAME).status == 415
        a = s.request("GET", "/graphql")
        assert a.status == 405 and a.headers["allow"] == "POST", a
        assert s.request("POST", "/graphql", b"{", JSON).status == 400
        for broken in (b"", b"[]", b'{"query": 1}', b'{"variables": {}}', b"\xff"):
            a = s.request("POST", "/graphql", broken, JSON)
            assert a.status == 400 and a.json()["errors"][0]["message"], (broken, a)


@test
def tcp_peers_may_ingest_and_see_health_only():
    with Server(tcp=True) as s:
        a = s.request("POST", "/graphql", TYPENAME, JSON, tcp=True)
        assert a.status == 401 and a.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED", a
        assert "Unix socket" in a.json()["errors"][0]["message"]
        assert s.request("GET", "/healthz", tcp=True).status == 200
        assert s.logs({"resourceLogs": []}, tcp=True).status == 200


@test
def another_user_is_refused():
    if os.geteuid() != 0:
        raise Skip("only root can ask as somebody else")
    with Server() as s:
        for path in (s.directory, s.data):
            os.chmod(path, 0o711)
        os.chmod(s.socket, 0o666)
        script = ("import os,sys;os.setgid(65534);os.setuid(65534);sys.path.insert(0,sys.argv[1]);import harness as h;"
                  "c=h.Raw(sys.argv[2]);c.send(h.head('POST','/graphql',2,{'Content-Type':'application/json'})+b'{}');print(c.answer().status)")
        here = os.path.dirname(os.path.abspath(__file__))
        # The modules are imported as root, before the change of user: the source tree may be closed to others.
        script = script.replace("import os,sys;", "import os,sys;sys.path.insert(0,sys.argv[1]);import harness;", 1)
        p = subprocess.run([sys.executable, "-c", script, here, s.socket], capture_output=True, text=True)
        assert p.stdout.strip() == "403", p


@test
def unknown_paths_and_methods():
    with Server() as s:
        assert s.request("GET", "/").status == 404
        assert s.request("GET", "/graphql/../healthz").status == 404
        a = s.request("DELETE", "/healthz")
        assert a.status == 405 and a.headers["allow"] == "GET, HEAD"
        a = s.request("HEAD", "/healthz")
        assert a.status == 200 and int(a.headers["content-length"]) > 0 and not a.body
        assert s.request("OPTIONS", "/graphql").status == 405


@test
def bodies_beyond_the_limit():
    with Server() as s:
        with s.connect() as c:
            big = b" " * ((1 << 20) + 1)
            c.send(head("POST", "/graphql", len(big), JSON) + big)
            a = c.answer()
            assert a.status == 413 and a.json()["errors"][0]["extensions"]["code"] == "PAYLOAD_TOO_LARGE", a
            c.send(head("POST", "/graphql", len(TYPENAME), JSON) + TYPENAME)
            assert c.answer().status == 200
        with s.connect() as c:
            c.send(head("POST", "/graphql", 1 << 40, JSON))
            assert c.answer().status == 413
            assert c.closed()
        bomb = gzip.compress(b"\0" * (40 << 20))
        a = s.logs(bomb, headers={"Content-Encoding": "gzip"})
        assert a.status == 413 and a.json()["code"] == 8, a


@test
def bad_gzip_and_unknown_encodings():
    with Server() as s:
        good = gzip.compress(TYPENAME)
        assert s.request("POST", "/graphql", good, {**JSON, "Content-Encoding": "gzip"}).json()["data"]
        for bad in (good[:-1], good[:5], b"", b"nonsense", good + b"x"):
            assert s.request("POST", "/graphql", bad, {**JSON, "Content-Encoding": "gzip"}).status == 400, bad
        a = s.request("POST", "/graphql", TYPENAME, {**JSON, "Content-Encoding": "br"})
        assert a.status == 415 and "gzip" in a.headers["accept-encoding"]


@test
def pipelined_requests_are_answered_in_order():
    with Server() as s, s.connect() as c:
        c.send(b"".join(head("GET", "/healthz", headers={"X-Request-Id": f"n{i}"}) for i in range(200)))
        for i in range(200):
            a = c.answer()
            assert a.status == 200 and a.headers["x-request-id"] == f"n{i}"


@test
def chunked_bodies():
    with Server() as s, s.connect() as c:
        c.send(b"POST /graphql HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        for byte in TYPENAME:
            c.send(b"1\r\n%c\r\n" % byte)
        c.send(b"0\r\n\r\n")
        assert c.answer().json() == {"data": {"__typename": "Query"}}


@test
def truncated_and_broken_requests_do_no_harm():
    with Server("--timeout", "1") as s:
        whole = head("POST", "/graphql", len(TYPENAME), JSON) + TYPENAME
        for cut in range(0, len(whole), 7):
            with s.connect() as c:
                c.send(whole[:cut])
        for broken in (b"\0" * 100, b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", b"\r\n" * 1000 + b"GARBAGE\r\n\r\n",
                       b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n", b"GET /healthz HTTP/1.1\r\n" + b"A: b\r\n" * 20000 + b"\r\n"):
            with s.connect() as c:
                try:
                    c.send(broken)
                    assert c.answer().status >= 400
                except OSError:
                    pass  # closed on us: as good
        assert s.request("GET", "/readyz").status == 200


@test
def three_hundred_connections_at_once():
    with Server() as s:
        connections = [s.connect() for _ in range(300)]
        try:
            for round in range(3):
                for c in connections:
                    c.send(head("POST", "/graphql", len(TYPENAME), JSON) + TYPENAME)
                for c in connections:
                    assert c.answer().json() == {"data": {"__typename": "Query"}}
        finally:
            for c in connections:
                c.close()


@test
def hostile_connections_do_not_lock_the_owner_out():
    with Server(tcp=True) as s:
        hostile = []
        try:
            for _ in range(600):
                c = s.connect(tcp=True)
                hostile.append(c)
                try:
                    c.send(b"GET /healthz HT")
                except OSError:
                    pass  # refused: that is the limit at work
            assert s.request("GET", "/readyz").status == 200
        finally:
            for c in hostile:
                c.close()


@test
def slow_bodies_are_cut_off():
    with Server("--timeout", "1") as s, s.connect() as slow:
        slow.send(head("POST", "/graphql", 100000, JSON))
        ended = threading.Event()

        def trickle():
            while not ended.wait(0.05):
                try:
                    slow.send(b" ")
                except OSError:
                    return
        thread = threading.Thread(target=trickle)
        thread.start()
        try:
            assert slow.closed()
        finally:
            ended.set()
            thread.join()
        assert s.request("GET", "/readyz").status == 200


main()
