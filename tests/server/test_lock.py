"""Sealed tokens and the idle lock of tero-console on a terminal: what opens them, what does not, what is left in memory and what is sent."""
import fcntl
import http.server
import pty
import select
import struct
import termios

from harness import *

CONSOLE = os.path.join(BUILD, "tero-console")
TOKEN = "tok-PlantedSecret-7391846205"
RIGHT = "correct horse battery"


class Recorder:
    """A control plane that answers nothing and keeps who asked."""

    def __init__(self):
        self.seen = []
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                recorder.seen.append(self.headers.get("Authorization"))
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "11")
                self.end_headers()
                self.wfile.write(b'{"data":{}}')

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                pass  # the console locked: connections are closed at once

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Home:
    """A home with the profile prod of the recorder."""

    def __init__(self, server, settings=""):
        self.directory = tempfile.mkdtemp()
        os.makedirs(os.path.join(self.directory, ".config/tero"))
        with open(os.path.join(self.directory, ".config/tero/config.yaml"), "w") as f:
            f.write(settings + f"profiles: {{prod: {{endpoint: '{server.url}'}}, other: {{endpoint: '{server.url}'}}}}\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.directory)

    def path(self, name):
        return os.path.join(self.directory, ".local/share/tero", name)

    def environment(self, more=None):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("TERO_", "XDG_")) and k != "SSH_AUTH_SOCK"}
        env.update({"HOME": self.directory, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "TERO_DATA": self.directory + "/data"}, **(more or {}))
        return env

    def run(self, *arguments, text="", env=None):
        """Without a terminal: (exit code, stdout, stderr)."""
        p = subprocess.run([CONSOLE, *arguments], input=text.encode(), capture_output=True, timeout=DEADLINE, env=self.environment(env),
                           start_new_session=True)
        return p.returncode, p.stdout.decode(), p.stderr.decode()

    def seal(self, profile="prod", token=TOKEN):
        code, out, err = self.run("token", "set", "-p", profile, text=f"{token}\n{RIGHT}\n")
        assert code == 0 and token not in out + err, (code, out, err)

    def set_lock(self, *more, env=None):
        code, out, err = self.run("lock", "set", *more, text=RIGHT + "\n", env=env)
        assert code == 0 and RIGHT not in out + err, (code, out, err)


class Console:
    """tero-console on a terminal of its own."""

    def __init__(self, home, *arguments, env=None):
        self.text, self.status = "", None
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execve(CONSOLE, [CONSOLE, *arguments], home.environment(env))
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.terminal)

    def listen(self):
        if select.select([self.terminal], [], [], 0.01)[0]:
            try:
                self.text += os.read(self.terminal, 65536).decode(errors="replace")
            except OSError:
                pass
        return self.text

    def wait(self, text):
        try:
            wait_for(lambda: text in self.listen(), f"{text!r} on the terminal")
        except AssertionError as e:
            raise AssertionError(f"{e}: {self.text!r}")
        self.text = ""

    def keys(self, keys):
        self.text = ""
        os.write(self.terminal, keys.encode())

    def lock(self):
        self.keys("\x0b")
        self.wait("locked since")

    def running(self):
        with open(f"/proc/{self.pid}/stat") as f:
            return f.read().rsplit(")", 1)[1].split()[0] in "SRD"

    def end(self):
        def ended():
            self.listen()
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = status if pid else None
            return pid

        wait_for(ended, "the end of the console")
        return self.status


def may_look_for(environment):
    """Whether the console's memory can be searched for what came this way; the sanitizers' runtime keeps a copy of the environment."""
    with open(CONSOLE, "rb") as f:
        return os.geteuid() == 0 and not (environment and b"__asan_init" in f.read())


def memory_holds(pid, texts):
    """Which of the texts stand in writable memory, in one piece."""
    found = set()
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            area, mode = line.split()[:2]
            start, end = (int(x, 16) for x in area.split("-"))
            if mode[:2] != "rw" or end - start > 1 << 30:
                continue
            try:
                memory.seek(start)
                data = memory.read(end - start)
            except OSError:
                continue
            found |= {t for t in texts if t.encode() in data}
    return found


@test
def a_sealed_token_opens_with_its_passphrase():
    with Recorder() as server, Home(server) as home:
        home.seal()
        path = home.path("tokens/prod")
        assert os.stat(path).st_mode & 0o777 == 0o600 and os.stat(home.path("tokens")).st_mode & 0o777 == 0o700
        with open(path) as f:
            assert TOKEN not in f.read()
        assert server.url in home.run("token", "list")[1]
        with Console(home, "status", "-p", "prod") as c:
            c.wait("Passphrase for the token of prod: ")
            c.keys("wrong one\n")
            c.wait("Wrong passphrase, or the file was changed.\r\nPassphrase for the token of prod: ")
            assert server.seen == []
            c.keys(RIGHT + "\n")
            c.end()
            assert RIGHT not in c.text
        assert set(server.seen) == {"Bearer " + TOKEN}, server.seen
        with Console(home, "token", "fingerprint", "-p", "prod") as c:
            c.wait("Passphrase")
            c.keys(RIGHT + "\n")
            c.end()
            assert "SHA256:" in c.text and TOKEN not in c.text, c.text


@test
def a_file_is_of_its_profile_and_endpoint():
    with Recorder() as server, Home(server) as home:
        home.seal()
        shutil.copy(home.path("tokens/prod"), home.path("tokens/other"))
        code, out, err = home.run("status", "-p", "other")
        assert code == 1 and "is the one of prod" in err and err.count("\n") == 1, err
        with open(home.path("tokens/prod")) as f:
            text = f.read()
        with open(home.path("tokens/other"), "w") as f:
            f.write(text.replace("profile: prod", "profile: other"))
        with Console(home, "status", "-p", "other") as c:
            c.wait("Passphrase for the token of other: ")
            c.keys(RIGHT + "\n")
            c.wait("Wrong passphrase, or the file was changed")
        with open(home.path("tokens/prod"), "w") as f:
            f.write(text.replace(server.url, "http://127.0.0.1:1"))
        code, out, err = home.run("status", "-p", "prod")
        assert code == 1 and "is for http://127.0.0.1:1, not for" in err, err
        with open(home.path("tokens/prod"), "w") as f:
            f.write(text[:100])
        assert "damaged" in home.run("status", "-p", "prod")[2]
        os.chmod(home.path("tokens/prod"), 0o644)
        assert "others may read" in home.run("status", "-p", "prod")[2]
        assert server.seen == []
        assert home.run("token", "remove", "-p", "prod")[0] == 0 and not os.path.exists(home.path("tokens/prod"))
        assert home.run("token", "remove", "-p", "prod")[0] == 1


@test
def without_a_terminal_only_the_environment_opens():
    with Recorder() as server, Home(server) as home:
        home.seal()
        code, out, err = home.run("status", "-p", "prod")
        assert code == 1 and "no terminal to ask on" in err and "TERO_API_TOKEN" in err and err.count("\n") == 1, err
        assert server.seen == []
        home.run("status", "-p", "prod", env={"TERO_API_TOKEN": "of-environment"})
        assert set(server.seen) == {"Bearer of-environment"}
        for text, why in ((f"two words\n{RIGHT}\n", "one line of ASCII"), ("", "no line"), (f"{TOKEN}\nshort\n", "at least 8")):
            code, out, err = home.run("token", "set", "-p", "other", text=text)
            assert code == 1 and why in err and err.count("\n") == 1 and "two words" not in err, err
        assert not os.path.exists(home.path("tokens/other"))
        assert "embedded" in home.run("token", "set", text=f"{TOKEN}\n{RIGHT}\n")[2]


def locked_is_silent(home, server, *arguments, env=None, ask=False):
    with Console(home, *arguments, env=env) as c:
        if ask:
            c.wait("Passphrase for the token")
            c.keys(RIGHT + "\n")
        wait_for(lambda: c.listen() and server.seen, "a request")
        c.wait("Tero")
        may_look = may_look_for(env)
        assert not may_look or memory_holds(c.pid, [TOKEN]) == {TOKEN}, "the search sees what is there"
        c.lock()
        assert not may_look or memory_holds(c.pid, [TOKEN, RIGHT]) == set()
        before = len(server.seen)
        c.keys("r4R:events\x03\x03\x1a\t")
        fcntl.ioctl(c.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 90, 0, 0))
        c.wait("locked since")
        c.keys("y")
        c.wait("***")
        assert c.running() and len(server.seen) == before, server.seen
        c.keys("\x15wrong one\r")
        c.wait("wrong passphrase")
        c.wait("try again")
        c.keys(RIGHT + "\r")
        c.wait("unlocked")
        c.keys("r")
        wait_for(lambda: c.listen() and len(server.seen) > before, "a request after unlocking")
        assert set(server.seen) == {"Bearer " + TOKEN}, server.seen
        c.lock()
        assert not may_look or memory_holds(c.pid, [TOKEN, RIGHT]) == set()
        os.kill(c.pid, signal.SIGTERM)
        assert c.end() == 0
        assert "\x1b[?1049l" in c.text


@test
def locked_it_sends_nothing_and_holds_no_token():
    with Recorder() as server, Home(server) as home:
        home.seal()
        locked_is_silent(home, server, "-p", "prod", ask=True)


@test
def a_token_of_the_environment_is_put_away_as_well():
    with Recorder() as server, Home(server) as home:
        home.set_lock()
        locked_is_silent(home, server, "-p", "prod", env={"TERO_API_TOKEN": TOKEN})


@test
def it_locks_by_itself():
    with Recorder() as server, Home(server, "lock: {after: 1s}\n") as home:
        home.set_lock()
        with Console(home, env={"TERO_API_TOKEN": TOKEN, "TERO_API_ENDPOINT": server.url}) as c:
            c.wait("locked since")
            os.kill(c.pid, signal.SIGHUP)
            assert c.end() == 0


@test
def what_cannot_be_unlocked_is_not_locked():
    with Recorder() as server, Home(server, "lock: {after: 1s}\n") as home:
        with Console(home, "-p", "prod") as c:
            c.wait("lock.after has no effect: set a passphrase first: tero-console lock set")
            c.keys("\x0b")
            c.wait("not locked")
        assert "no lock passphrase" in home.run("lock", "show")[1]
        assert home.run("lock", "remove")[0] == 1
        home.set_lock()
        assert os.stat(home.path("console-lock")).st_mode & 0o777 == 0o600
        assert "is set" in home.run("lock", "show")[1]
        os.chmod(home.path("console-lock"), 0o640)
        with Console(home, "-p", "prod") as c:
            c.wait("others may read")


@test
def wrong_passphrases_make_it_wait():
    with Recorder() as server, Home(server) as home:
        home.set_lock()
        with Console(home, "-p", "prod") as c:
            c.wait("Tero")
            c.lock()
            for _ in range(2):
                c.keys("nothing like it\r")
                c.wait("wrong passphrase")
                c.keys("too early\r")  # dropped: no try
                c.wait("try again")
            c.keys(RIGHT + "\r")
            c.wait("unlocked")


class Agent:
    def __init__(self, directory):
        self.socket, key = os.path.join(directory, "agent"), os.path.join(directory, "key")
        if not all(shutil.which(p) for p in ("ssh-agent", "ssh-add", "ssh-keygen")):
            raise Skip("no ssh-agent here")
        self.process = subprocess.Popen(["ssh-agent", "-D", "-a", self.socket], stdout=subprocess.DEVNULL)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        self.fingerprint = subprocess.run(["ssh-keygen", "-lf", key], check=True, capture_output=True, text=True).stdout.split()[1]
        wait_for(lambda: os.path.exists(self.socket), "the agent")
        subprocess.run(["ssh-add", "-q", key], check=True, env={**os.environ, "SSH_AUTH_SOCK": self.socket}, stderr=subprocess.DEVNULL)
        self.env = {"SSH_AUTH_SOCK": self.socket}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


@test
def a_key_of_the_ssh_agent_unlocks():
    with Recorder() as server, Home(server) as home, Agent(home.directory) as agent:
        code, out, err = home.run("lock", "set", "--agent", "SHA256:nosuch", text=RIGHT + "\n", env=agent.env)
        assert code == 1 and "no Ed25519 key of this fingerprint" in err, err
        home.set_lock("--agent", agent.fingerprint, env=agent.env)
        assert agent.fingerprint in home.run("lock", "show")[1]
        with Console(home, "-p", "prod", env={"TERO_API_TOKEN": TOKEN, **agent.env}) as c:
            wait_for(lambda: c.listen() and server.seen, "a request")
            c.wait("Tero")
            c.lock()
            assert not may_look_for(True) or memory_holds(c.pid, [TOKEN]) == set()
            c.keys("\r")
            c.wait("unlocked")
            before = len(server.seen)
            c.keys("r")
            wait_for(lambda: c.listen() and len(server.seen) > before, "a request")
            assert set(server.seen) == {"Bearer " + TOKEN}
            c.lock()
            agent.process.kill()
            agent.process.wait()
            c.keys("\r")
            c.wait("the ssh-agent does not answer")
            c.keys(RIGHT + "\r")
            c.wait("unlocked")


main()
