"""POST /v1/policy/sync as edges and collectors speak it, their keys, and what the API tells of them."""

from edge_clients import *
from harness import *

DAY = 'range: {start: "2020-01-01T00:00:00Z", end: "2099-01-01T00:00:00Z"}'
LOG = """id: {id}
name: Policy {id}
log:
  match:
    - log_field: body
      regex: '^GET /{id}'
    - resource_attribute: [service.name]
      equals: checkout
  keep: {keep}
"""
TRANSFORM = """id: {id}
name: Policy {id}
log:
  match:
    - log_attribute: [user]
      exists: true
  transform:
    remove:
      - log_attribute: [user]
"""
METRIC = """id: {id}
name: Policy {id}
metric:
  match:
    - metric_field: name
      exact: noise
  keep: false
"""
TRACE = """id: {id}
name: Policy {id}
trace:
  match:
    - span_kind: SPAN_KIND_SERVER
  keep:
    percentage: 10
"""


def ask(server, query, **variables):
    a = server.graphql(query, variables)
    assert "errors" not in a, a
    return a["data"]


def propose(server, text):
    return ask(server, "mutation($t: String!) { proposePolicy(input: {text: $t}) { id contentHash } }", t=text)["proposePolicy"]


def approve(server, text):
    """A policy in force; gives its id in the API."""
    p = propose(server, text)
    ask(server, "mutation($i: ID!, $h: String!) { approvePolicy(id: $i, contentHash: $h) { id } }", i=p["id"], h=p["contentHash"])
    return p["id"]


def account(server):
    return ask(server, "{ accounts { edges { node { id } } } }")["accounts"]["edges"][0]["node"]["id"]


def make_key(server, name="edge"):
    query = "mutation($a: ID!, $n: String!) { createEdgeApiKey(input: {accountID: $a, name: $n}) { plainKey edgeApiKey { id keyPrefix } } }"
    made = ask(server, query, a=account(server), n=name)["createEdgeApiKey"]
    return made["plainKey"], made["edgeApiKey"]


INSTANCES = """{ edgeInstances { totalCount edges { node { id instanceID serviceName serviceNamespace serviceVersion labels
    resourceAttributes lastSuccessfulHash lastResponseHash publishedHash syncState supportedStages
    policyErrors { policyID messages messageCount }
    policyTelemetry(input: {granularity: DAY, range: {start: "%s", end: "%s"}}) { totals {
        matchHits matchMisses errors removeHits redactHits renameHits addHits } } } } } }"""


def instances(server):
    """By instance id, as soon as the reports are there."""
    now = time.time()
    day = [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + d * 86400)) for d in (-2, 1)]
    list_ = ask(server, INSTANCES % tuple(day))["edgeInstances"]["edges"]
    return {e["node"]["instanceID"]: e["node"] for e in list_}


def reported(server, instance, check):
    """Waits until what the API tells of the instance is so."""
    def look():
        found = instances(server).get(instance)
        return found if found and check(found) else None
    return wait_for(look, f"the report of {instance}: {instances(server).get(instance)}")


def totals(server, instance, **expected):
    return reported(server, instance, lambda i: all(i["policyTelemetry"]["totals"][k] == v for k, v in expected.items()))


# ---- what every client gets ----

def gets_policies_and_keeps_them(kind):
    with Server() as s:
        approve(s, LOG.format(id="a", keep="none"))
        approve(s, TRANSFORM.format(id="b"))
        c = kind(s)
        assert c.poll(), c.refused
        assert sorted(c.policies) == ["a", "b"] and c.hash and c.timestamp, vars(c)
        first = c.hash
        assert c.poll(), c.refused
        assert c.hash == first and sorted(c.policies) == ["a", "b"]
        assert len(c.answer.body) < 300, "an unchanged hash is answered with the hash alone"
        approve(s, LOG.format(id="c", keep="10%"))
        assert c.poll() and sorted(c.policies) == ["a", "b", "c"] and c.hash != first, vars(c)


@test
def the_edge_gets_policies_and_keeps_them():
    gets_policies_and_keeps_them(Edge)


@test
def the_collector_gets_policies_and_keeps_them():
    gets_policies_and_keeps_them(Collector)


@test
def protobuf_gets_policies_and_keeps_them():
    gets_policies_and_keeps_them(Protobuf)


@test
def an_empty_list_has_a_hash():
    with Server() as s:
        for kind in (Edge, Collector, Protobuf):
            c = kind(s)
            assert c.poll() and c.hash and not c.policies, (kind, vars(c))


@test
def both_encodings_have_one_hash_and_the_same_policies():
    with Server() as s:
        for text in (LOG.format(id="l", keep="none"), TRANSFORM.format(id="t"), METRIC.format(id="m"), TRACE.format(id="s")):
            approve(s, text)
        a, b = Collector(s), Protobuf(s)
        assert a.poll() and b.poll(), (a.refused, b.refused)
        assert a.hash == b.hash and sorted(a.policies) == sorted(b.policies) == ["l", "m", "s", "t"]
        p = a.policies["l"]
        assert p["enabled"] is True and p["log"]["match"][0]["logField"] == 1, p
        assert p["log"]["match"][1]["resourceAttribute"] == {"path": ["service.name"]} and p["log"]["match"][1]["exact"] == "checkout", p
        assert a.policies["m"]["metric"]["keep"] is False and a.policies["m"]["metric"]["match"][0]["metricField"] == 1
        assert b.policies["l"][4] == [1] and b.policies["l"][2] == [b"Policy l"], b.policies["l"]


@test
def the_answer_has_every_field_that_older_clients_need():
    with Server() as s:
        approve(s, LOG.format(id="a", keep="none"))
        c = Edge(s)
        assert c.poll()
        m = c.answer.json()
        assert m["syncType"] == 1 and m["errorMessage"] == "" and m["recommendedSyncIntervalSeconds"] == 60, m
        assert set(m["policies"][0]) >= {"id", "name", "description", "enabled", "createdAtUnixNano", "modifiedAtUnixNano", "labels", "log"}
        assert abs(int(m["syncTimestampUnixNano"]) - time.time_ns()) < 60e9


@test
def a_large_list_is_shared_and_right_for_each():
    with Server() as s:
        for n in range(200):
            approve(s, LOG.format(id=f"policy-{n:03}", keep="none"))
        clients = [kind(s, instance_id=f"{kind.__name__}-{n}") for n in range(6) for kind in (Edge, Collector, Protobuf)]
        for round_ in range(3):
            with s.connect() as gone:
                gone.send(head("POST", "/v1/policy/sync", 2, {"Content-Type": JSON}) + b"{}")
            for c in clients:
                c.first, c.hash, c.timestamp = True, "", 0
            threads = [threading.Thread(target=c.poll) for c in clients]
            for t in threads:
                t.start()
            for t in threads:
                t.join()
            assert all(not c.refused and len(c.policies) == 200 + round_ and len(c.answer.body) > 16384 for c in clients), [c.refused for c in clients]
            assert len({c.hash for c in clients}) == 1 and len({len(c.answer.body) for c in clients}) == 2
            approve(s, LOG.format(id=f"late-{round_}", keep="none"))
        assert s.terminate() == 0


@test
def content_types_and_accept_lists():
    with Server() as s:
        approve(s, LOG.format(id="a", keep="none"))
        cases = [
            (None, None, JSON), ("application/json; charset=utf-8", None, JSON), ("APPLICATION/JSON", "*/*", JSON),
            (JSON, f"{PROTOBUF}, {JSON}", PROTOBUF), (JSON, f"{JSON}, {PROTOBUF}", JSON), (JSON, f"{JSON};q=0.1, {PROTOBUF}", PROTOBUF),
            (JSON, "text/html", JSON), (JSON, "application/protobuf", "application/protobuf"), (JSON, f"{JSON};q=0", JSON),
        ]
        for sent, accept, expected in cases:
            headers = {k: v for k, v in (("Content-Type", sent), ("Accept", accept)) if v}
            a = s.request("POST", "/v1/policy/sync", b"{}", headers)
            assert a.status == 200 and a.headers["content-type"] == expected, (sent, accept, a)
        a = s.request("POST", "/v1/policy/sync", b"", {"Content-Type": "application/protobuf; proto=x"})
        assert a.status == 200 and a.headers["content-type"] == "application/protobuf" and fields(a.body)[1], a
        assert s.request("POST", "/v1/policy/sync", b"{}", {"Content-Type": "text/xml"}).status == 415


@test
def bodies_that_are_no_request_are_refused_shortly():
    with Server() as s:
        for kind, body in ((JSON, b""), (JSON, b"[]"), (JSON, b'{"policyStatuses":[{"id":"a"'), (JSON, b'{"a":1}x'), (PROTOBUF, b"\x0a\xff")):
            a = s.request("POST", "/v1/policy/sync", body, {"Content-Type": kind})
            assert a.status == 400 and 0 < len(a.body) < 200 and a.headers["content-type"].startswith("text/plain"), (body, a)
        assert s.request("GET", "/v1/policy/sync").status == 405
        a = s.request("POST", "/v1/policy/sync", b" " * (9 << 20), {"Content-Type": JSON})
        assert a.status == 413, a


@test
def unknown_fields_of_future_clients_are_accepted():
    with Server() as s:
        approve(s, LOG.format(id="a", keep="none"))
        body = {"future": [{"x": {"y": [1, None]}}], "policyStatuses": [{"id": "a", "matchHits": 3, "shiny": {"hits": 1}}, None, 7, {"id": 4}],
                "clientMetadata": {"new": True, "supportedPolicyStages": [1, "POLICY_STAGE_NEW", 99, {}], "labels": [None, {"key": "team", "value": {"stringValue": "x"}}],
                                   "resourceAttributes": [5, {"key": "service.name", "value": {"stringValue": "n", "z": 1}}, {"value": 3},
                                                          {"key": "service.instance.id", "value": {"stringValue": "future"}},
                                                          {"key": "cpus", "value": {"intValue": "8"}}, {"key": "spot", "value": {"boolValue": True}}]}}
        a = s.request("POST", "/v1/policy/sync", json.dumps(body).encode(), {"Content-Type": JSON})
        assert a.status == 200 and [p["id"] for p in a.json()["policies"]] == ["a"], a
        i = totals(s, "future", matchHits=3)
        assert i["labels"] == {"team": "x"} and i["resourceAttributes"]["cpus"] == 8 and i["resourceAttributes"]["spot"] is True, i
        assert i["supportedStages"] == ["LOG_FILTER"], i
        c = Protobuf(s, instance_id="future-protobuf")
        encode = c.encode
        c.encode = lambda: encode() + data(99, b"new") + number(98, 5) + data(1, data(77, b"x"))
        assert c.poll() and c.policies, c.refused


@test
def stages_that_a_client_lacks_are_not_sent():
    with Server() as s:
        approve(s, LOG.format(id="filter", keep="none"))
        approve(s, TRANSFORM.format(id="transform"))
        approve(s, METRIC.format(id="metric"))
        approve(s, TRACE.format(id="trace"))
        seen = {}
        for name, stages in (("datadog", [1, 2, 3]), ("prometheus", ["POLICY_STAGE_METRIC_FILTER"]), ("log", [1]), ("all", None), ("none", [0])):
            c = Edge(s, instance_id=name)
            c.stages = stages
            assert c.poll(), c.refused
            seen[name] = (sorted(c.policies), c.hash)
            p = Protobuf(s, instance_id=name)
            p.stages = [n if isinstance(n, int) else 3 for n in stages or []]
            assert p.poll() and (sorted(p.policies), p.hash) == seen[name], (name, vars(p))
        assert seen["datadog"][0] == ["filter", "metric", "transform"] and seen["prometheus"][0] == ["metric"], seen
        assert seen["log"][0] == ["filter"] and len(seen["all"][0]) == 4 and seen["none"][0] == [], seen
        assert len({h for _, h in seen.values()}) == 5, "each list has a hash of its own"


# ---- statuses ----

@test
def statuses_are_deltas_and_are_summed():
    with Server() as s:
        approve(s, TRANSFORM.format(id="a"))
        approve(s, LOG.format(id="b", keep="none"))
        for kind, name in ((Edge, "e"), (Collector, "c"), (Protobuf, "p")):
            c = kind(s, instance_id=name)
            for n in range(3):
                c.counts = {"a": {"hits": 10 + n, "misses": 1, "remove": (5, 2)}, "b": {"misses": 4}, "unknown": {"hits": 99}}
                assert c.poll(), c.refused
            totals(s, name, matchHits=33, matchMisses=15, removeHits=15, redactHits=0, errors=0)
        p = ask(s, "{ logEventPolicies { edges { node { policyID executionSummary(input: {%s}) { matchHits errors } deployments(input: {%s})"
                   " { edgeInstance { instanceID } lastHitAt executionSummary { matchHits } } } } } }" % (DAY, DAY))
        by_id = {e["node"]["policyID"]: e["node"] for e in p["logEventPolicies"]["edges"]}
        assert by_id["a"]["executionSummary"] == {"matchHits": 99, "errors": 0}, by_id
        assert sorted(d["edgeInstance"]["instanceID"] for d in by_id["a"]["deployments"]) == ["c", "e", "p"], by_id
        assert all(d["lastHitAt"] and d["executionSummary"]["matchHits"] == 33 for d in by_id["a"]["deployments"]), by_id
        assert all(d["lastHitAt"] is None for d in by_id["b"]["deployments"]), by_id


@test
def statuses_of_a_full_sync_and_before_the_metadata_count():
    with Server() as s:
        approve(s, LOG.format(id="a", keep="none"))
        body = b'{"fullSync":true,"policyStatuses":[{"id":"a","matchHits":"7"}],"clientMetadata":{"resourceAttributes":[{"key":"service.instance.id","value":{"stringValue":"late"}}]}}'
        assert s.request("POST", "/v1/policy/sync", body, {"Content-Type": JSON}).status == 200
        totals(s, "late", matchHits=7)


@test
def three_pollers_of_one_collector_are_one_instance():
    with Server() as s:
        approve(s, LOG.format(id="a", keep="none"))
        pollers = [Collector(s, instance_id="one") for _ in range(3)]
        for p in pollers:
            p.counts = {"a": {"hits": 5}}
            assert p.poll()
        totals(s, "one", matchHits=15)
        assert len(instances(s)) == 1


@test
def errors_take_the_place_of_older_ones():
    with Server() as s:
        approve(s, LOG.format(id="a", keep="none"))
        c = Collector(s, instance_id="e")
        first = ["log: match[0]: invalid regex \"([bad\": missing closing ]", "second"]
        for _ in range(4):
            c.counts = {"a": {"errors": first}}
            assert c.poll()
        i = reported(s, "e", lambda i: i["policyErrors"])
        assert i["policyErrors"] == [{"policyID": "a", "messages": first, "messageCount": 2}], i
        assert i["policyTelemetry"]["totals"]["errors"] == 2, "the same errors count once"
        c.counts = {"a": {"errors": ["third"]}}
        assert c.poll()
        reported(s, "e", lambda i: [e["messages"] for e in i["policyErrors"]] == [["third"]])
        assert s.terminate() == 0
        s.start()
        c.counts = {"a": {"errors": ["third"]}}
        assert c.poll()
        assert totals(s, "e", errors=3)["policyErrors"][0]["messages"] == ["third"], "known over a restart"
        assert c.poll()
        reported(s, "e", lambda i: not i["policyErrors"])


@test
def absurd_statuses_never_fail_a_sync():
    with Server() as s:
        approve(s, LOG.format(id="a", keep="none"))
        big = "9" * 400
        rows = ['{"id":"a","matchHits":-5}', f'{{"id":"a","matchHits":{big}}}', '{"id":"a","matchHits":"x","errors":"y","remove":[1]}', '{"id":"a","errors":[1,null,{}]}',
                '{"id":"","matchHits":1}', '{"matchHits":1}', '{"id":"\\u0061","matchHits":1e2}', f'{{"id":"{"i" * 100000}","matchHits":1}}',
                f'{{"id":"a","errors":["{"e" * 100000}"]}}', '{"id":"a","errors":["x"]}']
        body = '{"clientMetadata":{"resourceAttributes":[{"key":"service.instance.id","value":{"stringValue":"' + "n" * 5000 + '"}}]},"policyStatuses":[' + ",".join(rows) + "]}"
        a = s.request("POST", "/v1/policy/sync", body.encode(), {"Content-Type": JSON})
        assert a.status == 200 and len(a.json()["policies"]) == 1, a
        i = reported(s, "n" * 256, lambda i: i["policyErrors"])
        assert i["policyErrors"][0]["messages"] == ["x"], i


@test
def eight_thousand_statuses_with_errors():
    with Server() as s:
        approve(s, LOG.format(id="p7999", keep="none"))
        c = Collector(s, instance_id="many")
        c.counts = {f"p{i}": {"hits": 1, "misses": 2, "errors": [f"error {i} " + "x" * 200]} for i in range(8000)}
        assert c.poll(), c.refused
        totals(s, "many", matchHits=1, matchMisses=2, errors=1)
        i = reported(s, "many", lambda i: i["policyErrors"])
        assert i["policyErrors"][0]["messages"][0].startswith("error 7999"), "the last one"


# ---- instances and drift ----

def sync_states(server, **where):
    query = "query($w: EdgeInstanceWhereInput) { edgeInstances(where: $w, orderBy: {field: SYNC_STATE}) { totalCount edges { node { instanceID syncState } } } }"
    return [(e["node"]["instanceID"], e["node"]["syncState"]) for e in ask(server, query, w=where)["edgeInstances"]["edges"]]


@test
def instances_are_filtered_and_sorted_by_whether_they_have_what_is_published():
    with Server() as s:
        approve(s, LOG.format(id="a", keep="none"))
        late, never, good, sent = (Edge(s, instance_id=i) for i in ("late", "never", "good", "sent"))
        for e in (late, good, sent):
            assert e.poll() and e.poll()
        reported(s, "late", lambda i: i["syncState"] == "IN_SYNC")
        approve(s, LOG.format(id="b", keep="none"))
        assert good.poll() and good.poll() and sent.poll() and never.poll()
        wanted = [("good", "IN_SYNC"), ("sent", "SENT"), ("late", "BEHIND"), ("never", "NEVER")]
        wait_for(lambda: sync_states(s) == wanted, f"{wanted}: {sync_states(s)}")
        assert sync_states(s, syncState="BEHIND") == wanted[2:3]
        assert sync_states(s, syncStateNEQ="IN_SYNC") == wanted[1:]
        assert sync_states(s, syncStateIn=["IN_SYNC", "NEVER"], instanceIDNEQ="x") == [wanted[0], wanted[3]]
        assert sync_states(s, syncStateNotIn=["IN_SYNC", "SENT"]) == wanted[2:]
        page = ask(s, "{ edgeInstances(first: 2, orderBy: {field: SYNC_STATE, direction: DESC}) { pageInfo { endCursor } edges { node { instanceID } } } }")
        assert [e["node"]["instanceID"] for e in page["edgeInstances"]["edges"]] == ["never", "late"], page
        rest = ask(s, "query($c: Cursor) { edgeInstances(after: $c, orderBy: {field: SYNC_STATE, direction: DESC}) { edges { node { instanceID } } } }",
                   c=page["edgeInstances"]["pageInfo"]["endCursor"])
        assert [e["node"]["instanceID"] for e in rest["edgeInstances"]["edges"]] == ["sent", "good"], rest
        assert ask(s, "{ accounts(where: {edgeInstances: {syncState: NEVER}}) { totalCount edges { node { edgeInstances { totalCount } edgeAPIKeys { totalCount } } } } }") == {
            "accounts": {"totalCount": 1, "edges": [{"node": {"edgeInstances": {"totalCount": 4}, "edgeAPIKeys": {"totalCount": ask(s, "{ edgeAPIKeys { totalCount } }")["edgeAPIKeys"]["totalCount"]}}}]}}
        fleet = ask(s, "query($i: EdgeFleetTelemetryInput!) { edgeFleetTelemetry(input: $i) { connectedInstanceCount inSyncInstanceCount sentInstanceCount"
                       " behindInstanceCount neverInstanceCount } }", i={"range": {"start": "2020-01-01T00:00:00Z", "end": "2020-01-02T00:00:00Z"},
                                                                        "granularity": "DAY", "groupBy": "SERVICE", "connectedWithin": "1h"})
        assert list(fleet["edgeFleetTelemetry"].values()) == [4, 1, 1, 1, 1], fleet


@test
def a_policy_is_carried_when_an_edge_says_that_it_applied_it():
    with Server() as s:
        e = Edge(s)
        assert e.poll() and e.poll()
        id_ = approve(s, LOG.format(id="a", keep="none"))
        query = "query($i: ID!) { logEventPolicy(id: $i) { impact { state reason inForceSince observed { start } edgeCount capableEdgeCount matchHits" \
                " eventsPerHourBefore eventsPerHourAfter promisedShare policy { id } } } }"
        def impact():
            return ask(s, query, i=id_)["logEventPolicy"]["impact"]
        assert impact()["state"] == "WAITING_FOR_EDGE" and impact()["policy"]["id"] == id_, impact()
        assert e.poll()
        reported(s, "edge-1", lambda i: i["syncState"] == "SENT")
        assert impact()["state"] == "WAITING_FOR_EDGE" and impact()["capableEdgeCount"] == 1 and impact()["edgeCount"] == 0, impact()
        e.counts = {"a": {"hits": 9}}
        assert e.poll()
        totals(s, "edge-1", matchHits=9)
        wait_for(lambda: impact()["state"] == "TOO_EARLY", f"the edge is known to carry it: {impact()}")
        now = impact()
        assert (now["edgeCount"], now["matchHits"], now["promisedShare"], now["observed"]) == (1, 9, 1, None), now
        ask(s, "mutation($i: ID!) { disablePolicy(id: $i) { id } }", i=id_)
        assert impact() is None
        ask(s, "mutation($i: ID!) { enablePolicy(id: $i) { id } }", i=id_)
        assert impact()["state"] == "WAITING_FOR_EDGE", impact()


@test
def an_approved_policy_reaches_the_edge_on_its_next_poll_and_drift_is_told():
    with Server() as s:
        c = Edge(s)
        assert c.poll() and c.poll()
        assert reported(s, "edge-1", lambda i: i["syncState"] == "IN_SYNC")["serviceNamespace"] == "test"
        id_ = approve(s, LOG.format(id="a", keep="none"))
        assert instances(s)["edge-1"]["syncState"] == "BEHIND"
        assert c.poll() and sorted(c.policies) == ["a"]
        reported(s, "edge-1", lambda i: i["syncState"] == "SENT" and i["lastResponseHash"] == c.hash)
        assert c.poll()
        reported(s, "edge-1", lambda i: i["syncState"] == "IN_SYNC" and i["lastSuccessfulHash"] == i["publishedHash"] == c.hash)
        ask(s, "mutation($i: ID!) { disablePolicy(id: $i) { id } }", i=id_)
        c.counts = {"a": {"hits": 9}}
        assert c.poll() and not c.policies
        totals(s, "edge-1", matchHits=9)


@test
def the_fleet_is_told_by_group():
    with Server() as s:
        approve(s, LOG.format(id="a", keep="none"))
        approve(s, LOG.format(id="b", keep="none"))
        for n in range(5):
            c = Edge(s, name=f"svc-{n % 2}", instance_id=f"i{n}")
            c.counts = {"a": {"hits": 10}, "b": {"hits": n, "misses": 1}}
            assert c.poll()
            assert c.poll()
        query = """{ edgeFleetTelemetry(input: {%s, granularity: DAY, groupBy: SERVICE, topK: 1, connectedWithin: "1h0m0s"%s}) {
            instanceCount connectedInstanceCount inSyncInstanceCount behindInstanceCount totalHits totalMisses totalErrors
            topPolicies { policyId logEventName totalHits series { hits } } otherPolicies { policyId logEventName totalHits totalMisses }
            groups { key instanceCount connectedInstanceCount totalHits latestSyncAt } } }"""
        now = time.time()
        span = 'range: {start: "%s", end: "%s"}' % tuple(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + d * 86400)) for d in (-2, 1))

        def written():  # of the last instance, the second poll may be written after the first
            f = ask(s, query % (span, ""))["edgeFleetTelemetry"]
            return f if f["totalHits"] == 60 and f["inSyncInstanceCount"] == 5 else None
        f = wait_for(written, "the reports")
        assert (f["instanceCount"], f["connectedInstanceCount"], f["inSyncInstanceCount"], f["behindInstanceCount"]) == (5, 5, 5, 0), f
        assert f["topPolicies"][0]["logEventName"] == "Policy a" and f["topPolicies"][0]["totalHits"] == 50, f
        assert sum(p["hits"] for p in f["topPolicies"][0]["series"]) == 50 and f["otherPolicies"] == {"policyId": None, "logEventName": "Other", "totalHits": 10, "totalMisses": 5}, f
        assert [(g["key"], g["instanceCount"], g["totalHits"]) for g in f["groups"]] == [("svc-0", 3, 36), ("svc-1", 2, 24)], f
        part = ask(s, query % (span, ', where: {serviceName: "svc-1"}'))["edgeFleetTelemetry"]
        assert part["instanceCount"] == 2 and part["totalHits"] == 24, part


@test
def hashes_and_instances_are_the_same_after_a_restart():
    with Server() as s:
        for n in range(20):
            approve(s, LOG.format(id=f"p{n:02}", keep="none"))
        c = Edge(s)
        assert c.poll()
        before, hash_ = reported(s, "edge-1", lambda i: True), c.hash
        assert s.terminate() == 0
        s.start()
        assert c.poll() and c.hash == hash_ and len(c.answer.body) < 300, "still the short answer"
        reported(s, "edge-1", lambda i: i["id"] == before["id"] and i["syncState"] == "IN_SYNC")
        assert len(instances(s)) == 1


# ---- durability ----

@test
def kill_9_between_approval_and_poll_loses_nothing():
    with Server() as s:
        c = Edge(s)
        for n in range(5):
            approve(s, LOG.format(id=f"p{n}", keep="none"))
            s.kill()
            s.start()
            assert c.poll() and len(c.policies) == n + 1, vars(c)


@test
def an_orderly_end_writes_what_is_still_in_memory():
    with Server() as s:
        approve(s, LOG.format(id="a", keep="none"))
        key, _ = make_key(s)
        c = Edge(s, key)
        c.counts = {"a": {"hits": 41}}
        assert c.poll()
        assert s.terminate() == 0
        with s.database() as db:
            assert db.execute("SELECT sum(hits) FROM edge_policy_hours").fetchone() == (41,)
            assert db.execute("SELECT hits FROM edge_instance_hours").fetchall() == [(41,)]
            assert db.execute("SELECT last_used_at > 0 FROM edge_api_keys").fetchone() == (1,)


# ---- keys ----

@test
def polls_over_tcp_need_a_key():
    with Server(tcp=True) as s:
        key, made = make_key(s)
        assert key.startswith("tero_sk_") and len(key) == 52 and made["keyPrefix"] == key[:12], made
        for wrong in (None, "", "x", key[:-1], key + "=", key[:-2] + ("a=" if key[-2] != "a" else "b="), "tero_sk_" + "A" * 43 + "="):
            c = Edge(s, wrong, tcp=True)
            assert not c.poll() and c.answer.status == 401 and c.answer.headers["www-authenticate"] == "Bearer", (wrong, c.answer)
        a = s.request("POST", "/v1/policy/sync", b"{}", {"Content-Type": JSON, "Authorization": f"Basic {key}"}, tcp=True)
        assert a.status == 401, a
        for kind in (Edge, Collector, Protobuf):
            c = kind(s, key, tcp=True)
            assert c.poll(), c.refused
        assert not Edge(s, "tero_sk_wrong").poll(), "a wrong key is refused on the socket, too"
        used = "{ edgeAPIKeys { edges { node { lastUsedAt revokedAt } } } }"
        wait_for(lambda: ask(s, used)["edgeAPIKeys"]["edges"][0]["node"]["lastUsedAt"], "the use of the key")


@test
def a_revoked_key_is_refused_at_once_and_after_a_restart():
    with Server(tcp=True) as s:
        (first, made), (second, _) = make_key(s, "one"), make_key(s, "two")
        assert Edge(s, first, tcp=True).poll() and Edge(s, second, tcp=True).poll()
        r = ask(s, "mutation($i: ID!) { revokeEdgeApiKey(id: $i) { name revokedAt } }", i=made["id"])["revokeEdgeApiKey"]
        assert r["name"] == "one" and r["revokedAt"], r
        c = Edge(s, first, tcp=True)
        assert not c.poll() and c.answer.status == 401 and Edge(s, second, tcp=True).poll()
        again = ask(s, "mutation($i: ID!) { revokeEdgeApiKey(id: $i) { revokedAt } }", i=made["id"])["revokeEdgeApiKey"]
        assert again["revokedAt"] == r["revokedAt"]
        s.kill()
        s.start()
        assert not Edge(s, first, tcp=True).poll() and Edge(s, second, tcp=True).poll()
        with s.database() as db:
            actions = [row[0] for row in db.execute("SELECT action FROM audit_log WHERE object_type = 'EdgeApiKey' ORDER BY row")]
        assert actions == ["edge_api_key.create", "edge_api_key.create", "edge_api_key.revoke"], actions


@test
def a_key_is_nowhere_but_in_its_answer():
    with Server(tcp=True) as s:
        key, _ = make_key(s)
        assert Edge(s, key, tcp=True).poll()
        assert s.terminate() == 0
        for name in os.listdir(s.data):
            path = os.path.join(s.data, name)
            if os.path.isfile(path):
                assert key[12:30].encode() not in open(path, "rb").read(), name
        assert key[12:30] not in s.log()


@test
def ten_thousand_instances_in_bounded_memory():
    with Server() as s:
        for n in range(3):
            approve(s, LOG.format(id=f"p{n}", keep="none"))

        def anonymous():
            with open(f"/proc/{s.pid}/smaps_rollup") as f:
                return next(int(line.split()[1]) for line in f if line.startswith("Anonymous:"))
        def body(n):
            c = Edge(s, instance_id=f"edge-{n}-" + "x" * 40)
            c.counts = {"p0": {"hits": 1}, "p1": {"misses": 2}}
            return c.encode()
        before = anonymous()
        with s.connect() as c:
            for n in range(10000):
                b = body(n)
                c.send(head("POST", "/v1/policy/sync", len(b), {"Content-Type": JSON}) + b)
                assert c.answer().status == 200
        count = "{ edgeInstances(first: 0) { totalCount } }"
        wait_for(lambda: ask(s, count)["edgeInstances"]["totalCount"] == 10000, "all instances")
        grown = anonymous() - before
        with open(PROGRAM, "rb") as f:
            program = f.read()
        if b"__asan_init" not in program and b"__tsan_init" not in program:
            assert grown < 32 * 1024, f"{grown} KiB for 10,000 instances"
        f = ask(s, '{ edgeFleetTelemetry(input: {range: {start: "%s", end: "%s"}, granularity: DAY, groupBy: VERSION, connectedWithin: "1h"}) { totalHits totalMisses } }'
                % tuple(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + d * 86400)) for d in (-2, 1)))
        assert f["edgeFleetTelemetry"]["totalHits"] <= 10000


main()
