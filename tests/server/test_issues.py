"""Checks, findings and issues over GraphQL, against the real server: found after an ingest, listed, filtered, closed, ignored, reopened,
assigned; a proposal becomes a policy and moves its issue; every change has its audit row."""
import json
import os

from harness import *

HOUR = 3600 * 10**9
ME = f"uid:{os.getuid()}"


def otlp(service, texts, now, severity="INFO"):
    """Some hundred records of each text, over the last hours."""
    records = []
    for i, (text, count) in enumerate(texts):
        for k in range(count):
            records.append({"timeUnixNano": str(now - (k % 20) * HOUR // 8), "severityText": severity,
                            "body": {"stringValue": text.replace("%", str(100 + 7 * k + i))}})
    return {"resourceLogs": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]},
                              "scopeLogs": [{"logRecords": records}]}]}


def send(s, *args, **kwargs):
    body = json.dumps(otlp(*args, **kwargs)).encode()
    answer = s.request("POST", "/v1/logs", body, {"Content-Type": "application/json"})
    assert answer.status == 200, answer


def ask(s, query, code=None, **variables):
    answer = s.request("POST", "/graphql", json.dumps({"query": query, "variables": variables}).encode(), {"Content-Type": "application/json"})
    body = answer.json()
    if code:
        assert body.get("errors") and body["errors"][0]["extensions"]["code"] == code, body
        return None
    assert not body.get("errors"), body
    return body["data"]


ORDERS = [("Order % accepted for customer %", 120), ("Payment of order % took % ms", 90), ("Order % cancelled by customer %", 20)]
AUTH = [("User % logged in from host %", 100), ("Session % expired after % minutes", 60)]
ISSUE = """id displayID qualifiedDisplayID title summary causeHypothesis priority actionable closedAt ignoredAt resolution note
  state{stage} check{id domain type name category} service{name} team{name} finding{id status checkType checkDomain
  details{costDebugMarker{eventName} costCommodityTraffic{eventName} costHotPath{emissionTemplate}}}
  logEvents{name template} cost{totalUsdPerHour eventsPerHour} projectedCost{eventsPerHour} savings{eventsPerHour totalUsdPerHour}
  logEventPolicyProposals{key title text action risk category issueID logEventID compiledPolicies spec{drop{enabled}}}
  tasks{kind title text reason} evidence{kind label value provenance} fields{scope path element} history{actor action note}
  logEventPolicies{totalCount edges{node{name}}} issueActions{edges{node{id kind status error issueID payload issue{id}}}} impact{state reason}
  auditEntries(orderBy:{field:AT}){totalCount edges{node{actor action objectType objectID before after reason}}}"""
LIST = "query($where: IssueWhereInput, $order: IssueOrder){issues(where:$where, orderBy:$order){totalCount summary{count} edges{node{" + ISSUE + "}}" \
       " facets{priorities{buckets{value count}} services{buckets{service{name} count}} stages{buckets{value count}}" \
       " domains{buckets{value count}} checks{buckets{check{id} count}} teams{buckets{team{name} count}}}}}"


def issues(s, where=None, order=None):
    return ask(s, LIST, where=where, order=order)["issues"]


def nodes(s, where=None, order=None):
    return [e["node"] for e in issues(s, where, order)["edges"]]


def estate(s):
    now = time.time_ns()
    send(s, "orders", ORDERS + [("got here", 5)], now)
    send(s, "auth", AUTH + [("Health check ok in % ms", 100)], now)
    run = ask(s, "mutation{runChecks{servicesLookedAt logEventsLookedAt openedIssues closedIssues more}}")["runChecks"]
    return run, now


@test
def each_planted_problem_is_one_issue_with_evidence_and_a_policy():
    with Server() as s:
        estate(s)
        found = issues(s, order={"field": "SERVICE_NAME"})
        got = [(e["node"]["service"]["name"], e["node"]["check"]["id"]) for e in found["edges"]]
        assert got == [("auth", "health-checks"), ("orders", "debug-markers")], got
        assert found["totalCount"] == found["summary"]["count"] == 2
        assert found["facets"]["domains"]["buckets"] == [{"value": "cost", "count": 2}], found["facets"]
        assert found["facets"]["stages"]["buckets"] == [{"value": "open", "count": 2}], found["facets"]
        marker = found["edges"][1]["node"]
        assert marker["displayID"].startswith("ISS-") and marker["qualifiedDisplayID"].endswith("/" + marker["displayID"])
        assert marker["finding"]["status"] == "escalated" and marker["finding"]["checkType"] == "debug_marker"
        assert marker["finding"]["details"]["costDebugMarker"] == {"eventName": "got_here"}, marker["finding"]
        assert marker["finding"]["details"]["costHotPath"] is None
        assert marker["logEvents"] == [{"name": "got_here", "template": "got here"}], marker["logEvents"]
        assert marker["actionable"] and marker["evidence"] and marker["tasks"][0]["kind"] == "code_change"
        proposal, = marker["logEventPolicyProposals"]
        assert proposal["spec"] == {"drop": {"enabled": True}} and proposal["action"] == "drop", proposal
        assert "got" in proposal["text"] and [p["id"] for p in proposal["compiledPolicies"]] == [proposal["key"]]
        assert marker["projectedCost"]["eventsPerHour"] == 0 and marker["savings"]["eventsPerHour"] > 0
        assert ask(s, "query($id: ID!){issue(id:$id){id}}", id=marker["displayID"])["issue"]["id"] == marker["id"]


@test
def filters_and_orders_hold():
    with Server() as s:
        estate(s)
        every = nodes(s)
        marker = next(i for i in every if i["check"]["id"] == "debug-markers")
        event = ask(s, "{logEvents(where:{name:\"got_here\"}){edges{node{id service{id}}}}}")["logEvents"]["edges"][0]["node"]
        one = [{"checkID": "debug-markers"}, {"checkType": "debug_marker"}, {"logEventID": event["id"]}, {"logEventIDIn": [event["id"]]},
               {"serviceID": event["service"]["id"]}, {"titleContainsFold": "MARKERS"}, {"id": marker["id"]}, {"serviceName": "orders"}]
        for where in one:
            assert [i["id"] for i in nodes(s, where)] == [marker["id"]], where
        for where in [{"stage": "open"}, {"domain": "cost"}, {"actionable": True}, {"closedAtIsNil": True, "ignoredAtIsNil": True},
                      {"severityIn": ["low", "medium"]}, {"or": [{"stage": "resolved"}, {"priority": "low"}]}, {"savings": {"minUsdPerHour": 0.0000001}}, {"cost": {"minUsdPerHour": 0.0000001, "maxUsdPerHour": 1e9}}]:
            assert len(nodes(s, where)) == 2, where
        for where in [{"stageIn": ["resolved", "ignored", "in_progress", "waiting", "failed"]}, {"domain": "compliance"}, {"priority": "high"},
                      {"not": {"stage": "open"}}, {"logEventID": marker["id"]}]:
            assert nodes(s, where) == [], where
        for field in "ID PRIORITY TITLE CLOSED_AT IGNORED_AT CREATED_AT UPDATED_AT SERVICE_NAME TEAM_NAME EVENTS_PER_HOUR SAVINGS NUMBER".split():
            up = [i["id"] for i in nodes(s, order={"field": field})]
            assert up == [i["id"] for i in nodes(s, order={"field": field, "direction": "DESC"})][::-1], field
            first = ask(s, "query($o: IssueOrder){issues(first:1, orderBy:$o){edges{cursor node{id}} pageInfo{hasNextPage}}}", o={"field": field})["issues"]
            assert first["pageInfo"]["hasNextPage"] and first["edges"][0]["node"]["id"] == up[0]
            rest = ask(s, "query($o: IssueOrder, $c: Cursor){issues(after:$c, orderBy:$o){edges{node{id}}}}", o={"field": field}, c=first["edges"][0]["cursor"])
            assert [e["node"]["id"] for e in rest["issues"]["edges"]] == up[1:], field


@test
def people_close_ignore_reopen_and_assign():
    with Server() as s:
        _, now = estate(s)
        marker, health = nodes(s, {"checkID": "debug-markers"})[0], nodes(s, {"checkID": "health-checks"})[0]
        ask(s, "mutation($id: ID!){closeIssue(id:$id, note:\"\"){id}}", code="BAD_USER_INPUT", id=marker["id"])
        closed = ask(s, "mutation($id: ID!){closeIssue(id:$id, note:\"removed in 1.4\"){" + ISSUE + "}}", id=marker["id"])["closeIssue"]
        assert closed["state"]["stage"] == "resolved" and closed["resolution"] == "person" and closed["note"] == "removed in 1.4"
        ignored = ask(s, "mutation($id: ID!){ignoreIssue(id:$id, reason:\"auditors want it\"){" + ISSUE + "}}", id=health["displayID"])["ignoreIssue"]
        assert ignored["state"]["stage"] == "ignored" and ignored["finding"]["status"] == "suppressed"
        send(s, "auth", [("Health check ok in % ms", 200)], now)
        send(s, "orders", [("got here", 5)], now)
        ask(s, "mutation{runChecks{openedIssues}}")
        assert nodes(s, {"stage": "open"}) == []
        back = ask(s, "mutation($id: ID!){reopenIssue(id:$id){" + ISSUE + "}}", id=health["id"])["reopenIssue"]
        assert back["state"]["stage"] == "open" and back["note"] is None and back["finding"]["status"] == "escalated"
        org = ask(s, "{organizations{edges{node{id}}}}")["organizations"]["edges"][0]["node"]["id"]
        team = ask(s, "mutation($i: TeamCreateInput!){createTeam(input:$i){id}}", i={"organizationID": org, "name": "Identity"})["createTeam"]["id"]
        assigned = ask(s, "mutation($id: ID!, $t: ID){assignIssue(id:$id, teamID:$t){" + ISSUE + "}}", id=health["id"], t=team)["assignIssue"]
        assert assigned["team"] == {"name": "Identity"}
        assert [i["id"] for i in nodes(s, {"teamID": team})] == [health["id"]]
        assert [h["action"] for h in assigned["history"]] == ["opened", "ignored", "reopened", "assigned"], assigned["history"]
        ask(s, "mutation{closeIssue(id:\"ISS-99\", note:\"x\"){id}}", code="NOT_FOUND")
        trail = [e["node"] for e in assigned["auditEntries"]["edges"]]
        assert [(t["action"], t["actor"], t["reason"]) for t in trail] == [
            ("issue.open", "checks", None), ("issue.ignore", ME, "auditors want it"), ("issue.reopen", ME, None),
            ("issue.assign", ME, None)], trail
        assert trail[1]["before"] == {"stage": "open"} and trail[1]["after"] == {"stage": "ignored"}, trail
        assert trail[3]["before"] == {"team": None} and trail[3]["after"] == {"team": "Identity"}, trail
        assert {(t["objectType"], t["objectID"]) for t in trail} == {("Issue", health["id"])}, trail


@test
def a_proposal_becomes_a_policy_and_moves_its_issue():
    with Server() as s:
        estate(s)
        issue = nodes(s, {"checkID": "debug-markers"})[0]
        proposal = issue["logEventPolicyProposals"][0]
        policy = ask(s, "mutation($i: PolicyProposalInput!){proposePolicy(input:$i){id contentHash}}",
                     i={"text": proposal["text"], "issueID": issue["id"]})["proposePolicy"]
        assert nodes(s, {"stage": "waiting"})[0]["id"] == issue["id"]
        ask(s, "mutation($id: ID!, $h: String!){approvePolicy(id:$id, contentHash:$h){id}}", id=policy["id"], h=policy["contentHash"])
        moved, = nodes(s, {"stage": "in_progress"})
        assert moved["id"] == issue["id"] and moved["logEventPolicies"]["totalCount"] == 1, moved
        act, = [e["node"] for e in moved["issueActions"]["edges"]]
        assert act["kind"] == "apply_log_event_policy" and act["status"] == "succeeded" and act["error"] is None, act
        assert act["issueID"] == act["issue"]["id"] == issue["id"] and act["payload"] == {"logEventPolicyID": policy["id"], "displayID": "POL-1"}, act
        assert moved["impact"]["state"] == "WAITING_FOR_EDGE" and "edge" in moved["impact"]["reason"], moved["impact"]
        for where in [{"hasLogEventPolicies": True}, {"logEventPolicies": {"state": "ACTIVE"}}, {"issueActions": {"status": "succeeded"}},
                      {"hasIssueActions": True}, {"finding": {"id": issue["finding"]["id"]}}, {"findingID": issue["finding"]["id"]}]:
            assert [i["id"] for i in nodes(s, where)] == [issue["id"]], where
        for where in [{"logEventPolicies": {"state": "DRAFT"}}, {"issueActions": {"status": "pending"}}, {"edgeInstanceID": issue["id"]},
                      {"finding": {"checkDomain": "compliance"}}]:
            assert nodes(s, where) == [], where
        back = ask(s, "{logEventPolicies(where:{issue:{checkType:debug_marker}}){edges{node{id impact{state edgeCount capableEdgeCount matchHits}}}}}")
        assert back["logEventPolicies"]["edges"] == [{"node": {"id": policy["id"], "impact": {"state": "WAITING_FOR_EDGE", "edgeCount": 0,
                                                      "capableEdgeCount": 0, "matchHits": 0}}}], back
        assert ask(s, "{logEventPolicies(where:{issue:{domain:compliance}}){totalCount}}")["logEventPolicies"]["totalCount"] == 0
        savings = ask(s, "{accounts{edges{node{savings{potential{eventsPerHour} inProgress{eventsPerHour}}}}}}")["accounts"]["edges"][0]["node"]["savings"]
        assert savings["inProgress"]["eventsPerHour"] > 0 and savings["potential"]["eventsPerHour"] > 0, savings


@test
def checks_say_what_they_are_and_can_be_set():
    with Server() as s:
        estate(s)
        found = ask(s, "{checks(orderBy:{field:ACTIVE_ISSUE_COUNT, direction:DESC}){totalCount facets{domains{buckets{value count}}} edges{cursor node{id domain"
                       " type name description category available unavailableReason enabled version thresholds{name value default least most meaning}"
                       " posture{openFindingCount pendingFindingCount escalatedFindingCount activeIssueCount affectedServiceCount latestObservedAt"
                       " current{totalUsdPerHour} previewSavings{totalUsdPerHour}}}}}}")["checks"]
        every = [e["node"] for e in found["edges"]]
        assert len(every) == found["totalCount"] == sum(b["count"] for b in found["facets"]["domains"]["buckets"])
        assert {c["posture"]["activeIssueCount"] for c in every[:2]} == {1} and every[2]["posture"]["activeIssueCount"] == 0
        assert len({c["type"] for c in every}) == 14 and len({c["category"] for c in every if c["category"]}) == 12
        assert [(c["id"], bool(c["unavailableReason"])) for c in every if not c["available"]] == [("high-cardinality-tags", True)]
        seen, cursor = [], None
        while True:
            page = ask(s, "query($c: Cursor){checks(first:6, after:$c){pageInfo{hasNextPage endCursor} edges{node{name}}}}", c=cursor)["checks"]
            seen += [e["node"]["name"] for e in page["edges"]]
            cursor = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert len(seen) == len(every) and seen == sorted(seen), seen
        assert [e["node"]["id"] for e in ask(s, "{checks(where:{search:\"PROBES\"}){edges{node{id}}}}")["checks"]["edges"]] == ["health-checks"]
        update = "mutation($id: ID!, $e: Boolean, $t: [CheckThresholdInput!]){updateCheck(id:$id, enabled:$e, thresholds:$t){enabled thresholds{name value}}}"
        set_to = ask(s, update, id="health-checks", t=[{"name": "min_records", "value": 500}])["updateCheck"]
        assert {"name": "min_records", "value": 500} in set_to["thresholds"], set_to
        assert not ask(s, update, id="debug-markers", e=False)["updateCheck"]["enabled"]
        ask(s, update, code="BAD_USER_INPUT", id="health-checks", t=[{"name": "min_records", "value": -1}])
        ask(s, update, code="BAD_USER_INPUT", id="health-checks", t=[{"name": "other", "value": 1}])
        ask(s, update, code="NOT_FOUND", id="nothing", e=True)
        check = ask(s, "{check(id:\"health-checks\"){lastRunAt auditEntries{edges{node{action objectType before after}}}} off: check(id:\"debug-markers\"){lastRunAt}}")
        assert check["check"]["lastRunAt"].startswith("20") and check["off"]["lastRunAt"] is None, check
        assert [e["node"] for e in check["check"]["auditEntries"]["edges"]] == [
            {"action": "check.update", "objectType": "Check", "before": {"min_records": "50"}, "after": {"min_records": "500"}}], check
        assert ask(s, "mutation{runChecks{closedIssues}}")["runChecks"]["closedIssues"] == 1
        left = [(i["check"]["id"], i["state"]["stage"]) for i in nodes(s)]
        assert left == [("debug-markers", "resolved"), ("health-checks", "open")], left


@test
def what_an_issue_costs_by_the_hour():
    with Server() as s:
        _, now = estate(s)
        hour = 3600 * 10**9
        def stamp(ns):
            return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(ns // 10**9))
        start = now // hour * hour - 3 * hour
        trend = ask(s, "query($r: TimeRangeInput!){issues(where:{checkID:\"debug-markers\"}){edges{node{logEvents{eventCount} costTrend(input:{range:$r, granularity:HOUR})"
                       "{granularity range{start end} points{start end cost{eventsPerHour bytesPerHour totalUsdPerHour bytesUsdPerHour volumeUsdPerHour}}}}}}}",
                    r={"start": stamp(start), "end": stamp(start + 5 * hour)})["issues"]["edges"][0]["node"]
        series = trend["costTrend"]
        assert series["granularity"] == "HOUR" and len(series["points"]) == 5, series
        counted = sum(p["cost"]["eventsPerHour"] for p in series["points"])
        assert counted == sum(e["eventCount"] for e in trend["logEvents"]) == 5, trend
        costs = [p["cost"] for p in series["points"] if p["cost"]["eventsPerHour"]]
        for c in costs:
            assert abs(c["totalUsdPerHour"] - c["bytesUsdPerHour"] - c["volumeUsdPerHour"]) < 1e-8, c
            assert c["totalUsdPerHour"] > 0, c
        ask(s, "query($r: TimeRangeInput!){issues{edges{node{costTrend(input:{range:$r, granularity:HOUR}){granularity}}}}}",
            code="BAD_USER_INPUT", r={"start": stamp(start), "end": stamp(start)})


@test
def leaks_tell_where_and_never_what():
    with Server() as s:
        send(s, "mail", [("Sent a letter to % @", 60)], time.time_ns())
        send(s, "mail", [(f"Letter to someone{n}@example.com left", 1) for n in range(60)], time.time_ns())
        ask(s, "mutation{runChecks{openedIssues}}")
        found = ask(s, "{issues(where:{domain:compliance}){edges{node{check{type} complianceLeakPreviews{logEventID logEventName exposureKind element path"
                       " pathFamily emissionTemplate displayValue highlightRanges{startOffset}}}}}}")["issues"]["edges"]
        assert len(found) == 1, found
        leak = found[0]["node"]["complianceLeakPreviews"][0]
        assert leak["exposureKind"] == "pii_exposure" and leak["element"] == "email" and leak["path"] == ["body"], leak
        assert leak["displayValue"] is None and leak["highlightRanges"] == [] and "@" not in leak["emissionTemplate"], leak


@test
def issues_come_by_themselves_after_an_ingest():
    with Server() as s:
        send(s, "orders", ORDERS + [("got here", 5)], time.time_ns())
        wait_for(lambda: nodes(s), "an issue")
        summary = ask(s, "{services{edges{node{issueSummary{openCount costOpenCount complianceOpenCount highPriorityOpenCount}}}}}")
        assert summary["services"]["edges"][0]["node"]["issueSummary"]["openCount"] == 1, summary
        looked = ask(s, "{accounts{edges{node{status{coverage{logEventCount logEventAnalyzedCount}}}}} services{edges{node{status{coverage{logEventCount"
                        " logEventAnalyzedCount}}}}} logEvents{edges{node{status{signals{hasBeenAnalyzed}}}}}}")
        for kind in ("accounts", "services"):
            counts = looked[kind]["edges"][0]["node"]["status"]["coverage"]
            assert counts["logEventAnalyzedCount"] == counts["logEventCount"] == 4, counts
        assert all(e["node"]["status"]["signals"]["hasBeenAnalyzed"] for e in looked["logEvents"]["edges"]), looked


main()
