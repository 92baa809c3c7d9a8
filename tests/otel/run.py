"""Stock OpenTelemetry SDKs against the real server, over TCP: Python (protobuf, gzip) and JavaScript (JSON).

`make otel-test` runs it. It installs the SDKs into a temporary folder (TERO_OTEL_CACHE=DIR keeps them for the next
time), so it needs the network and is no part of `make test`; what cannot be installed is skipped. Prints TAP.
"""
import os
import subprocess
import sys
import tempfile
import venv

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "server"))
from harness import PROGRAM, Server, Skip, main, shutil, test, wait_for  # noqa: E402

PYTHON = ["opentelemetry-sdk>=1.39,<2", "opentelemetry-exporter-otlp-proto-http>=1.39,<2"]
JS = ["@opentelemetry/api-logs@^0.223.0", "@opentelemetry/exporter-logs-otlp-http@^0.223.0",
      "@opentelemetry/sdk-logs@^0.223.0", "@opentelemetry/resources@^2.0.0"]
COUNT = 1000


def cache():
    if os.environ.get("TERO_OTEL_CACHE"):
        os.makedirs(os.environ["TERO_OTEL_CACHE"], exist_ok=True)
        return os.environ["TERO_OTEL_CACHE"], False
    return tempfile.mkdtemp(prefix="tero-otel-"), True


def install(command, what, folder):
    done = subprocess.run(command, capture_output=True, timeout=300, cwd=folder)
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise Skip(f"{what} cannot be installed: {lines[-1] if lines else done.returncode}")


def rows(server, service):
    with server.database() as db:
        return db.execute("select events, template from log_events where service_name = ? order by template", (service,)).fetchall()


def export(command, service, folder):
    """Runs an exporter against a fresh server; gives what the catalog counted for the service."""
    if not os.path.exists(PROGRAM):
        raise Skip("the server is not built")
    with Server(tcp=True) as s:
        url = f"http://127.0.0.1:{s.port}/v1/logs"
        done = subprocess.run([*command, url, service, str(COUNT)], capture_output=True, timeout=120, cwd=folder)
        assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
        wait_for(lambda: sum(n for n, _ in rows(s, service)) >= COUNT, "the records in the catalog")
        return rows(s, service)


@test
def python_sdk_sends_protobuf_with_gzip():
    folder, temporary = cache()
    try:
        home = os.path.join(folder, "python")
        program = os.path.join(home, "bin", "python")
        if not os.path.exists(os.path.join(home, "installed")):
            venv.create(home, with_pip=True)
            install([program, "-m", "pip", "-q", "install", *PYTHON], "the Python SDK", folder)
            open(os.path.join(home, "installed"), "w").close()
        found = export([program, os.path.join(HERE, "export_python.py")], "python-sdk", folder)
        assert found == [(COUNT, "order <*> shipped to customer <*>")], found
    finally:
        if temporary:
            shutil.rmtree(folder, ignore_errors=True)


@test
def js_sdk_sends_json():
    folder, temporary = cache()
    try:
        if not shutil.which("npm") or not shutil.which("node"):
            raise Skip("there is no node here")
        home = os.path.join(folder, "js")
        os.makedirs(home, exist_ok=True)
        if not os.path.exists(os.path.join(home, "installed")):
            install(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", home, *JS], "the JavaScript SDK", home)
            open(os.path.join(home, "installed"), "w").close()
        script = os.path.join(home, "export_js.mjs")
        shutil.copy(os.path.join(HERE, "export_js.mjs"), script)
        found = export(["node", script], "js-sdk", home)
        assert sum(n for n, _ in found) == COUNT, found
        assert (COUNT // 2, "payment <*> accepted") in found, found
    finally:
        if temporary:
            shutil.rmtree(folder, ignore_errors=True)


main()
