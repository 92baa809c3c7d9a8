"""Edges as they are in the field, written from the protocol's description: what each sends, and how it reads an answer.

A client keeps its hash, timestamp and counters as the real ones do: poll() sends one request and applies the answer.
`refused` is the reason of a poll that the client would have logged as failed; it then keeps what it has.
"""

import json
import struct

JSON, PROTOBUF = "application/json", "application/x-protobuf"

# What a strict proto JSON decoder of tero.policy.v1 knows, by message; an unknown key fails the whole sync.
MATCH = {"negate": bool, "caseInsensitive": bool, "exact": str, "regex": str, "exists": bool, "startsWith": str, "endsWith": str,
         "contains": str, "equals": "Value", "gt": "Number", "gte": "Number", "lt": "Number", "lte": "Number"}
PATHS = {name: "Path" for name in ("logAttribute", "resourceAttribute", "scopeAttribute")}
FIELD = {"logField": int, **PATHS}
STRICT = {
    "Response": {"policies": ["Policy"], "hash": str, "syncTimestampUnixNano": "int64", "recommendedSyncIntervalSeconds": int,
                 "syncType": int, "errorMessage": str},
    "Policy": {"id": str, "name": str, "description": str, "enabled": bool, "createdAtUnixNano": "int64", "modifiedAtUnixNano": "int64",
               "labels": ["KeyValue"], "log": "Log", "metric": "Metric", "trace": "Trace"},
    "KeyValue": {"key": str, "value": "Any"},
    "Any": {"stringValue": str, "boolValue": bool, "intValue": "int64", "doubleValue": float, "bytesValue": str},
    "Path": {"path": [str]},
    "Value": {"boolValue": bool, "intValue": "int64", "doubleValue": float, "bytesValue": str, "hexValue": str},
    "Number": {"intValue": "int64", "doubleValue": float},
    "Log": {"match": ["LogMatcher"], "keep": str, "transform": "Transform", "sampleKey": "Field"},
    "LogMatcher": {**FIELD, **MATCH},
    "Field": FIELD,
    "Transform": {"remove": ["Field"], "redact": ["Redact"], "rename": ["Rename"], "add": ["Add"]},
    "Redact": {**FIELD, "replacement": str, "regex": str},
    "Rename": {"fromLogField": int, "fromLogAttribute": "Path", "fromResourceAttribute": "Path", "fromScopeAttribute": "Path", "to": str,
               "upsert": bool},
    "Add": {**FIELD, "value": str, "upsert": bool},
    "Metric": {"match": ["MetricMatcher"], "keep": bool},
    "MetricMatcher": {"metricField": int, "datapointAttribute": "Path", "resourceAttribute": "Path", "scopeAttribute": "Path",
                      "metricType": int, "aggregationTemporality": int, **MATCH},
    "Trace": {"match": ["TraceMatcher"], "keep": "Sampling"},
    "TraceMatcher": {"traceField": int, "spanAttribute": "Path", "resourceAttribute": "Path", "scopeAttribute": "Path", "spanKind": int,
                     "spanStatus": int, "eventName": str, "eventAttribute": "Path", "linkTraceId": str, **MATCH},
    "Sampling": {"percentage": float, "mode": int, "samplingPrecision": int, "hashSeed": int, "failClosed": bool},
}


def strict(value, kind, place="answer"):
    """Raises ValueError where a strict decoder would fail."""
    if isinstance(kind, list):
        if not isinstance(value, list):
            raise ValueError(f"{place}: not a list")
        for i, item in enumerate(value):
            strict(item, kind[0], f"{place}[{i}]")
    elif kind == "int64":
        if not isinstance(value, str) or not value.lstrip("-").isdigit():
            raise ValueError(f"{place}: 64 bits are a string of digits")
    elif isinstance(kind, str):
        if not isinstance(value, dict):
            raise ValueError(f"{place}: not an object")
        for key, item in value.items():
            if key not in STRICT[kind]:
                raise ValueError(f'{place}: unknown field "{key}"')
            strict(item, STRICT[kind][key], f"{place}.{key}")
    elif kind is float:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise ValueError(f"{place}: not a number")
    elif not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"{place}: not of type {kind.__name__}")


# ---- protobuf, by hand ----

def varint(n):
    out = b""
    while n >= 0x80:
        out += bytes([n & 0x7F | 0x80])
        n >>= 7
    return out + bytes([n])


def number(field, value):
    return varint(field << 3) + varint(value) if value else b""


def data(field, payload):
    payload = payload.encode() if isinstance(payload, str) else payload
    return varint(field << 3 | 2) + varint(len(payload)) + payload


def fields(message):
    """{number: [values]} of a message."""
    out, at = {}, 0

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
        if key & 7 == 0:
            value = read()
        elif key & 7 == 1:
            value, at = struct.unpack_from("<Q", message, at)[0], at + 8
        elif key & 7 == 5:
            value, at = struct.unpack_from("<I", message, at)[0], at + 4
        else:
            length = read()
            value, at = message[at:at + length], at + length
        out.setdefault(key >> 3, []).append(value)
    return out


class Client:
    """hits: {policy id: {"hits": n, "misses": n, "errors": [...], "remove": (hits, misses)}}, reset with each poll."""

    stages = None
    accept = None
    content_type = JSON
    identity = {"service.name": "edge", "service.namespace": "test", "service.version": "1.0.0", "service.instance.id": "edge-1"}

    def __init__(self, server, key=None, tcp=False, **identity):
        self.server, self.key, self.tcp = server, key, tcp
        self.identity = {**self.identity, **{f"service.{k.replace('_', '.')}": v for k, v in identity.items()}}
        self.hash, self.timestamp, self.policies, self.counts = "", 0, {}, {}
        self.refused = self.answer = None

    def headers(self):
        h = {"Content-Type": self.content_type}
        if self.accept:
            h["Accept"] = self.accept
        if self.key:
            h["Authorization"] = f"Bearer {self.key}"
        return h

    def poll(self):
        """True: the sync was good."""
        body, self.counts = self.encode(), {}
        self.answer = self.server.request("POST", "/v1/policy/sync", body, self.headers(), tcp=self.tcp)
        self.refused = None
        try:
            self.read(self.answer)
        except (ValueError, KeyError) as why:
            self.refused = str(why)
        return self.refused is None

    def apply(self, hash_, timestamp, policies):
        if hash_ != self.hash or not hash_:
            self.policies = policies
        self.hash, self.timestamp = hash_, timestamp

    def metadata(self):
        pairs = [{"key": k, "value": {"stringValue": v}} for k, v in self.identity.items()]
        return {"resourceAttributes": pairs, **({"supportedPolicyStages": self.stages} if self.stages else {})}

    def read(self, answer):
        if answer.status != 200:
            raise ValueError(f"HTTP status {answer.status}: {answer.body.decode()}")
        self.read_json(answer)

    def read_json(self, answer):
        m = json.loads(answer.body)
        self.apply(m["hash"], int(m["syncTimestampUnixNano"]), {p["id"]: p for p in m["policies"]})


class Edge(Client):
    """The edge proxy: JSON, no Accept, all stages by name, 64-bit numbers bare, a row for each live policy."""

    stages = [f"POLICY_STAGE_{name}" for name in ("LOG_FILTER", "LOG_TRANSFORM", "METRIC_FILTER", "TRACE_SAMPLING")]

    def encode(self):
        rows = []
        for id_ in {**self.policies, **self.counts}:
            c = self.counts.get(id_, {})
            row = {"id": id_, "match_hits": c.get("hits", 0), "match_misses": c.get("misses", 0)}
            if "errors" in c:
                row["errors"] = c["errors"]
            if "remove" in c:
                row["remove"] = {"hits": c["remove"][0], "misses": c["remove"][1]}
            rows.append(row)
        return json.dumps({"client_metadata": self.metadata(), "full_sync": self.timestamp == 0, "last_sync_timestamp_unix_nano": self.timestamp,
                           "last_successful_hash": self.hash, "policy_statuses": rows}).encode()


class Collector(Client):
    """The collector's processor: protojson both ways, a strict decoder, no stages, statuses of all policies ever seen."""

    accept = f"{JSON}, {PROTOBUF}"

    def __init__(self, *a, **k):
        super().__init__(*a, **k)
        self.seen, self.first = {}, True

    def encode(self):
        rows = []
        for id_ in {**self.seen, **self.counts}:
            c, row = self.counts.get(id_, {}), {"id": id_}
            if c.get("hits"):
                row["matchHits"] = str(c["hits"])
            if c.get("misses"):
                row["matchMisses"] = str(c["misses"])
            if c.get("errors"):
                row["errors"] = c["errors"]
            if c.get("remove"):
                row["remove"] = {"hits": str(c["remove"][0]), "misses": str(c["remove"][1])}
            rows.append(row)
        m = {"clientMetadata": self.metadata(), "policyStatuses": rows}
        if self.first:
            m["fullSync"] = True
        else:
            m |= {"lastSyncTimestampUnixNano": str(self.timestamp), "lastSuccessfulHash": self.hash}
        return json.dumps(m).encode()

    def read(self, answer):
        if answer.status != 200:
            raise ValueError(f"HTTP status {answer.status}: {answer.body.decode()}")
        kind = answer.headers.get("content-type", JSON).split(";")[0].strip()
        if kind in (PROTOBUF, "application/protobuf"):
            self.read_protobuf(answer)
        elif kind == JSON:
            m = json.loads(answer.body)
            strict(m, "Response")
            if m.get("errorMessage"):
                raise ValueError(m["errorMessage"])
            self.read_json(answer)
        else:
            raise ValueError(f"content type {kind}")
        self.first = False
        self.seen |= self.policies

    def read_protobuf(self, answer):
        m = fields(answer.body)
        if m.get(6):
            raise ValueError(m[6][-1].decode())
        policies = {fields(p)[1][0].decode(): fields(p) for p in m.get(1, [])}
        self.apply(m[2][-1].decode(), m[3][-1], policies)


class Protobuf(Collector):
    """Protobuf both ways: the collector with content_type protobuf, and the Rust library's default."""

    content_type = PROTOBUF
    accept = PROTOBUF

    def encode(self):
        attributes = b"".join(data(3, data(1, k) + data(2, data(1, v))) for k, v in self.identity.items())
        stages = data(1, b"".join(varint(n) for n in self.stages)) if self.stages else b""
        body = data(1, stages + attributes) + number(2, int(self.first))
        body += varint(3 << 3 | 1) + struct.pack("<Q", self.timestamp) + (data(4, self.hash) if self.hash else b"")
        for id_ in {**self.seen, **self.counts}:
            c = self.counts.get(id_, {})
            row = data(1, id_) + number(2, c.get("hits", 0)) + number(3, c.get("misses", 0))
            row += b"".join(data(4, e) for e in c.get("errors", []))
            for field, stage in ((10, "remove"), (11, "redact"), (12, "rename"), (13, "add")):
                hits, misses = c.get(stage, (0, 0))
                row += data(field, number(1, hits) + number(2, misses))
            body += data(5, row)
        return body
