"""The first estate: sixteen services in the manner of real software, and problems of every check in several realisations.

Among the events are many that look like problems and are none; they are marked "look-alike".
"""

from estate.engine import Plant, Service

INFO, WARN, ERROR, DEBUG, TRACE = (9, "INFO"), (13, "WARN"), (17, "ERROR"), (5, "DEBUG"), (1, "TRACE")
BROWSERS = ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",  # look-alike
            "okhttp/4.12.0", "RoboticsArm-Client/2.1", "curl/8.5.0"]


def combined(r, method, path, status, agent, size=None):
    day = f"{r.randint(1, 28):02d}/Nov/2026:{r.randint(0, 23):02d}:{r.randint(0, 59):02d}:{r.randint(0, 59):02d} +0000"
    return f'{r.ip()} - - [{day}] "{method} {path} HTTP/1.1" {status} {size or r.randint(200, 90000)} "-" "{agent}"'


# --- edge-nginx: access log lines as text, no severity

def nginx_page(r):
    path = r.choice(["/", "/cart", f"/product/{r.digits(6)}", "/checkout", f"/search?q={r.choice(['lamp', 'desk', 'sofa'])}", "/healthy-recipes"])
    return {"body": combined(r, "GET", path, r.choice([200, 200, 200, 304]), r.choice(BROWSERS)), "sev": (0, "")}


def nginx_missing(r):
    return {"body": combined(r, "GET", f"/wp-{r.letters(5)}.php", 404, r.choice(BROWSERS)), "sev": (0, "")}


def nginx_upstream(r):
    return {"body": f"2026/11/{r.randint(10, 28)} 08:12:{r.randint(10, 59)} [error] 31#31: *{r.digits(5)} upstream prematurely closed connection while reading "
                    f"response header from upstream, client: {r.ip()}, server: shop, request: \"POST /checkout HTTP/1.1\"", "sev": (0, "")}


def nginx_health(r):
    failing = r.random() < 0.08
    agent = "kube-probe/1.29"
    return {"body": combined(r, "GET", "/healthz", 503 if failing else 200, agent, 2), "sev": (0, ""), "innocent": failing}


def nginx_bot(r):
    agent = r.choice(["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
                      "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"])
    return {"body": combined(r, "GET", f"/product/{r.digits(6)}", 200, agent), "sev": (0, "")}


# --- mesh-envoy: access log as attributes

def envoy(path, status=200, agent=None, method="GET"):
    def event(r):
        code = status if isinstance(status, int) else r.choice(status)
        p = path(r) if callable(path) else path
        return {"body": f"{method} {p}", "attrs": {
            "http.request.method": method, "url.path": p, "http.response.status_code": code, "user_agent.original": agent or r.choice(BROWSERS),
            "envoy.upstream_cluster": r.choice(["orders", "catalog", "search"]), "request.duration_ms": r.randint(1, 900), "x_request_id": r.uuid()}}
    return event


def envoy_health(r):
    failing = r.random() < 0.1
    e = envoy("/actuator/health/readiness", 503 if failing else 200, "ELB-HealthChecker/2.0")(r)
    return {**e, "innocent": failing}


# --- order-service: Spring Boot

def spring(logger, text, sev=INFO, **attrs):
    def event(r):
        return {"body": text(r) if callable(text) else text, "sev": sev, "attrs": {
            "logger_name": logger, "thread_name": f"http-nio-8080-exec-{r.randint(1, 20)}", **{k: v(r) if callable(v) else v for k, v in attrs.items()}}}
    return event


def stack(r, deep):
    frames = [f"\tat com.acme.orders.{r.choice(['web', 'db', 'core'])}.{r.choice(['Cart', 'Order', 'Price'])}{r.choice(['Service', 'Dao'])}.run(Source.java:{r.randint(10, 900)})" for _ in range(deep)]
    return "java.lang.IllegalStateException: cart is locked\n" + "\n".join(frames)


order_placed = spring("c.a.orders.OrderService", lambda r: f"Order {r.no_card(16)} placed, total {r.randint(5, 900)}.{r.randint(10, 99)} EUR, {r.randint(1, 9)} items")  # look-alike
order_shipped = spring("c.a.orders.Shipping", lambda r: f"Order {r.no_card(16)} handed to carrier {r.choice(['DHL', 'UPS', 'GLS'])}, parcel 00{r.no_card(16)}")
order_failed = spring("c.a.orders.OrderService", lambda r: f"Could not place order for customer {r.digits(7)}: cart is locked", ERROR,
                      **{"exception.type": "java.lang.IllegalStateException", "exception.stacktrace": lambda r: stack(r, 20)})
order_audit = spring("AUDIT", lambda r: f"operator {r.digits(4)} granted role {r.choice(['refunds', 'admin', 'viewer'])} to account {r.digits(6)} ticket OPS-{r.digits(4)}")  # look-alike
order_debug = spring("c.a.orders.PriceRules", lambda r: f"rule {r.choice(['bulk', 'vip', 'spring'])} evaluated for cart {r.uuid()}", DEBUG)  # look-alike: a tenth of the records
order_pass = spring("c.a.orders.Login", lambda r: f"password changed for customer {r.digits(7)}")  # look-alike
order_token = spring("c.a.orders.Login", lambda r: f"token of session {r.uuid()} expired after {r.randint(10, 60)} min")  # look-alike


# --- inventory-api: zap

def zap(text, sev=INFO, **attrs):
    return lambda r: {"body": text, "sev": sev, "attrs": {"caller": f"stock/handler.go:{r.randint(20, 400)}", **{k: v(r) for k, v in attrs.items()}}}


stock_reserved = zap("stock reserved", sku=lambda r: r.letters(8).upper(), quantity=lambda r: r.randint(1, 40), warehouse=lambda r: r.choice(["ber1", "lis2"]))
stock_low = zap("stock below threshold", WARN, sku=lambda r: r.letters(8).upper(), left=lambda r: r.randint(0, 5))
stock_sync = zap("supplier feed imported", rows=lambda r: r.randint(100, 90000), supplier=lambda r: r.digits(4), digest=lambda r: r.hex(40))
stock_page = zap("page served", cursor=lambda r: "eyJ" + r.letters(40), tokens_used=lambda r: r.randint(1, 900), build=lambda r: f"10.4.{r.randint(1, 40)}.{r.randint(1, 9)}")  # look-alike


# --- pricing-engine: slog text; version strings that look like addresses

def slog(text, level=(9, "info"), **attrs):
    return lambda r: {"body": text(r) if callable(text) else text, "sev": level, "attrs": {k: v(r) for k, v in attrs.items()}}


price_done = slog("price computed", sku=lambda r: r.digits(9), cents=lambda r: r.randint(99, 99999), rule_version=lambda r: f"{r.randint(1, 9)}.{r.randint(0, 20)}.{r.randint(0, 9)}.{r.randint(0, 9)}")
price_stale = slog(lambda r: f"exchange rate EUR/USD is {r.randint(2, 40)} min old, using it", (13, "warn"))
price_reload = slog(lambda r: f"configuration reloaded from /etc/pricing/rules.yaml: {r.randint(1, 90)} rules changed")  # look-alike
price_both = slog("margin checked", customer_id=lambda r: "100", account_id=lambda r: "100", attempt=lambda r: 1, count=lambda r: 1)  # look-alike: equal by chance


# --- recommendations: Python logging

def py(text, sev=INFO, **attrs):
    return lambda r: {"body": text(r) if callable(text) else text, "sev": sev, "attrs": {"code.function": r.choice(["rank", "fetch", "blend"]), "code.lineno": r.randint(10, 700), **{k: v(r) for k, v in attrs.items()}}}


rec_ranked = py(lambda r: f"ranked {r.randint(20, 400)} candidates for visitor {r.uuid()} in {r.randint(3, 90)}.{r.randint(0, 9)} ms")
rec_cold = py(lambda r: f"no history for visitor {r.uuid()}, falling back to bestsellers of {r.choice(['de', 'fr', 'pt'])}", WARN)
rec_model = py(lambda r: f"model git@git.example:ml/ranker.git rev {r.hex(40)} loaded, package @acme/ranker@3.{r.randint(1, 9)}.0")  # look-alike of an address
rec_smoke = py(lambda r: f"smoke test suite passed: {r.randint(100, 400)} cases, 0 failures")  # look-alike of a marker


# --- postgres-main

def pg(text, sev=(9, "LOG"), pid=True):
    return lambda r: {"body": (f"[{r.digits(5)}] " if pid else "") + text(r), "sev": sev, "attrs": {"db.system": "postgresql"}}


pg_slow = pg(lambda r: f"duration: {r.randint(500, 9000)}.{r.digits(3)} ms  statement: SELECT * FROM orders WHERE id = {r.digits(7)}")
pg_lock = pg(lambda r: f"process {r.digits(5)} still waiting for ShareLock on transaction {r.digits(8)} after 1000.{r.digits(3)} ms")
pg_dup = pg(lambda r: f"duplicate key value violates unique constraint \"orders_ref_{r.choice(['key', 'idx'])}\"", (17, "ERROR"))
pg_role = pg(lambda r: f"statement: ALTER ROLE app_{r.digits(2)} SET search_path TO tenant_{r.digits(3)}")


# --- kubelet: klog

def klog(kind, text, sev):
    return lambda r: {"body": f"{kind}1124 {r.randint(0, 23):02d}:{r.randint(0, 59):02d}:{r.randint(0, 59):02d}.{r.digits(6)} {r.randint(1, 9)} {text(r)}", "sev": sev, "attrs": {}}


k8s_pod = klog("I", lambda r: f"kubelet.go:2406] \"SyncLoop ADD\" source=\"api\" pods=[\"shop/web-{r.hex(10)}-{r.letters(5).lower()}\"]", INFO)
k8s_evict = klog("W", lambda r: f"eviction_manager.go:350] eviction manager: attempting to reclaim ephemeral-storage on node ip-10-0-{r.randint(1, 9)}-{r.randint(1, 250)}", WARN)
k8s_mount = klog("E", lambda r: f"nestedpendingoperations.go:348] MountVolume.SetUp failed for volume \"pvc-{r.uuid()}\"", ERROR)
k8s_image = klog("I", lambda r: f"kuberuntime_image.go:59] image \"registry.local/web:v{r.randint(1, 9)}.{r.randint(0, 40)}.{r.randint(0, 9)}\" pulled in {r.randint(1, 60)}s", INFO)


# --- mobile-gateway: express / pino

def pino(text, sev=(9, ""), **attrs):
    return lambda r: {"body": text, "sev": sev, "attrs": {"reqId": r.letters(12), **{k: v(r) for k, v in attrs.items()}}}


gw_request = pino("request completed", url=lambda r: r.choice(["/v3/feed", "/v3/basket", f"/v3/items/{r.digits(5)}"]), statusCode=lambda r: r.choice([200, 200, 201, 304]), responseTime=lambda r: r.randint(3, 700),
                  appVersion=lambda r: f"{r.randint(5, 9)}.{r.randint(0, 30)}.{r.randint(0, 9)}.{r.randint(1, 250)}", platform=lambda r: r.choice(["ios", "android"]))  # look-alike of addresses
gw_refused = pino("basket rejected: voucher is already used", (13, ""), voucher=lambda r: r.letters(9).upper(), basket=lambda r: r.uuid())
gw_hello = pino("ClientHello received before upgrade", cipher=lambda r: r.choice(["x25519", "p256"]), port=lambda r: r.randint(1024, 65000))  # look-alike
gw_rare_health = pino("probe", url=lambda r: "/ready", statusCode=lambda r: 200)  # look-alike: a handful of records


# --- push-notifier: business burst as a look-alike

def push_sent(r):
    return {"body": f"notification {r.uuid()} delivered to device group {r.choice(['a', 'b', 'c'])} in {r.randint(40, 900)} ms", "sev": INFO}


def push_campaign(r):  # look-alike: a flood of business
    return {"body": f"campaign XMAS-{r.randint(1, 9)}: subscriber {r.digits(8)} skipped, frequency cap of {r.randint(1, 4)} reached", "sev": WARN, "hours": (30, 29.4)}


def push_feedback(r):
    return {"body": f"APNs answered 410 Unregistered for endpoint {r.uuid()}, endpoint disabled", "sev": WARN}


# --- billing-cron

def cron_start(r):
    return {"body": f"invoice run for period 2026-{r.randint(10, 12)} began on shard {r.randint(0, 15)} with {r.digits(4)} contracts", "sev": (9, "info"), "attrs": {"syslog.facility": 9}}


def cron_done(r):
    return {"body": f"invoiced {r.randint(10, 900)} accounts, sum {r.randint(1000, 99999)}.{r.digits(2)} EUR, {r.randint(0, 4)} held back", "sev": (9, "info"), "attrs": {"syslog.facility": 9, "run": r.uuid()}}


def cron_held(r):
    return {"body": f"invoice {r.no_card(16)} held back: tax number of account {r.digits(6)} missing", "sev": (13, "warning"), "attrs": {"syslog.facility": 9}}  # look-alike


# --- payments-api: .NET; an audit event that is most of the service (look-alike of a hot path)

def pay_captured(r):
    return {"body": f"Captured {r.randint(1, 900)}.{r.digits(2)} {r.choice(['EUR', 'USD', 'PLN'])} for payment {r.uuid()} of merchant {r.digits(6)} by {r.choice(['visa', 'amex', 'sepa'])} ref {r.letters(12)}",
            "sev": (9, "Information"), "attrs": {"SourceContext": "Pay.Ledger", "Masked": f"************{r.digits(4)}", "MessageId": 1780000000000000000 + r.randint(1, 10**15)}}  # look-alikes


def pay_declined(r):
    return {"body": f"Payment {r.uuid()} declined by issuer: {r.choice(['insufficient funds', 'expired', 'do not honor'])}", "sev": (13, "Warning"), "attrs": {"SourceContext": "Pay.Gateway"}}


def pay_refund(r):
    return {"body": f"Refund of {r.randint(1, 90)}.{r.digits(2)} EUR requested by operator {r.digits(4)}", "sev": (9, "Information"), "attrs": {"SourceContext": "Pay.Refunds"}}


def pay_secret(r):
    return {"body": f"secret db-main rotated, version {r.randint(1, 99)}, key_id {r.hex(8)}", "sev": (9, "Information"), "attrs": {"SourceContext": "Pay.Vault"}}  # look-alike


# --- care-portal: health words that are no data of a patient

def care_slot(r):
    return {"body": f"slot {r.uuid()} opened in clinic {r.digits(3)}", "sev": INFO, "attrs": {"module": "calendar"}}


def care_health(r):
    return {"body": f"cluster health green, diagnosis of node n{r.randint(1, 9)} took {r.randint(1, 20)} s, patient retry is on", "sev": INFO, "attrs": {"module": "ops"}}  # look-alike


def care_export(r):
    return {"body": f"export job {r.digits(5)} finished with {r.randint(1, 900)} documents", "sev": INFO, "attrs": {"module": "export"}}


def care_denied(r):
    return {"body": f"access to record {r.uuid()} denied: clinician {r.digits(5)} is not in the treating team", "sev": WARN, "attrs": {"module": "access"}}


# --- search-indexer: Rust tracing

def rs(text, level=(9, "INFO"), **attrs):
    return lambda r: {"body": text, "sev": level, "attrs": {"target": "indexer::merge", **{k: v(r) for k, v in attrs.items()}}}


idx_commit = rs("segment committed", docs=lambda r: r.randint(10, 90000), segment=lambda r: r.hex(8), bytes=lambda r: r.randint(10**4, 10**9))
idx_skip = rs("document skipped: field too long", (13, "WARN"), doc=lambda r: r.uuid(), field=lambda r: r.choice(["title", "description"]))
idx_todo = rs("todo item synced from planner", item=lambda r: r.digits(5), list=lambda r: r.choice(["chores", "work"]))  # look-alike


# --- auth-server: key=value text

def auth(text, sev=INFO):
    return lambda r: {"body": text(r), "sev": sev, "attrs": {}}


auth_login = auth(lambda r: f"type=LOGIN realmId=shop clientId=web userId={r.uuid()} ipAddress={r.ip()} auth_method=openid-connect")
auth_error = auth(lambda r: f"type=LOGIN_ERROR realmId=shop clientId=web userId={r.uuid()} ipAddress={r.ip()} error=invalid_user_credentials", WARN)
auth_refresh = auth(lambda r: f"type=REFRESH_TOKEN realmId=shop clientId=app grant_type=refresh_token refresh_token_type=Offline scope=openid code_id={r.uuid()}")  # look-alike
auth_audit = auth(lambda r: f"type=ADMIN operationType=UPDATE resourceType=USER resourcePath=users/{r.uuid()} by={r.uuid()}")


# --- media-transcoder: logs in Spanish, Japanese and with brackets first (look-alikes of broken data)

def media_done(r):
    return {"body": f"[ffmpeg] vídeo {r.digits(6)} convertido a {r.choice(['1080p', '720p'])} en {r.randint(4, 90)},{r.randint(0, 9)} s", "sev": INFO}


def media_jp(r):
    return {"body": f"動画 {r.digits(6)} の変換が完了しました（{r.randint(4, 90)} 秒）✅", "sev": INFO}


def media_brace(r):
    return {"body": f"{{{r.choice(['audio', 'video'])}}} track {r.randint(1, 4)} muxed into {r.uuid()}.mp4", "sev": INFO}  # look-alike


def media_bad(r):
    return {"body": f"codec av1 nicht unterstützt: Datei {r.uuid()}.mkv übersprungen", "sev": WARN}


# --- kafka-broker: log4j

def kafka(text, sev=INFO):
    return lambda r: {"body": text(r), "sev": sev, "attrs": {"log.logger": "kafka.server"}}


kafka_elect = kafka(lambda r: f"[Controller id={r.randint(1, 5)}] partition orders-{r.randint(0, 63)} leader moved from {r.randint(1, 5)} to {r.randint(1, 5)}")
kafka_isr = kafka(lambda r: f"[Partition orders-{r.randint(0, 63)} broker={r.randint(1, 5)}] ISR shrunk to {r.randint(1, 3)} replicas, high watermark {r.digits(9)}", WARN)
kafka_quota = kafka(lambda r: f"client {r.choice(['billing', 'search'])}-{r.digits(2)} throttled for {r.randint(10, 900)} ms by produce quota")


def services(r):
    return [
        Service("edge-nginx", 1500, [(20, nginx_page), (3, nginx_missing), (1, nginx_upstream)], {"host.name": "edge-3", "service.version": "1.27.1"}),
        Service("mesh-envoy", 900, [(6, envoy(lambda r: f"/api/orders/{r.digits(7)}", [200, 200, 404])), (3, envoy("/api/basket", [201, 409], method="POST")), (1, envoy("/api/healthcare-plans", 200))]),
        Service("order-service", 1600, [(8, order_placed), (6, order_shipped), (1, order_failed), (2, order_audit), (2, order_debug), (1, order_pass), (1, order_token)],
                {"service.version": "10.2.7.1", "deployment.environment": "prod", "k8s.pod.name": "order-service-7c9d"}),
        Service("inventory-api", 1300, [(6, stock_reserved), (2, stock_low), (1, stock_sync), (4, stock_page)], {"k8s.pod.uid": "0d3adb33-1111-4222-a333-444455556666"}),  # look-alike: an uid without a name
        Service("pricing-engine", 1000, [(6, price_done), (1, price_stale), (1, price_reload), (2, price_both)]),
        Service("recommendations", 900, [(6, rec_ranked), (2, rec_cold), (1, rec_model), (1, rec_smoke), (3, debug_now)]),
        Service("postgres-main", 800, [(3, pg_slow), (2, pg_lock), (1, pg_dup), (1, pg_role)]),
        Service("kubelet", 900, [(4, k8s_pod), (1, k8s_evict), (1, k8s_mount), (2, k8s_image)]),
        Service("mobile-gateway", 1200, [(30, gw_request), (6, gw_refused), (4, gw_hello)]),
        Service("push-notifier", 3200, [(4, push_sent), (5, push_campaign), (1, push_feedback)]),
        Service("billing-cron", 700, [(3, cron_start), (3, cron_done), (1, cron_held)]),
        Service("payments-api", 8000, [(30, pay_captured), (4, pay_declined), (3, pay_refund), (1, pay_secret)]),
        Service("care-portal", 800, [(4, care_slot), (1, care_health), (2, care_export), (2, care_denied), (0.05, gw_rare_health)]),
        Service("search-indexer", 900, [(4, idx_commit), (2, idx_skip), (2, idx_todo)]),
        Service("auth-server", 1100, [(4, auth_login), (2, auth_error), (2, auth_refresh), (1, auth_audit)]),
        Service("media-transcoder", 800, [(3, media_done), (2, media_jp), (2, media_brace), (1, media_bad)]),
        Service("kafka-broker", 900, [(3, kafka_elect), (3, kafka_isr), (1, kafka_quota)]),
    ]


def say(text, sev=INFO, **attrs):
    """An event of a text and attributes; a function among them makes a value."""
    def event(r):
        values = {k: v(r) if callable(v) else v for k, v in attrs.items()}
        body = text(r) if callable(text) else text
        return {"body": body, "sev": sev, "attrs": values}
    return event


def leak(text, make, sev=INFO):
    """An event whose body has the secret that make(r) gives in place of <>."""
    def event(r):
        secret = make(r)
        return {"body": text(r).replace("<>", secret), "sev": sev, "secrets": [secret]}
    return event


def leak_in(key, text, make, sev=INFO, **attrs):
    """An event with the secret in an attribute."""
    def event(r):
        secret = make(r)
        return {"body": text, "sev": sev, "attrs": {key: secret, **{k: v(r) for k, v in attrs.items()}}, "secrets": [secret]}
    return event


def twin(key, other, make):
    """Every record of the service gets key and other with one value; other should go."""
    def dress(r, record):
        record.attrs[key] = record.attrs[other] = make(r)
        return [other]
    return dress


def resource(*keys):
    return lambda r, record: ["resource:" + k for k in keys]


def payload(key, make, every):
    def dress(r, record):
        if every not in record.body:
            return []
        record.attrs[key] = make(r)
        return [key]
    return dress


def debug_zap(r):
    return {"body": f"cache lookup sku={r.letters(8).upper()} hit={r.choice(['true', 'false'])} shard={r.randint(0, 15)}", "sev": (5, "")}


def debug_kafka(r):
    return {"body": f"fetch request from follower {r.randint(1, 5)} at offset {r.digits(9)}", "sev": (0, r.choice(["DEBUG", "TRACE"]))}


def debug_auth(r):
    return {"body": f"policy evaluation permission={r.choice(['view', 'edit'])} result=PERMIT took={r.randint(1, 9)}ms", "sev": (5, "debug")}


def debug_now(r):  # look-alike: somebody debugs since an hour
    return {"body": f"candidate {r.digits(6)} feature vector norm {r.random():.4f}", "sev": DEBUG, "hours": (1.4, 0.2)}


def name(r):
    return r.choice(["Anna", "Jorge", "Li", "Fatima", "Piotr", "Chloe"]) + " " + r.choice(["Schmidt", "Alvarez", "Wei", "Haddad", "Nowak", "Martin"])


def email(r):
    return f"{r.choice(['anna', 'j.alvarez', 'li_wei', 'fatima+shop', 'p-nowak'])}{r.randint(1, 999)}@{r.choice(['example.org', 'mail.example.de', 'post.co.uk', 'gmail.com'])}"


def json_cut(r):
    whole = '{"event":"cart.updated","cart":"' + r.uuid() + '","lines":[{"sku":"' + r.digits(8) + '","qty":' + str(r.randint(1, 9)) + '},{"sku":"'
    return {"body": whole + r.digits(r.randint(2, 7)), "sev": INFO}


def png(r):
    return {"body": "\ufffdPNG\r\n\x1a\n\x00\x00\x00\rIHDR" + "".join(chr(r.choice([0, 1, 2, 7, 0xfffd, 0xfffd, 65 + r.randint(0, 25)])) for _ in range(r.randint(60, 200))), "sev": INFO}


def gz(r):
    return {"body": b"\x1f\x8b\x08\x00" + bytes(r.randint(0, 255) for _ in range(120)), "sev": INFO}


def patient(r):
    ill = r.choice(["type 2 diabetes", "asthma", "hypertension", "breast cancer"])
    return {"body": f"Visit {r.uuid()} closed: patient diagnosed with {ill}", "sev": INFO, "attrs": {"module": "visit"}, "secrets": [ill]}


def plants(r):
    hour = lambda v: lambda r: v
    return [
        Plant("health-checks", "edge-nginx", "drop", nginx_health, 900, "even"),
        Plant("health-checks", "mesh-envoy", "drop", envoy_health, 600, "even"),
        Plant("health-checks", "mobile-gateway", "drop", pino("request completed", url=hour("/livez"), statusCode=hour(200), responseTime=lambda r: r.randint(0, 3)), 500, "even"),
        Plant("health-checks", "inventory-api", "drop", zap("finished unary call", **{"grpc.service": hour("grpc.health.v1.Health"), "grpc.method": hour("Check"), "grpc.code": hour("OK"), "grpc.time_ms": lambda r: r.randint(0, 3)}), 500, "even"),
        Plant("bot-traffic", "edge-nginx", "drop", nginx_bot, 400),
        Plant("bot-traffic", "mesh-envoy", "drop", envoy(lambda r: f"/api/orders/{r.digits(7)}", 200, "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"), 300),
        Plant("bot-traffic", "mobile-gateway", "drop", pino("request completed", url=lambda r: f"/v3/items/{r.digits(5)}", statusCode=hour(200), userAgent=lambda r: f"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.{r.randint(0, 3)}; +https://openai.com/gptbot)"), 300),
        Plant("debug-markers", "order-service", "drop", spring("c.a.orders.Cart", "got here!!"), 120),
        Plant("debug-markers", "recommendations", "drop", py("asdf", WARN), 60),
        Plant("debug-markers", "pricing-engine", "drop", slog(lambda r: f">>>>> {r.randint(1, 3)}"), 90),
        Plant("debug-artifacts", "media-transcoder", "drop", say(lambda r: f"TODO remove this log before release, frame={r.digits(4)}"), 80),
        Plant("debug-artifacts", "recommendations", "drop", py(lambda r: f"x = {r.randint(1, 99)}"), 120),
        Plant("debug-artifacts", "mobile-gateway", "drop", pino("DEBUGGING - delete me later", basket=lambda r: r.uuid()), 70),
        Plant("malformed-data", "push-notifier", "drop", json_cut, 200),
        Plant("malformed-data", "media-transcoder", "drop", png, 120),
        Plant("malformed-data", "search-indexer", "person", gz, 90),
        Plant("instrumentation-bloat", "order-service", "remove", dress=resource("telemetry.sdk.name", "telemetry.sdk.language", "telemetry.sdk.version", "telemetry.distro.name", "telemetry.distro.version"),
              resource={"telemetry.sdk.name": "opentelemetry", "telemetry.sdk.language": "java", "telemetry.sdk.version": "1.42.1", "telemetry.distro.name": "opentelemetry-java-instrumentation", "telemetry.distro.version": "2.8.0"}),
        Plant("instrumentation-bloat", "care-portal", "remove", dress=resource("k8s.pod.uid", "k8s.deployment.uid"),
              resource={"k8s.pod.uid": "5c1f1f0e-8d5e-4b8e-a1f0-0e4b9d7c1a11", "k8s.pod.name": "care-portal-6d", "k8s.deployment.uid": "71aa1f0e-8d5e-4b8e-a1f0-0e4b9d7c1a99", "k8s.deployment.name": "care-portal"}),
        Plant("instrumentation-bloat", "auth-server", "remove", dress=lambda r, x: x.attrs.update({"otel.library.name": "keycloak-events", "otel.library.version": "0.9.1"}) or ["otel.library.name", "otel.library.version"]),
        Plant("duplicate-fields", "kafka-broker", "remove", dress=twin("host.name", "hostname", lambda r: f"broker-{r.randint(1, 5)}")),
        Plant("duplicate-fields", "search-indexer", "remove", dress=lambda r, x: x.attrs.update({"level": x.sev[1]}) or ["level"]),
        Plant("duplicate-fields", "billing-cron", "remove", dress=twin("deployment.environment", "env", lambda r: r.choice(["prod", "staging"]))),
        Plant("duplicate-fields", "recommendations", "remove", dress=lambda r, x: x.attrs.update({"message": x.body}) or ["message"]),
        Plant("excessive-payloads", "pricing-engine", "trim", dress=payload("http.response.body", lambda r: '{"items":[' + ",".join('{"sku":"%s","price":%d}' % (r.digits(9), r.randint(1, 9999)) for _ in range(220)) + "]}", "exchange rate")),
        Plant("excessive-payloads", "postgres-main", "trim", dress=payload("db.statement", lambda r: "INSERT INTO events VALUES " + ",".join(f"({r.digits(9)}, '{r.letters(9)}')" for _ in range(300)), "duration")),
        Plant("excessive-payloads", "push-notifier", "trim", dress=payload("stack_trace", lambda r: stack(r, 120), "APNs")),
        Plant("debug-mode", "inventory-api", "drop", debug_zap, 1900),
        Plant("debug-mode", "kafka-broker", "drop", debug_kafka, 1500),
        Plant("debug-mode", "auth-server", "drop", debug_auth, 2200),
        Plant("hot-path", "edge-nginx", "sample", say("Incoming request", (9, "info"), worker=lambda r: r.randint(1, 8)), 7000),
        Plant("hot-path", "search-indexer", "sample", rs("processing item", item=lambda r: r.digits(6)), 6000),
        Plant("hot-path", "mobile-gateway", "sample", pino("entering handler", handler=lambda r: r.choice(["feed", "basket"])), 6500),
        Plant("burst-protection", "order-service", "limit", spring("c.a.orders.Db", lambda r: f"HikariPool-1 - Connection is not available, request timed out after {r.randint(30000, 30099)}ms.", ERROR), 1600, (20, 19.5)),
        Plant("burst-protection", "recommendations", "limit", py(lambda r: f"getaddrinfo ENOTFOUND features-{r.randint(1, 4)}.internal", ERROR), 1300, (44, 43.4)),
        Plant("burst-protection", "pricing-engine", "limit", slog(lambda r: f"dial tcp {r.ip()}:6379: connect: connection refused", (17, "error")), 1500, (9, 8.6)),
        Plant("background-noise", "push-notifier", "drop", say(lambda r: f"connection to legacy-crm.internal failed, retrying in {r.randint(1, 60)} s (attempt {r.randint(1, 99)})", WARN), 400),
        Plant("background-noise", "postgres-main", "drop", pg(lambda r: f"could not receive data from client: Connection reset by peer"), 350),
        Plant("background-noise", "kubelet", "drop", klog("E", lambda r: f"prober_remote.go:94] failed to reach metrics sink at {r.ip()}:8125: i/o timeout, will retry", ERROR), 500),
        Plant("configuration-noise", "order-service", "person", spring("o.s.boot.Config", lambda r: "Property 'server.max-http-header-size' is deprecated, use 'server.max-http-request-header-size' instead", WARN), 90),
        Plant("configuration-noise", "kafka-broker", "person", kafka(lambda r: f"The configuration 'segment.jitter.mz' was supplied but isn't a known config.", WARN), 80),
        Plant("configuration-noise", "media-transcoder", "person", say("environment variable GPU_POOL is not set, using default 1", WARN), 70),
        Plant("dead-weight", "billing-cron", "drop", lambda r: {"body": "no pending invoices, nothing to do", "sev": (9, "info"), "attrs": {"syslog.facility": 9}}, 400, "even"),
        Plant("dead-weight", "inventory-api", "drop", zap("0 messages received, queue is empty"), 350, "even"),
        Plant("dead-weight", "care-portal", "drop", say(lambda r: "Sync finished: no changes detected", INFO, module=hour("sync")), 300, "even"),
        Plant("routine-system-chatter", "postgres-main", "drop", pg(lambda r: f"checkpoint complete: wrote {r.randint(10, 900)} buffers ({r.randint(0, 9)}.{r.randint(0, 9)}%); write={r.randint(1, 99)}.{r.digits(3)} s"), 300, "even"),
        Plant("routine-system-chatter", "kubelet", "drop", klog("I", lambda r: f"leaderelection.go:258] successfully renewed lease kube-system/kube-{r.choice(['scheduler', 'controller'])}", INFO), 600, "even"),
        Plant("routine-system-chatter", "order-service", "drop", spring("gc", lambda r: f"GC({r.digits(4)}) Pause Young (Normal) (G1 Evacuation Pause) {r.randint(100, 900)}M->{r.randint(20, 90)}M(1024M) {r.randint(1, 40)}.{r.digits(3)}ms"), 300, "even"),
        Plant("secret-exposure", "auth-server", "redact", leak(lambda r: f"login attempt client=legacy password=<> realm=shop node={r.randint(1, 9)}", lambda r: r.letters(12)), 60),
        Plant("secret-exposure", "mesh-envoy", "redact", leak_in("http.request.header.authorization", "request rejected by ext_authz", lambda r: "Bearer " + r.jwt(), WARN), 50),
        Plant("secret-exposure", "billing-cron", "redact", leak(lambda r: f"uploading invoices to s3 with key <> region eu-{r.choice(['west', 'north'])}-1", lambda r: "AKIA" + r.letters(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")), 25),
        Plant("secret-exposure", "search-indexer", "redact", leak_in("remote", "cloning dictionary", lambda r: "ghp_" + r.letters(36)), 12),
        Plant("payment-data-exposure", "payments-api", "redact", leak(lambda r: f"gateway rejected pan <> with code {r.randint(10, 99)}", lambda r: r.card("4", 16), WARN), 40),
        Plant("payment-data-exposure", "order-service", "redact", leak_in("cardNumber", "express checkout started", lambda r: r.card("37", 15)), 30),
        Plant("payment-data-exposure", "billing-cron", "redact", leak(lambda r: f"direct debit from <> collected for run {r.digits(4)}", lambda r: r.iban("DE", 22), (9, "info")), 60),
        Plant("pii-exposure", "push-notifier", "redact", leak(lambda r: f"mail to <> bounced with code 5{r.randint(10, 99)}", email, WARN), 80),
        Plant("pii-exposure", "mobile-gateway", "redact", leak_in("user.email", "profile updated", email), 60),
        Plant("pii-exposure", "care-portal", "redact", leak(lambda r: f"callback requested at <> for slot {r.digits(4)}", lambda r: f"+49 30 {r.digits(4)} {r.digits(4)}"), 40),
        Plant("pii-exposure", "payments-api", "redact", leak_in("customer.full_name", "receipt printed", name), 50),
        Plant("pii-exposure", "recommendations", "redact", leak(lambda r: f"identity check with ssn <> passed in {r.randint(2, 9)} s", lambda r: f"{r.randint(101, 665)}-{r.randint(10, 99)}-{r.digits(4)}"), 20),
        Plant("phi-exposure", "care-portal", "redact", patient, 60),
        Plant("phi-exposure", "billing-cron", "redact", leak_in("claim.icd10", "claim submitted", lambda r: f"{r.choice('CEIJ')}{r.randint(10, 99)}.{r.randint(0, 9)}", (9, "info")), 40),
        Plant("phi-exposure", "mobile-gateway", "redact", leak_in("medication", "reminder scheduled", lambda r: r.choice(["metformin 500 mg", "insulin glargine 10 IU", "sertraline 50 mg"]), (9, "")), 40),
    ]
