"""Policies through the real server: from a log event to a policy in force, and back; nothing is lost by kill -9."""

import json
import os

from harness import *

BROAD = "id: drop-noise\nname: Drop noise\nlog:\n  match:\n    - log_field: body\n      regex: '^cache\\s+miss'\n  keep: none\n"


def ask(server, query, variables=None):
    a = server.graphql(query, variables)
    assert "errors" not in a, a
    return a["data"]


def refused(server, query, variables=None):
    a = server.graphql(query, variables)
    assert a.get("errors"), a
    return a["errors"][0]["extensions"]["code"]


def propose(server, text, **more):
    return ask(server, "mutation($i: PolicyProposalInput!) { proposePolicy(input: $i) { id displayID contentHash state } }",
               {"i": {"text": text, **more}})["proposePolicy"]


def approve(server, policy):
    return ask(server, "mutation($i: ID!, $h: String!) { approvePolicy(id: $i, contentHash: $h) { state inForce } }",
               {"i": policy["id"], "h": policy["contentHash"]})["approvePolicy"]


def poll(server, last=""):
    body = json.dumps({"fullSync": True, "lastSuccessfulHash": last}).encode()
    a = server.request("POST", "/v1/policy/sync", body, {"Content-Type": "application/json"})
    assert a.status == 200, a
    return a.json()


def wire_ids(server):
    return [p["id"] for p in poll(server).get("policies", [])]


def fill(server):
    assert server.logs(otlp("shop", [f"cache miss for key{i}" for i in range(40)])).status == 200
    assert server.logs(otlp("shop", ["checkout done"] * 20)).status == 200
    assert server.logs(otlp("cart", [f"cache miss for key{i}" for i in range(10)])).status == 200


@test
def a_log_event_becomes_a_policy_in_force_and_edges_get_it():
    with Server() as s:
        fill(s)
        events = ask(s, "{ logEvents { edges { node { id template service { name } } } } }")["logEvents"]["edges"]
        event = next(e["node"] for e in events if e["node"]["service"]["name"] == "shop" and "cache" in e["node"]["template"])
        p = ask(s, "mutation($e: ID!) { createLogEventPolicy(input: {logEventID: $e, spec: {drop: {enabled: true}}}) { id displayID"
                   " contentHash state logEventID sourceKind spec { drop { enabled } } conditions"
                   " preview { certain { eventCount volume { recordsPerYear } } possible { eventCount }"
                   " removedAtLeast { recordsPerYear } events { match logEvent { id } } } } }", {"e": event["id"]})["createLogEventPolicy"]
        assert p["state"] == "PROPOSED" and p["logEventID"] == event["id"] and p["spec"]["drop"]["enabled"], p
        assert p["preview"]["certain"]["eventCount"] == 1 and p["preview"]["possible"]["eventCount"] == 0, p
        assert p["preview"]["events"][0]["logEvent"]["id"] == event["id"], p
        assert p["preview"]["removedAtLeast"]["recordsPerYear"] > 0, p
        assert wire_ids(s) == []
        assert approve(s, p) == {"state": "ACTIVE", "inForce": True}
        assert len(wire_ids(s)) == 1
        mine = ask(s, "query($e: ID!) { logEvent(id: $e) { logEventPolicies { edges { node { id } } } } }", {"e": event["id"]})
        assert [e["node"]["id"] for e in mine["logEvent"]["logEventPolicies"]["edges"]] == [p["id"]], mine
        ask(s, "mutation($i: ID!) { disablePolicy(id: $i, reason: \"enough\") { state } }", {"i": p["displayID"]})
        assert wire_ids(s) == []


@test
def kill_9_between_approval_and_the_next_poll_loses_nothing():
    with Server() as s:
        p = propose(s, BROAD)
        before = poll(s)["hash"]
        assert approve(s, p)["inForce"]
        s.kill()
        s.start()
        a = poll(s, before)
        assert [x["id"] for x in a["policies"]] == ["drop-noise"] and a["hash"] != before, a
        shown = ask(s, "{ logEventPolicy(id: \"POL-1\") { state inForce approvals { actor approved contentHash } } }")["logEventPolicy"]
        assert shown["state"] == "ACTIVE" and shown["approvals"][0]["contentHash"] == p["contentHash"], shown
        rows = [r[0] for r in s.database().execute("SELECT action FROM audit_log ORDER BY row")]
        assert rows == ["policy.create", "policy.approve"], rows


@test
def another_payload_than_the_judged_one_is_never_approved():
    with Server() as s:
        p = propose(s, BROAD)
        ask(s, "mutation($i: ID!, $t: String!) { editPolicy(id: $i, text: $t) { version } }", {"i": p["id"], "t": BROAD.replace("none", "10%")})
        approval = "mutation($i: ID!, $h: String!) { approvePolicy(id: $i, contentHash: $h) { state } }"
        assert refused(s, approval, {"i": p["id"], "h": p["contentHash"]}) == "CONFLICT"
        assert wire_ids(s) == []
        ask(s, "mutation { updatePolicySettings(fourEyes: true) { fourEyes } }")
        now = ask(s, "{ logEventPolicy(id: \"POL-1\") { contentHash } }")["logEventPolicy"]["contentHash"]
        assert refused(s, approval, {"i": p["id"], "h": now}) == "FORBIDDEN"
        assert wire_ids(s) == []


@test
def an_edit_of_a_policy_in_force_waits_and_a_rejected_one_is_gone():
    with Server() as s:
        p = propose(s, BROAD)
        approve(s, p)
        first = poll(s)["hash"]
        edit = ask(s, "mutation($t: String!) { editPolicy(id: \"POL-1\", text: $t, reason: \"less\") { state inForce version"
                      " changes { place before after } } }", {"t": BROAD.replace("none", "10%")})["editPolicy"]
        assert edit["state"] == "PROPOSED" and edit["inForce"] and edit["version"] == 2 and edit["changes"], edit
        assert poll(s)["hash"] == first
        back = ask(s, "mutation { rejectPolicy(id: \"POL-1\", reason: \"no\") { state contentHash versions { version author reason } } }")["rejectPolicy"]
        assert back["state"] == "ACTIVE" and back["contentHash"] == p["contentHash"], back
        assert [v["version"] for v in back["versions"]] == [2, 1], back
        assert poll(s)["hash"] == first


@test
def many_are_judged_at_once_each_for_itself():
    with Server() as s:
        made = [propose(s, BROAD.replace("drop-noise", f"n{i}"), category="health-checks", risk="LOW" if i < 3 else "HIGH") for i in range(4)]
        bulk = "mutation($i: PolicySelectionInput!) { approvePolicies(input: $i) { succeeded failed results { id ok code } } }"
        a = ask(s, bulk, {"i": {"category": "health-checks", "risk": "LOW", "contentHashes": [m["contentHash"] for m in made[:2]]}})
        assert a["approvePolicies"]["succeeded"] == 2 and a["approvePolicies"]["failed"] == 1, a
        assert [r["code"] for r in a["approvePolicies"]["results"]] == [None, None, "CONFLICT"], a
        assert wire_ids(s) == ["n0", "n1"]
        a = ask(s, bulk, {"i": {"items": [{"id": "POL-4", "contentHash": made[3]["contentHash"]}, {"id": "POL-99", "contentHash": "x"},
                                          {"id": "POL-1", "contentHash": made[0]["contentHash"]}]}})
        assert [r["code"] for r in a["approvePolicies"]["results"]] == [None, "NOT_FOUND", "CONFLICT"], a
        assert refused(s, bulk, {"i": {}}) == "BAD_USER_INPUT"
        no = ask(s, "mutation { rejectPolicies(input: {risk: LOW}, reason: \"later\") { succeeded results { policy { state } } } }")
        assert no["rejectPolicies"] == {"succeeded": 1, "results": [{"policy": {"state": "DRAFT"}}]}, no


@test
def export_and_import_give_the_same_policies():
    with Server() as s, Server() as other:
        for i in range(3):
            approve(s, propose(s, BROAD.replace("drop-noise", f"n{i}"), category="bot-traffic"))
        for kind in ("YAML", "JSON"):
            file, = ask(s, "query($f: PolicyExportFormat!) { exportPolicies(format: $f) { path text } }", {"f": kind})["exportPolicies"]
            a = ask(other, "mutation($t: String!) { importPolicies(input: {text: $t}) { created changed unchanged failed } }", {"t": file["text"]})
            wanted = {"created": 3, "changed": 0, "unchanged": 0, "failed": 0} if kind == "YAML" else \
                {"created": 0, "changed": 0, "unchanged": 3, "failed": 0}
            assert a["importPolicies"] == wanted, (kind, a)
        files = ask(s, "{ exportPolicies(format: TERO_FOLDER) { path text } }")["exportPolicies"]
        assert [f["path"] for f in files] == [f".tero/policies/log/n{i}.yaml" for i in range(3)], files
        hashes = "{ logEventPolicies(orderBy: {field: NAME}) { edges { node { policyID contentHash category } } } }"
        assert ask(s, hashes) == ask(other, hashes)
        a = ask(other, "mutation($t: String!) { importPolicies(input: {text: $t}) { created failed results { outcome message policyID } } }",
                {"t": "policies:\n  - id: ok\n    name: ok\n    log: {match: [{log_field: body, contains: a}], keep: none}\n"
                      "  - id: bad\n    name: bad\n    log: {match: [{log_field: body, regex: '('}], keep: none}\n"})["importPolicies"]
        assert a["created"] == 1 and a["failed"] == 1 and "regex" in a["results"][1]["message"], a


@test
def exclusion_filters_of_datadog_become_policies():
    with Server() as s:
        index = {"name": "main", "exclusion_filters": [
            {"name": "Health checks", "is_enabled": True, "filter": {"query": "service:shop @http.url:/health", "sample_rate": 1.0}},
            {"name": "Half of debug", "is_enabled": False, "filter": {"query": "status:debug", "sample_rate": 0.5}},
            {"name": "Either", "is_enabled": True, "filter": {"query": "service:a OR @b:c", "sample_rate": 1.0}}]}
        a = ask(s, "mutation($t: String!) { importPolicies(input: {text: $t, format: DATADOG_EXCLUSION_FILTERS}) { created failed"
                   " results { outcome message policy { name state action sourceKind } } } }", {"t": json.dumps({"indexes": [index]})})
        made = a["importPolicies"]
        assert made["created"] == 2 and made["failed"] == 1, made
        first, second, third = made["results"]
        assert first["policy"] == {"name": "Health checks", "state": "PROPOSED", "action": "DROP",
                                   "sourceKind": "datadog_exclusion_filter"}, first
        assert second["policy"]["state"] == "DRAFT" and second["policy"]["action"] == "SAMPLE", second
        assert third["message"], third


@test
def a_preview_says_what_is_certain_and_why_the_rest_is_not():
    with Server() as s:
        fill(s)
        a = ask(s, "query($t: String!) { previewPolicy(text: $t) { scannedEventCount complete unmatchedEventCount notes"
                   " certain { eventCount } possible { eventCount } overlaps { relation certainEventCount policy { policyID } }"
                   " removedAtLeast { usdPerYear } removedAtMost { usdPerYear } events { match reasons } } }", {"t": BROAD})["previewPolicy"]
        assert a["certain"]["eventCount"] == 2 and a["possible"]["eventCount"] == 0 and a["unmatchedEventCount"] == 1, a
        assert a["removedAtLeast"] == a["removedAtMost"] and a["removedAtLeast"]["usdPerYear"] > 0 and a["complete"], a
        approve(s, propose(s, BROAD))
        narrow = BROAD.replace("drop-noise", "narrow").replace("miss'", "miss.*key7'")
        a = ask(s, "query($t: String!) { previewPolicy(text: $t) { certain { eventCount } possible { eventCount } events { reasons }"
                   " removedAtMost { recordsPerYear } overlaps { relation possibleEventCount policy { policyID } } } }", {"t": narrow})["previewPolicy"]
        assert a["certain"]["eventCount"] == 0 and a["possible"]["eventCount"] == 2, a
        assert all("varies" in e["reasons"][0] for e in a["events"]), a
        assert a["overlaps"] == [{"relation": "REDUNDANT", "possibleEventCount": 2, "policy": {"policyID": "drop-noise"}}], a
        assert a["removedAtMost"]["recordsPerYear"] == 0, a


@test
def any_version_can_be_previewed_and_so_a_roll_back_be_judged():
    with Server() as s:
        fill(s)
        approve(s, propose(s, BROAD))
        edit = ask(s, "mutation($t: String!) { editPolicy(id: \"POL-1\", text: $t, reason: \"keep a tenth\") { id contentHash } }",
                   {"t": BROAD.replace("none", "10%")})["editPolicy"]
        approve(s, edit)
        a = ask(s, "{ logEventPolicy(id: \"POL-1\") { now: preview { removedAtMost { recordsPerYear } } second: preview(version: 2) {"
                   " removedAtMost { recordsPerYear } } first: preview(version: 1) { removedAtMost { recordsPerYear } certain { eventCount } } } }")
        now, first, second = (a["logEventPolicy"][k]["removedAtMost"]["recordsPerYear"] for k in ("now", "first", "second"))
        assert now == second and abs(first * 0.9 - second) < 1e-6 * first and first > 0, a
        assert a["logEventPolicy"]["first"]["certain"]["eventCount"] == 2, a
        assert refused(s, "{ logEventPolicy(id: \"POL-1\") { preview(version: 3) { complete } } }") == "NOT_FOUND"


@test
def who_did_what_to_a_policy_and_why():
    with Server() as s:
        p = propose(s, BROAD, reason="too much noise")
        approve(s, p)
        ask(s, "mutation($i: ID!) { disablePolicy(id: $i, reason: \"enough\") { state } }", {"i": p["id"]})
        other = propose(s, BROAD.replace("drop-noise", "other"))
        trail = "query($i: ID!, $o: AuditEntryOrder, $w: AuditEntryWhereInput) { logEventPolicy(id: $i) { auditEntries(orderBy: $o, where: $w) {" \
                " totalCount edges { node { at actor action objectType objectID before after reason } } } } }"
        got = ask(s, trail, {"i": p["id"]})["logEventPolicy"]["auditEntries"]
        entries = [e["node"] for e in got["edges"]]
        assert [(e["action"], e["reason"]) for e in entries] == [
            ("policy.create", "too much noise"), ("policy.approve", None), ("policy.disable", "enough")], entries
        assert {e["actor"] for e in entries} == {f"uid:{os.getuid()}"} and {e["objectID"] for e in entries} == {p["id"]}, entries
        assert entries[0]["before"] is None and entries[0]["after"]["state"] == "PROPOSED" and "reason" not in entries[0]["after"], entries
        assert entries[2]["before"]["state"] == "ACTIVE" and entries[2]["after"]["state"] == "DISABLED", entries
        down = ask(s, trail, {"i": p["id"], "o": {"field": "AT", "direction": "DESC"}, "w": {"actionHasSuffix": "e", "actionNEQ": "policy.create"}})
        assert [e["node"]["action"] for e in down["logEventPolicy"]["auditEntries"]["edges"]] == ["policy.disable", "policy.approve"], down
        all_ = ask(s, "{ auditEntries(where: {objectType: \"LogEventPolicy\"}) { totalCount } none: auditEntries(where: {actor: \"x\"}) { totalCount }"
                      " page: auditEntries(first: 1) { pageInfo { hasNextPage endCursor } edges { node { action } } } }")
        assert all_["auditEntries"]["totalCount"] == 4 and all_["none"]["totalCount"] == 0 and all_["page"]["pageInfo"]["hasNextPage"], all_
        rest = ask(s, "query($c: Cursor) { auditEntries(after: $c) { edges { node { action } } } }", {"c": all_["page"]["pageInfo"]["endCursor"]})
        assert len(rest["auditEntries"]["edges"]) == 3, rest
        assert ask(s, trail, {"i": other["id"]})["logEventPolicy"]["auditEntries"]["totalCount"] == 1


@test
def wrong_requests_have_their_codes():
    with Server() as s:
        propose(s, BROAD)
        assert refused(s, "mutation($i: PolicyProposalInput!) { proposePolicy(input: $i) { id } }", {"i": {"text": BROAD}}) == "CONFLICT"
        assert refused(s, "mutation($i: PolicyProposalInput!) { proposePolicy(input: $i) { id } }", {"i": {"text": "nonsense"}}) == "BAD_USER_INPUT"
        assert refused(s, "mutation { enablePolicy(id: \"POL-1\") { id } }") == "CONFLICT"
        assert refused(s, "mutation { deletePolicy(id: \"POL-1\") }") == "CONFLICT"
        assert refused(s, "mutation { disablePolicy(id: \"POL-77\") { id } }") == "NOT_FOUND"
        assert refused(s, "mutation { rejectPolicy(id: \"POL-1\", reason: \"\") { id } }") == "BAD_USER_INPUT"
        assert refused(s, "{ previewPolicy(text: \"{}\") { complete } }") == "BAD_USER_INPUT"
        assert ask(s, "{ logEventPolicy(id: \"POL-77\") { id } }") == {"logEventPolicy": None}
        ask(s, "mutation { rejectPolicy(id: \"POL-1\", reason: \"no\") { id } }")
        assert ask(s, "mutation { deletePolicy(id: \"POL-1\") }") == {"deletePolicy": True}
        assert s.database().execute("SELECT count(*) FROM audit_log").fetchone()[0] == 3


main()
