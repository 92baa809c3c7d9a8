"""What a key costs in a list: bytes to the terminal and calls of read and write, which no busy machine changes."""
import fcntl
import pty
import statistics
import struct
import termios

from harness import *

CONSOLE = os.path.join(BUILD, "tero-console")
WORDS = "amber birch cedar dune ember fjord grove heath inlet jetty karst ledge marsh north oasis prairie quarry ridge shoal tundra".split()
ROWS, COLUMNS = 24, 80


class Terminal:
    """The console on a terminal; every key is waited for until the console rests."""

    def __init__(self, server):
        self.rest, told = os.pipe()
        os.set_blocking(self.rest, False)
        home = os.path.join(server.data, "home")
        os.makedirs(home, exist_ok=True)
        env = {"HOME": home, "PATH": os.environ["PATH"], "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "TZ": "UTC",
               "TERO_DATA": server.data, "TERO_IDLE_FD": str(told)}
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.set_inheritable(told, True)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execve(CONSOLE, [CONSOLE, "--no-color"], env)
        os.close(told)
        os.set_blocking(self.fd, False)
        self.settle()

    def _read(self, fd):
        try:
            return os.read(fd, 65536)
        except (BlockingIOError, OSError):
            return b""

    def settle(self):
        """Bytes until the console rests."""
        text = bytearray()

        def rests():
            text.extend(self._read(self.fd))
            return self._read(self.rest)

        wait_for(rests, "the console rests")
        text.extend(self._read(self.fd))
        return bytes(text)

    def key(self, text):
        os.write(self.fd, text)
        return self.settle()

    def calls(self):
        with open(f"/proc/{self.pid}/io") as f:
            values = dict(line.split(": ") for line in f.read().splitlines())
        return int(values["syscr"]) + int(values["syscw"])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)
        os.close(self.fd)
        os.close(self.rest)


def fill(server):
    for service in range(20):
        bodies = [f"{a} {b} {WORDS[service]} {a}{b}" for a in WORDS[:10] for b in WORDS[10:16]]
        assert server.logs(otlp(f"service-{WORDS[service]}", bodies)).status == 200
    wait_for(lambda: server.graphql("{ logEvents(first: 1) { totalCount } }")["data"]["logEvents"]["totalCount"] > 200, "the events are there")


def cost(terminal, key, count):
    sizes, before = [], terminal.calls()
    for _ in range(count):
        sizes.append(len(terminal.key(key)))
    return statistics.median(sizes), (terminal.calls() - before) / count


@test
def keys_of_a_list_cost_what_they_did():
    with Server() as server:
        fill(server)
        with Terminal(server) as terminal:
            terminal.key(b"5")
            moved, move_calls = cost(terminal, b"j", ROWS // 2)
            cost(terminal, b"j", ROWS // 2)
            scrolled, scroll_calls = cost(terminal, b"j", 40)
            print(f"# a move: {moved} bytes, {move_calls:.1f} calls; a scroll: {scrolled} bytes, {scroll_calls:.1f} calls")
            assert 0 < moved <= 220 and 0 < scrolled <= 250, (moved, scrolled)
            assert move_calls <= 12 and scroll_calls <= 13, (move_calls, scroll_calls)


@test
def a_burst_costs_a_frame_or_two():
    with Server() as server:
        fill(server)
        with Terminal(server) as terminal:
            terminal.key(b"5")
            sent = len(terminal.key(b"j" * 100))
            print(f"# 100 keys in one write: {sent} bytes")
            assert 0 < sent <= 2 * ROWS * COLUMNS * 2, sent


main()
