"""The server as a process: start, readiness, the command line, a second instance, signals, memory, wake-ups."""

import resource

from harness import *


@test
def the_command_line_explains_itself():
    code, out, err = run("--help")
    assert code == 0 and "serve" in out and "ingest" in out and not err, (code, out, err)
    code, out, err = run("version")
    assert code == 0 and re.match(r"tero-control-plane \d+\.\d+\.\d+\n$", out), out
    code, out, err = run("serve", "--help")
    for option in ("--data DIR", "--listen ADDR:PORT", "--socket PATH", "--embedded", "--threads N", "--help"):
        assert option in out, option
    assert code == 0 and not err


@test
def wrong_command_lines_get_one_line():
    for arguments, hint in ((["sevre"], "did you mean serve?"), (["serve", "--lisen", "x"], "did you mean --listen?"),
                            (["serve", "--threads", "many"], "many"), (["serve", "--data"], "--data"), (["serve", "extra"], "extra"),
                            (["serve", "--embedded=yes"], "--embedded"), ([], "help"), (["serve", "--listen", "0.0.0.0:4318"], "tokens are not available"),
                            (["serve", "--data", "/dev/null/x", "--no-tcp"], "/dev/null/x"), (["serve", "--listen", "127.0.0.1", "--data", tempfile.gettempdir()], "")):
        code, out, err = run(*arguments)
        assert code == 1 and not out and err.count("\n") == 1 and hint in err, (arguments, code, out, err)


@test
def ready_with_private_files():
    with Server(tcp=True) as s:
        assert s.request("GET", "/healthz").json() == {"status": "alive"}
        assert s.request("GET", "/readyz", tcp=True).json() == {"status": "ready"}
        assert os.stat(s.data).st_mode & 0o777 == 0o700
        for name in os.listdir(s.data):
            assert os.lstat(os.path.join(s.data, name)).st_mode & 0o077 == 0, name


@test
def the_environment_chooses_the_directory():
    with tempfile.TemporaryDirectory() as home:
        for variables, where in (({"TERO_DATA": home + "/a"}, "a"), ({"XDG_DATA_HOME": home + "/b"}, "b/tero"), ({"HOME": home}, ".local/share/tero")):
            env = {k: v for k, v in os.environ.items() if k not in ("TERO_DATA", "XDG_DATA_HOME", "HOME")}
            p = subprocess.Popen([PROGRAM, "serve", "--no-tcp"], env={**env, **variables}, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            try:
                wait_for(lambda: os.path.exists(f"{home}/{where}/control-plane.sock"), f"the socket below {where}")
                p.terminate()
                assert p.wait(DEADLINE) == 0
            finally:
                p.kill()


@test
def a_second_instance_is_refused():
    with Server() as s:
        code, out, err = run("serve", "--data", s.data, "--no-tcp")
        assert code == 1 and s.data in err and str(s.pid) in err and err.count("\n") == 1, err
        assert s.request("GET", "/readyz").status == 200


@test
def a_killed_server_starts_again():
    with Server() as s:
        for _ in range(3):
            s.kill()
            assert os.path.exists(s.socket)
            s.start()


@test
def sigterm_and_sigint_end_it_with_0():
    for number in (signal.SIGTERM, signal.SIGINT):
        with Server() as s:
            assert s.terminate(number) == 0
            assert not os.path.exists(s.socket)
            assert "ended" in s.log()


@test
def a_hang_up_without_a_terminal_is_survived():
    with Server() as s:
        s.process.send_signal(signal.SIGHUP)
        wait_for(lambda: "hang-up" in s.log(), "the hang-up in the log")
        assert s.request("GET", "/readyz").status == 200


@test
def a_request_in_flight_is_answered_while_draining():
    with Server() as s:
        with s.connect() as c:
            body = json.dumps({"query": "{ __typename }"}).encode()
            c.send(head("POST", "/graphql", len(body), {"Content-Type": "application/json", "Expect": "100-continue"}))
            assert c.answer().status == 100
            s.process.send_signal(signal.SIGTERM)
            wait_for(lambda: not os.path.exists(s.socket), "the socket to go")
            c.send(body)
            a = c.answer()
            assert a.status == 200 and a.headers["connection"] == "close", a
            assert a.json()["data"]["__typename"] == "Query", a
        assert s.process.wait(DEADLINE) == 0


@test
def a_peer_that_never_finishes_cannot_hold_the_end_up():
    with Server() as s:
        with s.connect() as c:
            c.send(head("POST", "/graphql", 100, {"Content-Type": "application/json", "Expect": "100-continue"}))
            assert c.answer().status == 100
            assert s.terminate(seconds=20) == 0


@test
def embedded_ends_with_the_last_console():
    with tempfile.TemporaryDirectory() as directory:
        data = os.path.join(directory, "data")
        os.mkdir(data, 0o700)
        consoles = [open(os.path.join(data, "consoles"), "w") for _ in range(2)]
        for c in consoles:
            fcntl.flock(c, fcntl.LOCK_SH)
        with Server("--embedded", data=data) as s:
            consoles[0].close()
            assert s.request("GET", "/readyz").status == 200
            assert s.port == 0
            consoles[1].close()
            assert s.process.wait(DEADLINE) == 0


@test
def no_core_files_and_no_reading_by_others():
    with Server() as s:
        limits = open(f"/proc/{s.pid}/limits").read()
        assert re.search(r"Max core file size +0 +0", limits), limits
        assert os.stat(f"/proc/{s.pid}/mem").st_uid == 0  # not dumpable: /proc belongs to root


def switches(pid):
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        text = open(f"/proc/{pid}/task/{thread}/status").read()
        total += sum(int(n) for n in re.findall(r"ctxt_switches:\s+(\d+)", text))
    return total


@test
def idle_means_no_wake_ups():
    with Server() as s:
        wait_for(lambda: "ready:" in s.log(), "the start")
        settled = [switches(s.pid), time.monotonic()]

        def quiet_for_two_seconds():
            now = switches(s.pid)
            if now != settled[0]:
                settled[:] = [now, time.monotonic()]
            return time.monotonic() - settled[1] > 2
        wait_for(quiet_for_two_seconds, "two seconds without a context switch")


@test
def idle_private_memory_is_small():
    if "asan" in BUILD or "libasan" in subprocess.run(["ldd", PROGRAM], capture_output=True, text=True).stdout:
        raise Skip("the sanitizers need memory of their own")
    with Server(tcp=True) as s:
        s.graphql("{ __typename }")
        rollup = open(f"/proc/{s.pid}/smaps_rollup").read()
        private = int(re.search(r"Private_Dirty:\s+(\d+)", rollup).group(1))
        assert private <= 8192, f"{private} KiB"


main()
