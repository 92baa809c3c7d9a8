"""The second estate: other software, other words, other shapes of values than the first, against which the checks were mended."""

from estate.engine import Plant, Service
from estate.first import leak, leak_in, resource, twin

INFO, WARN, ERROR = (9, "Information"), (13, "Warning"), (17, "Error")


def line(text, sev=INFO, hours=None, **attrs):
    """attrs: values, or functions of the random source; __ in a name is a dot."""
    def event(r):
        e = {"body": text(r) if callable(text) else text, "sev": sev, "attrs": {k.replace("__", "."): v(r) if callable(v) else v for k, v in attrs.items()}}
        if hours:
            e["hours"] = hours
        return e
    return event


def apache(method, path, status, agent):
    return lambda r: {"body": f'{r.ip()} - u{r.digits(5)} [{r.randint(1, 28):02d}/Nov/2026:10:11:{r.randint(10, 59)} +0100] "{method} {path(r)} HTTP/2.0" {status(r)} {r.choice([215, 450, 512, 2048])} "https://kiosk.example/" "{agent(r)}"', "sev": (0, "")}


SAFARI = lambda r: f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.{r.randint(0, 6)} Safari/605.1.15"
uuid, ms = (lambda r: r.uuid()), (lambda r: r.randint(1, 4000))


def kiosk_probe(r):
    bad = r.random() < 0.1
    return {**apache("HEAD", lambda r: "/readyz", lambda r: 500 if bad else 204, lambda r: "Prometheus/2.53.0")(r), "innocent": bad}


def alb_probe(r):
    bad = r.random() < 0.1
    return {"body": "served", "sev": (9, ""), "attrs": {"http.target": "/_health", "http.status_code": 503 if bad else 200, "dur": r.randint(1, 9)}, "innocent": bad}


def nested_bot(r):
    return {"body": "page rendered", "sev": (9, ""), "attrs": {"http.user_agent": f"Mozilla/5.0 (compatible; YandexBot/3.{r.randint(0, 3)}; +http://yandex.com/bots)", "http.target": f"/a/{r.digits(5)}", "http.status_code": 200, "dur": r.randint(1, 900)}}


def fleet_debug(r):
    return {"body": f"{r.choice(['socket', 'frame'])} {r.digits(5)} decoded into {r.randint(1, 60)} points", "sev": (5, "Debug")}


def services(r):
    return [
        Service("kiosk-web", 1600, [
            (8, apache("GET", lambda r: r.choice(["/tickets", f"/tickets/{r.digits(5)}/status", "/healthy-snacks", "/live"]), lambda r: r.choice([200, 302]), SAFARI)),  # look-alike: status and live that are no probes
            (1, apache("GET", lambda r: f"/old/{r.digits(4)}", lambda r: 404, SAFARI))]),
        Service("seat-map", 900, [(5, line("page rendered", (9, ""), http__target=lambda r: f"/map/{r.digits(4)}", http__status_code=200, dur=ms)),
                                  (2, line(lambda r: f"seat {r.randint(1, 60)}{r.choice('ABCDEF')} blocked for {r.randint(1, 15)} minutes", (9, ""), hold=uuid))]),
        Service("ledger", 7000, [
            (20, line(lambda r: f"Journal entry {r.no_card(16)} posted: debit {r.digits(5)} credit {r.digits(5)} amount {r.randint(1, 9999)},{r.digits(2)} CHF", hash=lambda r: r.hex(64))),  # look-alike of cards and of a hot path
            (3, line(lambda r: f"Journal entry {r.no_card(16)} reversed by clerk {r.digits(4)}", WARN)),
            (2, line(lambda r: f"period 2026-{r.randint(1, 12):02d} closed with balance {r.digits(7)}", INFO)),
            (1, line(lambda r: f"passphrase policy updated to version {r.randint(1, 9)}.{r.randint(0, 20)}.{r.randint(0, 9)}.{r.randint(0, 9)}", INFO)),  # look-alike
            (2, line("statement sent", INFO, token_bucket=lambda r: r.randint(1, 99), secret_version=lambda r: r.randint(1, 9), reference=lambda r: "RF" + r.no_card(18)))]),  # look-alike
        Service("fleet-tracker", 900, [(4, line(lambda r: f"vehicle {r.digits(5)} reached stop {r.digits(3)} {r.randint(0, 20)} min late", (9, "Info"))),
                                       (1, line(lambda r: f"vehicle {r.digits(5)} left its corridor by {r.randint(20, 900)} m", (13, "Warn")))]),
        Service("mongo-main", 700, [(3, line(lambda r: f"Slow query on tickets.orders planSummary IXSCAN {r.digits(4)} ms", (9, "I"), ns="tickets.orders")),
                                    (1, line(lambda r: f"Index build done on tickets.seats, {r.digits(6)} keys inserted", (9, "I"), ns="tickets.seats"))]),
        Service("mail-relay", 800, [(4, line(lambda r: f"{r.hex(10).upper()}: removed from queue after {r.randint(1, 90)} s, relay mx{r.randint(1, 9)} dsn 2.0.0", (9, "info"))),
                                    (1, line(lambda r: f"{r.hex(10).upper()}: greylisted by relay mx{r.randint(1, 9)}, dsn 4.7.1", (13, "warning")))]),
        Service("clinic-intake", 900, [(4, line(lambda r: f"form {r.uuid()} received from terminal {r.digits(3)}", INFO)),
                                       (2, line(lambda r: f"node {r.digits(2)} diagnosed with disk failure, moved out of the pool", WARN)),  # look-alike
                                       (1, line(lambda r: f"printer {r.digits(3)} out of labels", WARN))]),
        Service("voice-bot", 800, [(4, line(lambda r: f"call {r.uuid()} ended after {r.randint(3, 900)} s with intent {r.choice(['refund', 'balance', 'agent'])}", (0, "NOTICE"))),
                                   (1, line(lambda r: f"caller {r.uuid()} asked to test the line, transferred", (0, "NOTICE")))]),  # look-alike
        Service("erp-sync", 900, [(4, line(lambda r: f"Auftrag {r.digits(8)} übernommen: {r.randint(1, 40)} Positionen, Summe {r.randint(10, 900)},{r.digits(2)} €", INFO, env="prod", host=lambda r: f"sap{r.randint(1, 3)}")),
                                  (2, line(lambda r: f"Lieferant {r.digits(5)} unbekannt, Auftrag {r.digits(8)} zurückgestellt", WARN, host=lambda r: f"sap{r.randint(1, 3)}"))]),  # look-alike: env and host alone
        Service("ci-runner", 1000, [(4, line(lambda r: f"Job {r.digits(7)} finished in {r.randint(4, 900)} s: {r.choice(['passed', 'failed', 'canceled'])}", (9, "info"))),
                                    (2, line(lambda r: f"checking out {r.hex(40)} of group/{r.choice(['web', 'api'])}", (9, "info"))),
                                    (1, line(lambda r: f"artifact upload of {r.randint(1, 900)} MB done, id {r.uuid()}", (9, "info")))]),
        Service("rabbit", 800, [(3, line(lambda r: f"queue 'tickets.{r.digits(2)}' in vhost '/' mirrored to node rabbit@mq{r.randint(1, 3)}", (9, "info"))),  # look-alike of an address
                                (2, line(lambda r: f"consumer {r.digits(6)} cancelled, {r.randint(1, 900)} messages requeued", (13, "warning")))]),
        Service("gate-firmware", 900, [(4, line(lambda r: f"gate {r.digits(3)} opened for ticket {r.letters(10).upper()}", (10, ""))),
                                       (1, line(lambda r: f"gate {r.digits(3)} jammed, temperature {r.randint(-9, 40)}.{r.randint(0, 9)} °C", (14, ""))),
                                       (1, line(lambda r: f"[{r.choice(['north', 'south'])}] ворота {r.digits(3)} открыты", (10, "")))]),  # look-alike of broken data
    ]


def twin_some(key, other, value, word):
    """Only some of the events hold both; others hold the second alone."""
    def dress(r, record):
        if word not in record.body:
            return []
        record.attrs[key] = record.attrs[other] = value(r)
        return [other]
    return dress


def blob(key, make, word):
    def dress(r, record):
        if word not in record.body:
            return []
        record.attrs[key] = make(r)
        return [key]
    return dress


def visit(r):
    drug = r.choice(["amoxicillin", "ibuprofen 600", "lisinopril"])
    return {"body": f"Encounter {r.uuid()}: physician prescribed {drug}.", "sev": INFO, "secrets": [drug]}


def card_in_groups(r):
    digits = r.card("52", 16)
    return " ".join(digits[i:i + 4] for i in range(0, 16, 4))


def plants(r):
    return [
        Plant("health-checks", "kiosk-web", "drop", kiosk_probe, 700, "even"),
        Plant("health-checks", "seat-map", "drop", alb_probe, 600, "even"),
        Plant("health-checks", "ci-runner", "drop", line("Liveness probe succeeded", (9, "info")), 400, "even"),
        Plant("bot-traffic", "kiosk-web", "drop", apache("GET", lambda r: f"/tickets/{r.digits(5)}", lambda r: 200, lambda r: "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)"), 400),
        Plant("bot-traffic", "seat-map", "drop", nested_bot, 300),
        Plant("debug-markers", "ledger", "drop", line("hello from the ledger", INFO), 40),
        Plant("debug-markers", "voice-bot", "drop", line("!!!!!!! 123", (0, "NOTICE")), 60),
        Plant("debug-markers", "erp-sync", "drop", line("test123", INFO), 50),
        Plant("debug-artifacts", "fleet-tracker", "drop", line(lambda r: f"FIXME remove before merging: lat={r.randint(1, 90)}.{r.digits(4)}", (9, "Info")), 70),
        Plant("debug-artifacts", "gate-firmware", "drop", line(lambda r: f"i = {r.randint(0, 99)}", (10, "")), 90),
        Plant("malformed-data", "mail-relay", "drop", lambda r: {"body": '[{"to":"x' + r.digits(3) + '","parts":["' + r.letters(30), "sev": (9, "info")}, 120),
        Plant("malformed-data", "rabbit", "drop", lambda r: {"body": "%PDF-1.7 " + "".join(chr(r.choice([1, 3, 14, 0xfffd, 0xfffd, 70])) for _ in range(120)), "sev": (9, "info")}, 80),
        Plant("instrumentation-bloat", "mongo-main", "remove", dress=resource("k8s.statefulset.uid", "k8s.node.uid"), resource={
            "k8s.statefulset.uid": "9c1f1f0e-8d5e-4b8e-a1f0-0e4b9d7c1a11", "k8s.statefulset.name": "mongo", "k8s.node.uid": "8a1f1f0e-8d5e-4b8e-a1f0-0e4b9d7c1a22", "k8s.node.name": "n4"}),
        Plant("instrumentation-bloat", "ledger", "remove", dress=resource("telemetry.sdk.name", "telemetry.sdk.language", "telemetry.auto.version"), resource={
            "telemetry.sdk.name": "opentelemetry", "telemetry.sdk.language": "dotnet", "telemetry.auto.version": "1.7.0"}),
        Plant("duplicate-fields", "erp-sync", "remove", dress=twin_some("deployment.environment", "env", lambda r: "prod", "Lieferant")),
        Plant("duplicate-fields", "ci-runner", "remove", dress=twin("trace_id", "dd.trace_id", lambda r: r.hex(32))),
        Plant("duplicate-fields", "clinic-intake", "remove", dress=lambda r, x: x.attrs.update({"msg": x.body}) or ["msg"]),
        Plant("excessive-payloads", "mail-relay", "trim", dress=blob("smtp.transcript", lambda r: "\n".join(f"C: RCPT {r.letters(60)}" for _ in range(100)), "greylisted")),
        Plant("excessive-payloads", "ledger", "trim", dress=blob("soap.envelope", lambda r: "<env>" + "".join(f"<e n='{r.digits(6)}'>{r.letters(20)}</e>" for _ in range(150)) + "</env>", "reversed")),
        Plant("debug-mode", "fleet-tracker", "drop", fleet_debug, 2000),
        Plant("debug-mode", "rabbit", "drop", line(lambda r: f"channel {r.digits(4)} flow {r.choice(['on', 'off'])}", (1, "")), 1800),
        Plant("hot-path", "mongo-main", "sample", line("Received request for document", (9, "I"), shard=lambda r: r.randint(0, 9)), 6000),
        Plant("hot-path", "gate-firmware", "sample", line("Start handling of scan", (10, "")), 6500),
        Plant("burst-protection", "clinic-intake", "limit", line("SSL_connect returned=1 errno=0: SSL handshake failed", ERROR), 1500, (12, 11.6)),
        Plant("burst-protection", "kiosk-web", "limit", lambda r: {"body": f"upstream connect error or disconnect/reset before headers. reset reason: connection failure, host pay{r.randint(1, 4)}", "sev": (17, "error")}, 1400, (6, 5.6)),
        Plant("background-noise", "fleet-tracker", "drop", line(lambda r: f"MQTT broker gone, reconnecting in {r.randint(1, 30)} s", (13, "Warn")), 450),
        Plant("background-noise", "mail-relay", "drop", line(lambda r: f"connect to antivirus.local[{r.ip()}]:3310: Connection refused", (13, "warning")), 400),
        Plant("configuration-noise", "ledger", "person", line("Option 'LegacyRounding' is deprecated and will be removed in version 9", WARN), 60),
        Plant("configuration-noise", "voice-bot", "person", line("no value configured for tts.voice, assuming 'anna'", (0, "WARNING")), 60),
        Plant("dead-weight", "mail-relay", "drop", line("queue run: 0 messages to deliver", (9, "info")), 400, "even"),
        Plant("dead-weight", "ci-runner", "drop", line("Checking for jobs... none received", (9, "info")), 500, "even"),
        Plant("routine-system-chatter", "mongo-main", "drop", line(lambda r: f"WiredTiger message: saving checkpoint snapshot min: {r.digits(4)}, snapshot max: {r.digits(4)}", (9, "I")), 400, "even"),
        Plant("routine-system-chatter", "ledger", "drop", line(lambda r: f"Background GC completed, {r.randint(1, 90)} MB freed", INFO), 300, "even"),
        Plant("secret-exposure", "ci-runner", "redact", leak(lambda r: f"pushing with remote https://oauth2:<>@git.example/group/{r.choice(['web', 'api'])}.git", lambda r: "glpat-" + r.letters(20), (9, "info")), 30),
        Plant("secret-exposure", "mail-relay", "redact", leak_in("smtp_password", "authenticated to smarthost", lambda r: r.letters(10) + "!7", (9, "info")), 20),
        Plant("secret-exposure", "voice-bot", "redact", leak(lambda r: f"calling speech api, header Authorization: Bearer <> size {r.digits(3)}", lambda r: r.jwt(), (0, "NOTICE")), 20),
        Plant("payment-data-exposure", "ledger", "redact", leak(lambda r: f"chargeback for card <> opened, case {r.digits(5)}", card_in_groups, WARN), 40),
        Plant("payment-data-exposure", "kiosk-web", "redact", leak_in("payment.cvv", "card form posted", lambda r: r.digits(3), (9, "")), 40),
        Plant("payment-data-exposure", "erp-sync", "redact", leak(lambda r: f"Rückzahlung an <> ausgelöst, Beleg {r.digits(6)}", lambda r: r.iban("AT", 20)), 50),
        Plant("pii-exposure", "voice-bot", "redact", leak(lambda r: f"incoming call from <> on trunk {r.digits(2)}", lambda r: f"+33 6 {r.digits(2)} {r.digits(2)} {r.digits(2)} {r.digits(2)}", (0, "NOTICE")), 60),
        Plant("pii-exposure", "seat-map", "redact", leak_in("passenger.last_name", "boarding pass issued", lambda r: r.choice(["Okafor", "Lindqvist", "Moreau"]), (9, "")), 60),
        Plant("pii-exposure", "mail-relay", "redact", leak(lambda r: f"{r.hex(10).upper()}: to=<<>>, relay=mx{r.randint(1, 9)}, status=sent", lambda r: f"k.{r.letters(6).lower()}@sub.example.com", (9, "info")), 80),
        Plant("phi-exposure", "clinic-intake", "redact", visit, 50),
        Plant("phi-exposure", "voice-bot", "redact", leak_in("patient_id", "appointment confirmed by phone", lambda r: "MRN" + r.digits(7), (0, "NOTICE")), 40),
    ]
