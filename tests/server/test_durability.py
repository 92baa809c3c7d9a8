"""What was acknowledged is kept: kill -9 during ingest, a full disk, a damaged socket file; never half a request."""

import resource

from harness import *

RECORDS = 100  # in each request: the sum stays a multiple of it


def request_body(n):
    return json.dumps(otlp(f"service-{n % 5}", [f"worker {n} handled message {i} of the queue" for i in range(RECORDS)])).encode()


class Senders:
    """Threads that post until the server is gone; acknowledged counts requests answered with 200."""

    def __init__(self, server, count):
        self.acknowledged, self.sent, self.lock = 0, 0, threading.Lock()
        self.threads = [threading.Thread(target=self.post, args=(server, n)) for n in range(count)]
        for t in self.threads:
            t.start()

    def post(self, server, n):
        body = request_body(n)
        try:
            with server.connect() as c:
                while True:
                    with self.lock:
                        self.sent += 1
                    c.send(head("POST", "/v1/logs", len(body), {"Content-Type": "application/json"}) + body)
                    if c.answer().status == 200:
                        with self.lock:
                            self.acknowledged += 1
        except OSError:
            pass

    def join(self):
        for t in self.threads:
            t.join()


def integrity(server):
    with server.database() as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


@test
def kill_9_during_ingest_loses_nothing_acknowledged():
    with Server() as s:
        acknowledged = sent = 0
        for round in range(4):
            before = s.counted()
            senders = Senders(s, 6)
            wait_for(lambda: senders.acknowledged >= 15 * (round + 1), "acknowledged requests")
            s.kill()
            senders.join()
            s.start()
            gained = s.counted() - before
            assert gained >= senders.acknowledged * RECORDS, (gained, senders.acknowledged)
            assert gained <= senders.sent * RECORDS, (gained, senders.sent)
            assert gained % RECORDS == 0, f"half a request: {gained}"
            integrity(s)
            acknowledged += senders.acknowledged
            sent += senders.sent
        assert acknowledged * RECORDS <= s.counted() <= sent * RECORDS
        services = s.graphql("{ services(first: 10) { edges { node { eventCount } } } }")["data"]["services"]["edges"]
        assert sum(e["node"]["eventCount"] for e in services) == s.counted()


@test
def sigterm_during_ingest_loses_nothing_acknowledged():
    with Server() as s:
        senders = Senders(s, 6)
        wait_for(lambda: senders.acknowledged >= 20, "acknowledged requests")
        assert s.terminate() == 0
        senders.join()
        assert not os.path.exists(os.path.join(s.data, "control-plane.db-wal")), "the log was not checkpointed"
        s.start()
        assert senders.acknowledged * RECORDS <= s.counted() <= senders.sent * RECORDS
        integrity(s)


@test
def a_mutation_acknowledged_is_kept():
    with Server() as s:
        assert s.logs(otlp("shop", ["hello"])).status == 200
        query = "{ services(first: 1) { edges { node { id enabled } } } }"
        node = s.graphql(query)["data"]["services"]["edges"][0]["node"]
        change = "mutation($id: ID!, $on: Boolean!) { setServiceEnabled(id: $id, enabled: $on) { enabled } }"
        a = s.graphql(change, {"id": node["id"], "on": not node["enabled"]})
        assert a["data"]["setServiceEnabled"]["enabled"] is not node["enabled"], a
        s.kill()
        s.start()
        assert s.graphql(query)["data"]["services"]["edges"][0]["node"]["enabled"] is not node["enabled"]


def largest_file(server):
    return max(os.path.getsize(os.path.join(server.data, name)) for name in os.listdir(server.data) if "control-plane.db" in name)


@test
def a_full_disk_refuses_and_recovers():
    """A limit on the size of files does to the server what a full disk does, for any user."""
    with Server() as s:
        assert s.logs(request_body(0)).status == 200
        _, hard = resource.prlimit(s.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(s.pid, resource.RLIMIT_FSIZE, (largest_file(s) + 4096, hard))
        acknowledged, refusal = 1, None
        for n in range(2000):
            # New events each time, so that the database has to grow.
            a = s.logs(otlp(f"s{n}", [f"{w}{n} started" for w in ("alpha", "beta", "gamma")] * 30 + ["done"] * 10))
            if a.status != 200:
                refusal = a
                break
            acknowledged += 1
        assert refusal and refusal.status == 503 and int(refusal.headers["retry-after"]) >= 1, refusal
        assert refusal.json()["code"] == 14
        assert s.request("GET", "/readyz").status == 503
        assert s.request("GET", "/healthz").status == 200
        assert s.counted() == acknowledged * RECORDS
        resource.prlimit(s.pid, resource.RLIMIT_FSIZE, (hard, hard))
        wait_for(lambda: s.logs(request_body(1)).status == 200, "ingest to work again")
        assert s.request("GET", "/readyz").status == 200
        assert s.counted() == (acknowledged + 1) * RECORDS
        integrity(s)
        assert s.terminate() == 0


main()
