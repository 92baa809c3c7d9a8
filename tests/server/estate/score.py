"""Sends an estate to a control plane, and holds its issues and proposals against the truth.

An issue is right when its check and service are those of a planted problem that has no issue yet: a second one of the
same problem is false, as is one of no problem. The proposals of an issue are evaluated together by `tero-console policy
eval` on the records of the estate; what they did is counted in units:
    records that went        of drop, sample, limit: right when planted (of a sample as many as its percentage says)
    values that went         of redact: right when the secret is nowhere in the record any more; any other text that changed is wrong
    fields that went         of remove, trim: right when the field was to go
"""

import json
import os
import subprocess
import tempfile

from harness import BUILD, wait_for
from estate.engine import otlp

CONSOLE = os.path.join(BUILD, "tero-console")
ISSUES = """query($after: Cursor) { issues(first: 100, after: $after) { pageInfo { hasNextPage endCursor } edges { node {
  displayID title summary closedAt check { id } service { name } logEvents { name } tasks { text } evidence { label value }
  logEventPolicyProposals { key title action text compiledPolicies } } } } }"""


def feed(server, estate, batch=2000):
    for i in range(0, len(estate.records), batch):
        a = server.logs(otlp(estate, estate.records[i:i + batch]))
        assert a.status == 200 and a.json() == {}, a
    wait_for(lambda: run_checks(server), "the checks to have seen everything")


def run_checks(server):
    a = server.graphql("mutation { runChecks { more servicesLookedAt } }")
    assert "errors" not in a, a
    return not a["data"]["runChecks"]["more"]


def issues(server):
    out, after = [], None
    while True:
        a = server.graphql(ISSUES, {"after": after})
        assert "errors" not in a, a
        page = a["data"]["issues"]
        out += [e["node"] for e in page["edges"] if not e["node"]["closedAt"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return out


def evaluate(policies, text):
    """The document after the policies; text: the one before, as JSON."""
    with tempfile.TemporaryDirectory(prefix="tero-estate-") as d:
        path = {k: os.path.join(d, k + ".json") for k in ("policies", "input", "output", "stats")}
        for k, v in (("policies", json.dumps({"policies": policies})), ("input", text)):
            with open(path[k], "w") as f:
                f.write(v)
        p = subprocess.run([CONSOLE, "policy", "eval", "--signal", "log", *(x for k in path for x in ("--" + k, path[k]))], capture_output=True)
        assert p.returncode == 0, (p.returncode, p.stderr.decode(), policies)
        with open(path["output"]) as out:
            return json.load(out)


def leaf(v):
    """An AnyValue as comparable leaves: {path: text}."""
    if "kvlistValue" in v:
        return {"." + p["key"] + k: x for p in v["kvlistValue"].get("values", []) for k, x in leaf(p.get("value", {})).items()}
    if "arrayValue" in v:
        return {f"[{i}]{k}": x for i, e in enumerate(v["arrayValue"].get("values", [])) for k, x in leaf(e).items()}
    return {"": str(next(iter(v.values()), ""))}


def leaves(pairs, prefix):
    return {prefix + p["key"] + k: x for p in pairs for k, x in leaf(p.get("value", {})).items()}


def flat(document):
    """{record's time: {field: text}}, {(service, field of resource or scope): text}."""
    records, shared = {}, {}
    for r in document.get("resourceLogs", []):
        name = leaves(r["resource"]["attributes"], "")["service.name"]
        shared.update({(name, k): v for k, v in leaves(r["resource"]["attributes"], "resource:").items()})
        for s in r.get("scopeLogs", []):
            shared.update({(name, k): v for k, v in leaves(s.get("scope", {}).get("attributes", []), "scope:").items()})
            for x in s.get("logRecords", []):
                fields = leaves(x.get("attributes", []), "")
                fields.update({"body" + k: v for k, v in leaf(x.get("body", {})).items()}, **{"severity": str(x.get("severityText", ""))})
                records[int(x["timeUnixNano"])] = fields
    return records, shared


def only_secrets_went(before, after, secrets):
    """All of the text but the secrets is still there, in its order."""
    pieces, at = [before], 0
    for s in secrets:
        pieces = [p for piece in pieces for p in piece.split(s)]
    for p in pieces:
        at = after.find(p, at)
        if at < 0:
            return False
        at += len(p)
    return True


class Units:
    def __init__(self):
        self.right = self.wrong = self.missed = 0

    def add(self, other):
        self.right, self.wrong, self.missed = self.right + other.right, self.wrong + other.wrong, self.missed + other.missed

    @property
    def precision(self):
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def recall(self):
        return self.right / (self.right + self.missed) if self.right + self.missed else None


def share_removed(policies):
    """The least share of the records that match which these policies let go, and how many of them stay in any case."""
    share, stay = 0.0, 0
    for p in policies:
        keep = p["log"].get("keep", "all")
        if keep == "none":
            share = 1.0
        elif keep.endswith("%"):
            share = max(share, 1 - float(keep[:-1]) / 100)
        elif "/" in keep:
            share, stay = 1.0, max(stay, int(keep.split("/")[0]))
    return share, stay


def judge_records(plant, estate, before, after, policies):
    u, share = Units(), share_removed(policies)
    planted = {x.id for x in estate.records if plant and x.plant is plant}
    for i, fields in before.items():
        if i not in after:
            u.right, u.wrong = u.right + (i in planted), u.wrong + (i not in planted)
        elif after[i] != fields:
            u.wrong += 1
    due = (len(planted) - share[1]) * share[0] * 0.97 if share[0] < 1 else len(planted) - share[1]
    u.missed = max(0, round(due) - u.right) if policies else 0 if plant and plant.effect == "person" else len(planted)
    return u


def judge_values(plant, estate, before, after):
    u = Units()
    truth = {x.id: x.secrets for x in estate.records if x.plant is plant}
    for i, fields in before.items():
        secrets = truth.get(i, [])
        if i not in after:
            u.wrong += len(fields)
            continue
        now = after[i]
        for s in secrets:
            gone = not any(s in v for v in now.values())
            u.right, u.missed = u.right + gone, u.missed + (not gone)
        for k, v in fields.items():
            if now.get(k) != v and v not in secrets and not only_secrets_went(v, now.get(k, ""), secrets):
                u.wrong += 1
            elif now.get(k) != v and not any(s in v for s in secrets):
                u.wrong += 1
    return u


def judge_fields(plant, estate, before, after, shared, shared_after):
    u, due = Units(), set()
    for x in estate.records:
        due |= {(x.id if ":" not in f else x.service, f) for p, f in x.gone if p is plant}
    changed = {k for k, v in shared.items() if shared_after.get(k) != v and any(s == k[0] for s, _ in shared_after)}
    for i, fields in before.items():
        if i in after:
            changed |= {(i, k) for k, v in fields.items() if after[i].get(k) != v}
        else:
            changed |= {(i, k) for k in fields}
    u.right, u.wrong, u.missed = len(changed & due), len(changed - due), len(due - changed)
    return u


def judge(plant, issue, estate, text, before):
    """Units of the issue's proposals; plant None: of a false issue."""
    policies = [p for x in (issue["logEventPolicyProposals"] if issue else []) for p in x["compiledPolicies"]]
    after = flat(evaluate(policies, text)) if policies else before
    if plant and plant.effect == "redact":
        return judge_values(plant, estate, before[0], after[0])
    if plant and plant.effect in ("remove", "trim"):
        return judge_fields(plant, estate, before[0], after[0], before[1], after[1])
    return judge_records(plant, estate, before[0], after[0], policies)


class Row:
    def __init__(self, check):
        self.check, self.planted, self.found, self.false, self.proposed, self.units, self.notes = check, 0, 0, 0, 0, Units(), []


def score(estate, found, others=0.05):
    """{check: Row}; others: the share of the other services' records on which each proposal is evaluated too."""
    rows, left = {}, {(p.check, p.service): p for p in estate.plants}
    assert len(left) == len(estate.plants), "two problems of one check in one service"
    for p in estate.plants:
        rows.setdefault(p.check, Row(p.check)).planted += 1
    every = max(1, round(1 / others)) if others else 0
    documents = {}
    for i in found:
        check, service = i["check"]["id"], i["service"]["name"]
        row, plant = rows.setdefault(check, Row(check)), left.pop((check, service), None)
        row.found, row.false = row.found + (plant is not None), row.false + (plant is None)
        if service not in documents:
            some = [x for n, x in enumerate(estate.records) if x.service == service or every and n % every == 0]
            document = otlp(estate, some)
            documents[service] = json.dumps(document), flat(document)
        units = judge(plant, i, estate, *documents[service])
        row.proposed += bool(i["logEventPolicyProposals"])
        row.units.add(units)
        if plant is None or units.wrong or units.missed:
            events = ", ".join(e["name"] for e in i["logEvents"][:3])
            row.notes.append(f"{'FALSE ISSUE ' if plant is None else ''}{check} in {service} [{events}]: right {units.right}, wrong {units.wrong}, missed {units.missed}"
                             f" of {[x['action'] for x in i['logEventPolicyProposals']]}")
    for p in left.values():
        rows[p.check].notes.append(f"MISSED {p.name}")
        if p.effect != "person":
            rows[p.check].units.missed += sum(max(x.plant is p, sum(q is p for q, _ in x.gone)) for x in estate.records)
    return rows


def percent(v):
    return "    -" if v is None else f"{100 * v:5.1f}"


def table(rows):
    """Lines: issues by check, then what the proposals did."""
    out = [f"{'check':24} {'planted':>7} {'found':>5} {'false':>5} {'P %':>5} {'R %':>5}  {'with policy':>11} {'right':>7} {'wrong':>6} {'missed':>6} {'P %':>5} {'R %':>5}"]
    total = Row("all")
    for row in [*sorted(rows.values(), key=lambda x: x.check), total]:
        if row is not total:
            for k in ("planted", "found", "false", "proposed"):
                setattr(total, k, getattr(total, k) + getattr(row, k))
            total.units.add(row.units)
        p = row.found / (row.found + row.false) if row.found + row.false else None
        u = row.units
        out.append(f"{row.check:24} {row.planted:7} {row.found:5} {row.false:5} {percent(p)} {percent(row.found / row.planted if row.planted else None)}"
                   f"  {row.proposed:11} {u.right:7} {u.wrong:6} {u.missed:6} {percent(u.precision)} {percent(u.recall)}")
    return out


def notes(rows):
    return [n for row in rows.values() for n in row.notes]
