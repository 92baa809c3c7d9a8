"""Offline bundles: what a snapshot holds and does not hold, who gets one, what a broken or hostile one comes to."""

import os
import sqlite3
import subprocess
import tempfile

from harness import *

CONSOLE = os.path.join(BUILD, "tero-console")


def key(s):
    with open(os.path.join(s.data, "signing.pub")) as f:
        return f.read().strip()


def snapshot(s, path):
    a = s.request("GET", "/v1/snapshot")
    assert a.status == 200, a
    with open(path, "wb") as f:
        f.write(a.body)
    return a.body


def unpack(path, directory, trust):
    return run("bundle", "unpack", path, "--data", directory, "--trust", trust)


def console(*arguments, home, env=None):
    p = subprocess.run([CONSOLE, *arguments], capture_output=True, timeout=DEADLINE, stdin=subprocess.DEVNULL,
                       env={**os.environ, "HOME": home, "TERO_DATA": os.path.join(home, "own"), "TMPDIR": home, "TERO_OTLP": "off",
                            "XDG_CONFIG_HOME": home, **(env or {})})
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def filled(s):
    sample = os.path.join(ROOT, "tests", "screens", "data", "gateway.log")
    code, _, err = run("ingest", "--data", s.data, "--service", "gateway", sample)
    assert code == 0, err


@test
def a_snapshot_is_a_copy_without_secrets():
    with Server() as s, tempfile.TemporaryDirectory() as d:
        filled(s)
        account = s.graphql("{ accounts { edges { node { id } } } }")["data"]["accounts"]["edges"][0]["node"]["id"]
        made = s.graphql("mutation($a: ID!) { createEdgeApiKey(input: {name: \"edge-one\", accountID: $a}) { plainKey } }", {"a": account})
        secret = made["data"]["createEdgeApiKey"]["plainKey"] if made.get("data") else None
        assert secret, made
        with sqlite3.connect(os.path.join(s.data, "control-plane.db")) as db:
            (kept,) = db.execute("SELECT key_hash FROM edge_api_keys").fetchone()
        path, out = os.path.join(d, "x"), os.path.join(d, "out")
        snapshot(s, path)
        code, shown, err = unpack(path, out, key(s))
        assert code == 0, err
        with open(os.path.join(out, "control-plane.db"), "rb") as f:
            whole = f.read()
        assert kept.encode() not in whole, "the hash of an edge key left the control plane"
        assert secret.encode() not in whole
        with sqlite3.connect(os.path.join(out, "control-plane.db")) as db:
            assert db.execute("SELECT count(*) FROM services").fetchone() == (1,)
            assert db.execute("SELECT actor FROM audit_log WHERE action = 'snapshot.export'").fetchone() == (f"uid:{os.getuid()}",)
        assert not [n for n in os.listdir(s.data) if n.startswith("snapshot-")], "nothing is left behind"


@test
def tcp_gets_none():
    with Server(tcp=True) as s:
        assert s.request("GET", "/v1/snapshot", tcp=True).status == 401
        assert s.request("POST", "/v1/snapshot", b"").status == 405


@test
def the_console_opens_it_and_changes_nothing():
    with Server() as s, tempfile.TemporaryDirectory() as d:
        filled(s)
        path = os.path.join(d, "x")
        snapshot(s, path)
        trust = key(s)
        s.terminate()
        code, out, err = console("services", "-o", "json", "--bundle", path, "--trust", trust, home=d)
        assert code == 0, err
        assert json.loads(out)[0]["name"] == "gateway", out
        assert console("services", "--bundle", path, home=d, env={"TERO_TRUST": trust})[0] == 0
        code, out, err = console("services", "--bundle", path, home=d)
        assert code == 4 and trust in err and "--trust" in err, (code, err)
        code, _, err = console("policy", "import", "--bundle", path, "--trust", trust, "nothing.yaml", home=d)
        assert code != 0
        wait_for(lambda: not [n for n in os.listdir(d) if n.startswith("tero-bundle-")], "nothing unpacked is left")


@test
def a_frozen_server_changes_nothing():
    with Server() as s, tempfile.TemporaryDirectory() as d:
        filled(s)
        path, out = os.path.join(d, "x"), os.path.join(d, "out")
        snapshot(s, path)
        assert unpack(path, out, key(s))[0] == 0
        with Server("--frozen", "2026-01-02T03:04:05Z", data=out) as f:
            assert f.graphql("{ serverInfo { startedAt } }")["data"]["serverInfo"]["startedAt"] == "2026-01-02T03:04:05Z"
            service = f.graphql("{ services { edges { node { id } } } }")["data"]["services"]["edges"][0]["node"]["id"]
            a = f.graphql("mutation($id: ID!) { setServiceEnabled(id: $id, enabled: false) { id } }", {"id": service})
            assert a.get("errors"), a
            assert f.logs({"resourceLogs": []}).status == 403
            assert f.request("POST", "/v1/policy/sync", b"{}", {"Content-Type": "application/json"}).status == 403
            assert f.request("GET", "/v1/snapshot").status == 403
            f.terminate()


def broken(change, words):
    """A bundle of a control plane whose database was changed behind its back."""
    with Server() as s, tempfile.TemporaryDirectory() as d:
        filled(s)
        s.terminate()
        with sqlite3.connect(os.path.join(s.data, "control-plane.db")) as db:
            db.executescript(change)
        s.start()
        path, out = os.path.join(d, "x"), os.path.join(d, "out")
        snapshot(s, path)
        code, _, err = unpack(path, out, key(s))
        assert code == 5 and words in err, (code, err)
        assert not os.path.exists(os.path.join(out, "control-plane.db"))


@test
def a_trigger_is_refused():
    broken("CREATE TRIGGER t AFTER INSERT ON teams BEGIN DELETE FROM services; END", "its tables are not those")


@test
def a_view_is_refused():
    broken("CREATE VIEW v AS SELECT load_extension('x')", "its tables are not those")


@test
def a_virtual_table_is_refused():
    broken("CREATE VIRTUAL TABLE v USING fts5(x)", "its tables are not those")


@test
def files_that_are_no_bundles():
    with tempfile.TemporaryDirectory() as d:
        for name, content in {"empty": b"", "text": b"hello\n" * 1000, "magic": b"TEROBNDL", "huge": b"TEROBNDL" + b"\xff" * 5000}.items():
            path = os.path.join(d, name)
            with open(path, "wb") as f:
                f.write(content)
            code, _, err = run("bundle", "verify", path)
            assert code == 5 and path in err, (name, code, err)
        os.mkfifo(os.path.join(d, "fifo"))
        assert run("bundle", "verify", os.path.join(d, "fifo"))[0] in (1, 5)
        assert run("bundle", "verify", d)[0] in (1, 5)
        assert run("bundle", "verify", os.path.join(d, "nothing"))[0] == 1
        assert run("bundle", "verify", os.path.join(d, "empty"), "--trust", "xyz")[0] == 1


@test
def version_says_the_key():
    with Server() as s:
        assert key(s) in run("version", "--data", s.data)[1]
        assert oct(os.stat(os.path.join(s.data, "signing.key")).st_mode & 0o777) == "0o600"


@test
def what_a_killed_control_plane_left_is_removed():
    with Server() as s:
        s.terminate()
        left = os.path.join(s.data, "snapshot-1.db")
        with open(left, "w") as f:
            f.write("x")
        s.start()
        assert not os.path.exists(left)


main()
