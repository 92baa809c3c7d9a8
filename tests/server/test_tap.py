"""Live previews of policies: off by default, audited, bounded, masked unless revealed, gone when nobody asks; and nothing of them at rest."""

import random

from harness import *

POLICY = """id: mask-cards
name: Mask cards
log:
  match:
    - resource_attribute: service.name
      exact: pay
  transform:
    remove:
      - log_attribute: debug
    redact:
      - log_field: body
        regex: '[0-9]{16}'
        replacement: '[CARD]'
"""
START = "mutation($i: PolicyTapInput!) { startPolicyTap(input: $i) { id state revealed } }"
COUNTS = "state endedBecause revealed seenCount matchedCount skippedCount unshownCount keptCount droppedCount changedCount lastSequence"
FIELDS = "fields { path movedTo before after change }"
LOOK = f"query($id: ID!, $after: Int) {{ policyTap(id: $id) {{ {COUNTS} records(after: $after, first: 200) {{ sequence outcome masked truncated decidedBy service {FIELDS} }} }} }}"


def code(answer):
    return answer["errors"][0]["extensions"]["code"]


def permit(s, permission):
    a = s.graphql("mutation($p: PolicyTapPermission!) { updatePolicyTapSettings(permission: $p) { liveTap } }", {"p": permission})
    assert a["data"]["updatePolicyTapSettings"]["liveTap"] == permission, a


def start(s, **wish):
    a = s.graphql(START, {"i": {"text": POLICY, **wish}})
    assert "errors" not in a, a
    assert a["data"]["startPolicyTap"]["state"] == "RUNNING", a
    return a["data"]["startPolicyTap"]["id"]


def look(s, tap, after=0):
    a = s.graphql(LOOK, {"id": tap, "after": after})
    assert "errors" not in a, a
    return a["data"]["policyTap"]


def audit(s):
    rows = s.database().execute("SELECT actor, action, object_type, after, reason FROM audit_log WHERE action LIKE 'policy_tap.%' ORDER BY row")
    return [(actor, action, kind, json.loads(after or "{}"), reason) for actor, action, kind, after, reason in rows]


def post(s, *bodies, service="pay", kind="json", **attributes):
    assert s.logs(otlp(service, bodies, attributes=attributes)).status == 200


def field(record, *path):
    return next(f for f in record["fields"] if f["path"] == list(path))


@test
def off_unless_the_workspace_permits_it():
    with Server() as s:
        a = s.graphql(START, {"i": {"text": POLICY}})
        assert code(a) == "FORBIDDEN" and "updatePolicyTapSettings" in a["errors"][0]["message"], a
        assert s.graphql("{ accounts(first: 1) { edges { node { policySettings { liveTap } } } } }")["data"]["accounts"]["edges"][0]["node"] \
            == {"policySettings": {"liveTap": "OFF"}}
        assert audit(s) == []
    with Server("--no-tap") as s:
        a = s.graphql("mutation { updatePolicyTapSettings(permission: REVEAL) { liveTap } }")
        assert a["data"]["updatePolicyTapSettings"]["liveTap"] == "OFF", a
        a = s.graphql(START, {"i": {"text": POLICY}})
        assert code(a) == "FORBIDDEN" and "--no-tap" in a["errors"][0]["message"], a


@test
def what_comes_in_is_shown_before_and_after_the_policy():
    with Server() as s:
        permit(s, "MASKED")
        post(s, *["paid by card 4111111111111111 in full"] * 3, debug="x", user="ann@example.org")
        tap = start(s)
        post(s, "paid by card 4111111111111111 in full", debug="x", user="ann@example.org")
        post(s, "paid by card 4111111111111111 in full", service="shop")
        seen = look(s, tap)
        assert (seen["state"], seen["seenCount"], seen["matchedCount"], seen["keptCount"], seen["changedCount"]) == ("RUNNING", 2, 1, 1, 1), seen
        [r] = seen["records"]
        assert (r["outcome"], r["masked"], r["decidedBy"], r["service"]) == ("KEPT", True, "mask-cards", "pay"), r
        assert field(r, "body")["before"] == "paid by card <*> in full" and field(r, "body")["after"] == "paid by card [CARD] in full", r
        assert field(r, "attributes", "debug")["change"] == "REMOVED" and field(r, "attributes", "debug")["after"] is None
        assert field(r, "attributes", "user") == {"path": ["attributes", "user"], "movedTo": None, "before": "<email 15>", "after": "<email 15>", "change": "SAME"}
        assert look(s, tap, after=seen["lastSequence"])["records"] == []


def varint(n):
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def message(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


@test
def protobuf_and_files_are_seen_too():
    with Server() as s:
        permit(s, "MASKED")
        drop = "id: d\nname: d\nlog:\n  match:\n    - log_field: body\n      contains: health\n  keep: none\n"
        tap = start(s, text=drop)
        name = message(1, message(1, b"service.name") + message(2, message(1, b"pay")))
        record = message(5, message(1, b"health check"))
        assert s.logs(message(1, message(1, name) + message(2, message(2, record))), "application/x-protobuf").status == 200
        path = os.path.join(s.directory, "app.log")
        with open(path, "w") as f:
            f.write("2026-11-20T10:00:00Z INFO health check passed\n" * 5)
        assert run("ingest", "--data", s.data, "--service", "web", path)[0] == 0
        seen = look(s, tap)
        assert (seen["seenCount"], seen["droppedCount"]) == (6, 6), seen
        assert {r["service"] for r in seen["records"]} == {"pay", "web"}
        assert all(r["outcome"] == "DROPPED" and f["after"] is None for r in seen["records"] for f in r["fields"])


@test
def stored_policies_and_those_in_force():
    with Server() as s:
        permit(s, "MASKED")
        a = s.graphql("mutation($i: PolicyProposalInput!) { proposePolicy(input: $i) { id contentHash } }", {"i": {"text": POLICY}})
        policy = a["data"]["proposePolicy"]
        tap, none = start(s, text=None, policyID=policy["id"]), start(s, text=None)
        post(s, "paid by card 4111111111111111")
        assert look(s, tap)["matchedCount"] == 1
        assert look(s, none)["matchedCount"] == 0 and look(s, none)["records"][0]["outcome"] == "UNMATCHED"
        a = s.graphql("mutation($id: ID!, $h: String!) { approvePolicy(id: $id, contentHash: $h) { state } }", {"id": policy["id"], "h": policy["contentHash"]})
        assert "errors" not in a, a
        force = start(s, text=None)
        post(s, "paid by card 4111111111111111")
        assert look(s, force)["records"][0]["decidedBy"] == "mask-cards"
        assert code(s.graphql(START, {"i": {"policyID": "POL-999"}})) == "NOT_FOUND"
        assert code(s.graphql(START, {"i": {"text": "id: x\nname: x\nlog: {match: [{log_field: body, regex: '['}]}"}})) == "BAD_USER_INPUT"
        assert code(s.graphql(START, {"i": {"text": "id: x\nname: x\nmetric: {match: [{metric_field: name, exact: a}], keep: false}"}})) == "BAD_USER_INPUT"


@test
def everything_is_in_the_audit_log():
    with Server() as s:
        permit(s, "REVEAL")
        tap = start(s, seconds=60, records=10, reveal=True, reason="ticket 7")
        s.graphql("mutation($id: ID!) { stopPolicyTap(id: $id) { state } }", {"id": tap})
        again = start(s)
        a = s.graphql("mutation($id: ID!) { revealPolicyTap(id: $id, reason: \"why not\") { revealed } }", {"id": again})
        assert a["data"]["revealPolicyTap"]["revealed"] is True, a
        rows = audit(s)
        assert [r[1] for r in rows] == ["policy_tap.settings", "policy_tap.start", "policy_tap.stop", "policy_tap.start", "policy_tap.reveal"], rows
        assert {r[0] for r in rows} == {f"uid:{os.getuid()}"}
        assert [r[4] for r in rows] == [None, "ticket 7", None, None, "why not"], rows
        started = rows[1][3]
        assert (started["policyID"], started["seconds"], started["records"], started["reveal"]) == ("mask-cards", 60, 10, True), started
        assert len(started["contentHash"]) == 64 and "[CARD]" not in json.dumps(rows)


@test
def no_row_no_tap():
    """A preview whose audit row cannot be written never sees a record."""
    with Server() as s:
        permit(s, "MASKED")
        with sqlite3.connect(os.path.join(s.data, "control-plane.db"), timeout=30) as db:
            db.execute("CREATE TRIGGER refuse BEFORE INSERT ON audit_log WHEN NEW.action = 'policy_tap.start'"
                       " BEGIN SELECT RAISE(ABORT, 'no'); END")
        a = s.request("POST", "/graphql", json.dumps({"query": START, "variables": {"i": {"text": POLICY}}}).encode(), {"Content-Type": "application/json"})
        assert a.status == 503 or "errors" in a.json(), a
        post(s, "paid by card 4111111111111111")
        taps = s.graphql("{ policyTaps { state endedBecause seenCount } }")["data"]["policyTaps"]
        assert taps == [{"state": "ENDED", "endedBecause": "ABANDONED", "seenCount": 0}], taps


@test
def values_only_where_permitted_and_for_a_reason():
    with Server() as s:
        permit(s, "MASKED")
        assert code(s.graphql(START, {"i": {"text": POLICY, "reveal": True, "reason": "r"}})) == "FORBIDDEN"
        tap = start(s)
        reveal = "mutation($id: ID!, $r: String!) { revealPolicyTap(id: $id, reason: $r) { revealed } }"
        assert code(s.graphql(reveal, {"id": tap, "r": "because"})) == "FORBIDDEN"
        permit(s, "REVEAL")
        assert code(s.graphql(reveal, {"id": tap, "r": ""})) == "BAD_USER_INPUT"
        assert code(s.graphql(START, {"i": {"text": POLICY, "reveal": True}})) == "BAD_USER_INPUT"
        post(s, "paid by card 4111111111111111")
        assert s.graphql(reveal, {"id": tap, "r": "because"})["data"]["revealPolicyTap"]["revealed"]
        post(s, "paid by card 4111111111111111")
        before, after = look(s, tap)["records"]
        assert before["masked"] and "4111" not in json.dumps(before), before
        assert not after["masked"] and field(after, "body")["before"] == "paid by card 4111111111111111", after
        permit(s, "MASKED")
        assert look(s, tap)["endedBecause"] == "FORBIDDEN" and look(s, tap)["records"] == []


@test
def gone_when_nobody_asks():
    """Asking for the list does not keep it alive; asking for it does."""
    with Server() as s:
        permit(s, "MASKED")
        left, kept = start(s), start(s)
        post(s, "paid by card 4111111111111111")

        def states():
            look(s, kept)
            return {t["id"]: (t["state"], t["endedBecause"]) for t in s.graphql("{ policyTaps { id state endedBecause } }")["data"]["policyTaps"]}
        assert states()[left] == ("RUNNING", None)
        began = time.monotonic()
        wait_for(lambda: states()[left] == ("ENDED", "ABANDONED"), "the lease to end", 30)
        assert time.monotonic() - began < 15
        assert states()[kept] == ("RUNNING", None)
        assert look(s, left)["records"] == [] and look(s, kept)["records"] != []


@test
def gone_when_its_time_is_over():
    with Server() as s:
        permit(s, "MASKED")
        tap = start(s, seconds=5)
        post(s, "paid by card 4111111111111111")
        assert len(look(s, tap)["records"]) == 1
        wait_for(lambda: look(s, tap)["state"] == "ENDED", "the time to be over", 30)
        assert look(s, tap)["endedBecause"] == "EXPIRED" and look(s, tap)["records"] == []


@test
def limits():
    with Server() as s:
        permit(s, "MASKED")
        for wrong in ({"seconds": 301}, {"seconds": 4}, {"records": 201}, {"records": 0}, {"serviceID": "x"}, {"policyID": "POL-1"}, {"reason": "r" * 501}):
            assert code(s.graphql(START, {"i": {"text": POLICY, **wrong}})) in ("BAD_USER_INPUT", "NOT_FOUND"), wrong
        taps = [start(s) for _ in range(4)]
        assert code(s.graphql(START, {"i": {"text": POLICY}})) == "LIMIT_EXCEEDED"
        post(s, *["paid by card 4111111111111111"] * 5000)
        for tap in taps:
            seen = look(s, tap)
            assert seen["seenCount"] == 5000 and seen["matchedCount"] + seen["skippedCount"] == 5000, seen
            assert len(seen["records"]) + seen["unshownCount"] == seen["matchedCount"] and 0 < len(seen["records"]) <= 200, seen
        assert code(s.graphql(LOOK, {"id": taps[0], "after": -1})) == "BAD_USER_INPUT"
        assert code(s.graphql(LOOK, {"id": "00000000-0000-4000-8000-000000000000"})) == "NOT_FOUND"


@test
def hostile_sizes():
    with Server() as s:
        permit(s, "REVEAL")
        tap = start(s, reveal=True, reason="sizes", text=POLICY)
        deep = {"stringValue": "end"}
        for _ in range(12):
            deep = {"kvlistValue": {"values": [{"key": "k", "value": deep}]}}
        post(s, "x" * (8 << 20))
        post(s, "4111111111111111 " * 60000)
        assert s.logs(otlp("pay", ["deep"], attributes={"d": deep})).status == 200
        assert s.logs(otlp("pay", ["many"], attributes={f"k{n}": "v" * 100 for n in range(1000)})).status == 200
        assert s.logs(otlp("pay", ["\u202e\x1b[31m\n\t\u0000bad"], attributes={"k\u202e\x07": "v\x1b]0;x"})).status == 200
        a = s.graphql(LOOK, {"id": tap})
        text = json.dumps(a, ensure_ascii=False)
        assert "errors" not in a and "\x1b" not in text and "\u202e" not in text
        records = a["data"]["policyTap"]["records"]
        assert len(records) == 3 and any(r["truncated"] for r in records), [len(json.dumps(r)) for r in records]
        assert a["data"]["policyTap"]["skippedCount"] == 2
        assert all(len(json.dumps(r)) < 400000 for r in records)
        assert a["data"]["policyTap"]["seenCount"] == 5


@test
def without_a_screen():
    """tero-console policy preview --live: masked, on stdout, for as long as was asked."""
    console = os.path.join(BUILD, "tero-console")
    with Server() as s:
        path = os.path.join(s.directory, "policy.yaml")
        with open(path, "w") as f:
            f.write(POLICY)
        command = [console, "policy", "preview", "--live", "--policies", path, "--for", "5s", "--data", s.data]
        env = {**os.environ, "HOME": s.directory, "XDG_CONFIG_HOME": s.directory}
        refused = subprocess.run(command, capture_output=True, timeout=DEADLINE, env=env)
        assert refused.returncode == 1 and b"live previews are off" in refused.stderr, refused
        permit(s, "MASKED")
        p = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
        wait_for(lambda: s.graphql("{ policyTaps { id } }")["data"]["policyTaps"], "it to start", 30)
        post(s, *["paid by card 4111111111111111 in full"] * 6, debug="hunter2")
        out, err = (x.decode() for x in p.communicate(timeout=DEADLINE))
        assert p.returncode == 0 and err == "", err
        assert "pay  KEPT" in out and "body: paid by card <*> in full -> paid by card [CARD] in full" in out, out
        assert "attributes.debug: <word 7> -> removed" in out and "6 seen, 6 matched, 6 kept" in out, out
        assert "4111" not in out and "hunter2" not in out
        assert subprocess.run([*command, "--for", "6m"], capture_output=True, env=env).returncode == 1
        assert subprocess.run([*command, "--id", "POL-1"], capture_output=True, env=env).returncode == 1


def token():
    return "".join(random.SystemRandom().choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(24))


def everything_written(s):
    for directory, _, names in os.walk(s.data):
        for name in names:
            path = os.path.join(directory, name)
            if os.path.isfile(path):
                with open(path, "rb") as f:
                    yield path, f.read()
    yield "log", s.log().encode()


@test
def planted_secrets_are_nowhere_unless_revealed_and_then_in_the_answer_only():
    for revealed in (False, True):
        with Server(env={"TERO_LOG": "debug"}) as s:
            permit(s, "REVEAL")
            secrets = [token() for _ in range(6)]
            tap = start(s, **({"reveal": True, "reason": "test"} if revealed else {}))
            for _ in range(5):
                post(s, f"user {secrets[0]} paid with password={secrets[1]}", f"{{\"k\": \"{secrets[2]}\"}}",
                     {"kvlistValue": {"values": [{"key": "inner", "value": {"stringValue": secrets[3]}}]}},
                     note=secrets[4], list={"arrayValue": {"values": [{"stringValue": secrets[5]}]}})
            seen = look(s, tap)
            answer = json.dumps(seen)
            assert len(seen["records"]) == 15
            assert [x in answer for x in secrets] == [revealed] * len(secrets), answer[:3000]
            for when in ("running", "stopped", "killed"):
                if when == "stopped":
                    s.graphql("mutation($id: ID!) { stopPolicyTap(id: $id) { state } }", {"id": tap})
                if when == "killed":
                    s.kill()
                for path, data in everything_written(s):
                    assert not [x for x in secrets if x.encode() in data], (when, path)


@test
def a_core_file_would_not_hold_it():
    """What a tap keeps lies in memory that is not dumped, and nothing of it is left after the end."""
    if os.geteuid() != 0:
        raise Skip("only root can read the memory of a process that is not dumpable")

    def places(s, secret):
        found = 0
        with open(f"/proc/{s.pid}/maps") as maps, open(f"/proc/{s.pid}/mem", "rb", 0) as memory:
            for line in maps:
                area, mode = line.split()[:2]
                begin, end = (int(x, 16) for x in area.split("-"))
                if mode[:2] == "rw" and end - begin < 1 << 30:
                    try:
                        memory.seek(begin)
                        found += memory.read(end - begin).count(secret.encode())
                    except OSError:
                        pass
        return found

    with Server() as s:
        permit(s, "REVEAL")
        secret, other = token(), token()
        tap = start(s, reveal=True, reason="test", text=POLICY)
        post(s, f"paid with {secret} {token()}", service="pay")
        assert secret in json.dumps(look(s, tap))
        assert places(s, secret) > 0
        s.graphql("mutation($id: ID!) { stopPolicyTap(id: $id) { state } }", {"id": tap})
        for n in range(20):
            post(s, f"paid with {other} {token()}", service="pay")
        wait_for(lambda: places(s, secret) == 0, "nothing to be left of it", 20)


main()
