"""What an estate is made of: services that write events, problems planted into them, and the records that come out.

An estate module gives services(r) -> [Service], plants(r) -> [Plant]; build() turns both into records with their truth.
An event is a function of the random source that gives a dict:
    body, sev (number, text), attrs {key: value}     what the record says
    secrets [text]     parts of body and attributes that must not leave, and no more than they
    innocent True      a record of the planted event that must stay as it is (a failing probe, say)
A value is a text, number, bool, list, dict, or bytes; it becomes the OTLP value of that type.
"""

import base64
import json
import random
import string

HOUR = 3600


class Source(random.Random):
    """Random with the shapes that logs hold."""

    def hex(self, n):
        return "".join(self.choice("0123456789abcdef") for _ in range(n))

    def uuid(self):
        h = self.hex(32)
        return "-".join((h[:8], h[8:12], "4" + h[13:16], "a" + h[17:20], h[20:]))

    def digits(self, n):
        return str(self.randint(1, 9)) + "".join(self.choice("0123456789") for _ in range(n - 1))

    def letters(self, n, of=string.ascii_letters + string.digits):
        return "".join(self.choice(of) for _ in range(n))

    def ip(self):
        return ".".join(str(self.randint(1, 254)) for _ in range(4))

    def jwt(self):
        part = lambda d: base64.urlsafe_b64encode(json.dumps(d).encode()).decode().rstrip("=")
        head, body = {"alg": "RS256", "typ": "JWT"}, {"sub": self.digits(8), "exp": self.randint(1, 9) * 10**8, "jti": self.hex(12)}
        return ".".join((part(head), part(body), self.letters(86)))

    def card(self, prefix, length):
        """A card number whose check digit is right."""
        digits = prefix + "".join(self.choice("0123456789") for _ in range(length - len(prefix) - 1))
        return digits + next(c for c in "0123456789" if luhn(digits + c))

    def no_card(self, length):
        """Digits whose check digit is wrong."""
        while True:
            digits = self.digits(length)
            if not luhn(digits):
                return digits

    def iban(self, country, length):
        account = self.digits(length - 4)
        check = 98 - int(account + "".join(str(ord(c) - 55) for c in country) + "00") % 97
        return f"{country}{check:02d}{account}"


def luhn(digits):
    total = 0
    for i, c in enumerate(reversed(digits)):
        n = int(c) * (1 + i % 2)
        total += n - 9 if n > 9 else n
    return total % 10 == 0


class Service:
    """name; events [(weight, function)]; records: how many of them; resource and scope as OTLP has them."""

    def __init__(self, name, records, events, resource=None, scope=None):
        self.name, self.records, self.events = name, records, events
        self.resource, self.scope = {"service.name": name, **(resource or {})}, scope


class Plant:
    """One problem of one service.

    check: id of the check that is to see it.
    effect: drop | sample | limit (records go), redact (secrets go), remove (fields go), trim (fields go or get short), person (no policy).
    event, count, hours: records of its own, over the hours (from, to) before now; None: over all of the time.
    dress: a function (r, record) that changes a record of the service instead, and gives the fields that should go,
    each as an attribute's key, "resource:KEY" or "scope:KEY"; every: the share of records that it is called for.
    """

    def __init__(self, check, service, effect, event=None, count=0, hours=None, dress=None, every=1.0, resource=None, scope=None):
        self.check, self.service, self.effect, self.event, self.count, self.hours = check, service, effect, event, count, hours
        self.dress, self.every, self.resource, self.scope = dress, every, resource, scope
        self.gone = []

    @property
    def name(self):
        return f"{self.check} in {self.service}"


class Record:
    __slots__ = ("service", "second", "body", "sev", "attrs", "secrets", "gone", "plant", "id", "trace")

    def __init__(self, service, second, event):
        self.service, self.second, self.body = service, second, event["body"]
        self.sev, self.attrs = event.get("sev", (9, "INFO")), dict(event.get("attrs", {}))
        self.secrets, self.gone, self.plant = list(event.get("secrets", ())), [], None


class Estate:
    """records in the order of their times; services and plants by name."""

    def __init__(self, services, plants, records):
        self.services, self.plants, self.records = {s.name: s for s in services}, plants, records

    def of(self, service):
        return [r for r in self.records if r.service == service]


def moment(r, hours, days):
    """Seconds before now; more of them by day than by night where no hours are given."""
    if hours:
        return r.uniform(hours[1], hours[0]) * HOUR
    while True:
        at = r.uniform(600, days * 24 * HOUR)
        if r.random() < (1.0 if (at / HOUR) % 24 < 14 else 0.6):
            return at


def build(module, seed, dirty=True, days=3, now=0):
    """The estate of the module; the same seed gives the same records. now: seconds since 1970 that the times count back from."""
    r = Source(seed)
    services, plants, records = module.services(r), module.plants(r) if dirty else [], []
    by_name = {s.name: s for s in services}
    for s in services:
        functions, weights = [e for _, e in s.events], [w for w, _ in s.events]
        for function in r.choices(functions, weights, k=s.records):
            event = function(r)
            records.append(Record(s.name, moment(r, event.get("hours"), days), event))
    for p in plants:
        s = by_name[p.service]
        s.resource.update(p.resource or {})
        s.scope = p.scope or s.scope
        for i in range(p.count):
            event = p.event(r)
            hours = event.get("hours", p.hours)
            even = (0.2 + (i + 0.5) / p.count * (days * 24 - 0.4)) * HOUR
            record = Record(s.name, even if hours == "even" else moment(r, hours, days), event)
            record.plant = None if event.get("innocent") else p
            records.append(record)
    for p in plants:
        for record in records if p.dress else ():
            if record.service == p.service and r.random() < p.every:
                record.gone += [(p, field) for field in p.dress(r, record) or ()]
    records.sort(key=lambda x: -x.second)
    for i, record in enumerate(records):
        record.id = int((now - record.second) * 10**6) * 1000 + i % 1000
        record.trace = r.hex(32)
    assert len({x.id for x in records}) == len(records)
    return Estate(services, plants, records)


def value(v):
    if isinstance(v, bool):
        return {"boolValue": v}
    if isinstance(v, int):
        return {"intValue": str(v)}
    if isinstance(v, float):
        return {"doubleValue": v}
    if isinstance(v, bytes):
        return {"bytesValue": base64.b64encode(v).decode()}
    if isinstance(v, dict):
        return {"kvlistValue": {"values": pairs(v)}}
    if isinstance(v, list):
        return {"arrayValue": {"values": [value(x) for x in v]}}
    return {"stringValue": v}


def pairs(d):
    return [{"key": k, "value": value(v)} for k, v in d.items()]


def otlp(estate, records):
    """An ExportLogsServiceRequest of these records, one resource a service."""
    groups = {}
    for x in records:
        number, text = x.sev
        log = {"timeUnixNano": str(x.id), "body": value(x.body), "attributes": pairs(x.attrs), "traceId": x.trace}
        if number:
            log["severityNumber"] = number
        if text:
            log["severityText"] = text
        groups.setdefault(x.service, []).append(log)
    out = []
    for name, logs in groups.items():
        s = estate.services[name]
        scope = {"logRecords": logs}
        if s.scope:
            scope["scope"] = {k: pairs(v) if k == "attributes" else v for k, v in s.scope.items()}
        out.append({"resource": {"attributes": pairs(s.resource)}, "scopeLogs": [scope]})
    return {"resourceLogs": out}
