"""tero-console policy: lint, diff, print and eval on files, and the conformance cases where they are there."""

from harness import *

CONSOLE = os.path.join(BUILD, "tero-console")
GOOD = """policies:
  - id: drop-health
    name: Drop health checks
    log:
      match:
        - resource_attribute: service.name
          exact: shop
        - log_field: body
          starts_with: GET /healthz
      keep: none
"""
BAD = GOOD.replace("starts_with: GET", "regex: '([").replace("/healthz", "'")


def policy(*arguments, input=None):
    p = subprocess.run([CONSOLE, "policy", *arguments], input=input, capture_output=True, timeout=DEADLINE)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


class Files:
    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="tero-policy-")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w") as f:
            f.write(text)
        return self.path(name)


@test
def lint_says_where_and_why():
    with Files() as f:
        good, bad = f.write("good.yaml", GOOD), f.write("bad.yaml", BAD)
        assert policy("lint", good) == (0, "", "")
        code, out, _ = policy("lint", good, bad)
        assert code == 2 and out.startswith(f'{bad}:9: policy drop-health: log: match[1]: invalid regex "([ '), out
        code, out, err = policy("lint", f.path("absent"))
        assert code == 1 and out == "" and "No such file" in err, err
        weak = f.write("weak.yaml", GOOD.replace("none", "50%"))
        assert policy("lint", weak)[0] == 0 and policy("lint", "--strict", weak)[0] == 2


@test
def diff_tells_what_changes():
    with Files() as f:
        before, after = f.write("a.yaml", GOOD), f.write("b.yaml", GOOD.replace("none", "10%"))
        assert policy("diff", before, before) == (0, "", "")
        assert policy("diff", before, after) == (2, "~ drop-health: keep: none -> 10%\n", "")


@test
def every_printed_form_means_the_same():
    with Files() as f:
        source = f.write("a.yaml", GOOD)
        for form, name in (("yaml", "p.yaml"), ("json", "p.json"), ("proto-json", "q.json"), ("protobuf", "p.pb")):
            out = subprocess.run([CONSOLE, "policy", "print", "-o", form, source], capture_output=True, check=True, timeout=DEADLINE).stdout
            with open(f.path(name), "wb") as printed:
                printed.write(out)
            assert policy("diff", source, f.path(name)) == (0, "", ""), form
        assert policy("print", source)[1] == GOOD


@test
def eval_drops_and_counts():
    def record(text):
        return {"body": {"stringValue": text}}

    with Files() as f:
        document = {"resourceLogs": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]},
                                      "scopeLogs": [{"logRecords": [record("GET /healthz 200"), record("order 5 paid")]}]}]}
        policies, data = f.write("p.yaml", GOOD), f.write("in.json", json.dumps(document))
        code, out, err = policy("eval", "--policies", policies, "--input", data, "--signal", "log", "--stats", f.path("stats"))
        assert code == 0, err
        assert json.loads(out)["resourceLogs"][0]["scopeLogs"][0]["logRecords"] == [record("order 5 paid")]
        with open(f.path("stats")) as stats:
            assert json.load(stats) == {"policies": [{"policy_id": "drop-health", "hits": 1}]}
        assert policy("eval", "--policies", policies, "--input", data, "--signal", "logs")[0] == 1
        assert policy("eval", "--policies", policies)[0] == 1
        assert policy("frobnicate")[0] == 1


@test
def preview_tells_what_each_policy_would_do():
    document = {"resourceLogs": [{"scopeLogs": [{"logRecords": [{"body": {"stringValue": t}} for t in ("a", "a b", "c")]}]}]}
    policies = """[{id: drop-b, name: d, log: {match: [{log_field: body, contains: b}], keep: none}},
                   {id: mark-a, name: m, log: {match: [{log_field: body, contains: a}], keep: 25%, transform: {add: [{log_attribute: x, value: y}]}}}]"""
    with Files() as f:
        code, out, err = policy("preview", "--policies", f.write("p", policies), "--input", f.write("i", json.dumps(document)), "--signal", "log")
        assert code == 0, err
        rows = [line.split() for line in out.splitlines()]
        assert rows[1][:5] == ["1", "1", "0", "none", "drop-b"], out
        assert rows[2][:5] == ["2", "0", "1", "25%", "mark-a"] and rows[2][5:7] == ["(about", "1"], out
        assert out.splitlines()[-1] == "3 records, 2 matched, 1 dropped", out


@test
def datadog_filters_become_policies():
    index = {"name": "Main", "exclusion_filters": [
        {"name": "Health checks", "is_enabled": True, "filter": {"query": "service:shop @http.url:*healthz*", "sample_rate": 1.0}},
        {"name": "odd", "filter": {"query": "service:a OR host:b"}}]}
    with Files() as f:
        code, out, err = policy("import", "datadog", f.write("index.json", json.dumps({"indexes": [index]})))
        assert code == 2 and '"odd": at character' in err and "OR of different attributes" in err, err
        assert "id: datadog-main-health-checks" in out and "contains: healthz" in out and "keep: none" in out, out
        assert policy("lint", f.write("p.yaml", out)) == (0, "", "")


@test
def the_conformance_cases_pass():
    shared = os.environ.get("TERO_SHARED", os.path.join(ROOT, "..", "shared"))
    runner, cases = os.path.join(shared, "tools", "conformance.py"), os.path.join(shared, "data", "policy-conformance", "testcases")
    if not os.path.exists(runner) or not os.path.isdir(cases):
        raise Skip("the cases are not here")
    p = subprocess.run([sys.executable, runner, f"{CONSOLE} policy eval", cases], capture_output=True, timeout=280)
    assert p.returncode == 0, p.stdout.decode()[-2000:]


main()
