"""A control plane behind a gate that can be told to misbehave; for screen scripts: `helper tests/screens/gate.py [DATA]`.

It starts tero-control-plane on a data directory of its own (or fills DATA), listens on a port of this machine, and writes a settings
file that makes the console use it. Told a line it changes how requests are treated, and says "done":

  up          they are passed on
  dead        nobody listens, open connections are closed
  hang        requests are taken and never answered
  reset       the connection is reset after the request
  busy N      503 with Retry-After: N
  half        half of the answer, then the connection is closed
  kill        the control plane itself is killed; start starts it again
  count       says how many requests came since the last count, instead of "done"
"""
import os
import socket
import struct
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "server"))
from harness import PROGRAM, Raw, Server, head  # noqa: E402


class Gate:
    def __init__(self, upstream):
        self.upstream, self.mode, self.argument, self.requests = upstream, "up", "", 0
        self.open = set()
        self.listener, self.port = None, 0
        self.listen()

    def listen(self):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.listener.listen(16)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.open.add(client)
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def close(self, client):
        self.open.discard(client)
        try:
            client.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        client.close()

    def request(self, client, rest):
        while b"\r\n\r\n" not in rest:
            more = client.recv(65536)
            if not more:
                return None, b""
            rest += more
        start, body = rest.split(b"\r\n\r\n", 1)
        lines = start.decode("latin-1").split("\r\n")
        headers = {k.strip().lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:])}
        length = int(headers.get("content-length", 0))
        while len(body) < length:
            body += client.recv(65536)
        return (lines[0].split(" ")[:2], headers, body[:length]), body[length:]

    def answer(self, request):
        (method, path), headers, body = request
        keep = {k: v for k, v in headers.items() if k in ("content-type", "accept", "x-request-id")}
        with Raw(self.upstream) as c:
            c.send(head(method, path, len(body), keep) + body)
            a = c.answer()
        lines = [f"HTTP/1.1 {a.status} X"] + [f"{k}: {v}" for k, v in a.headers.items() if k != "connection"]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + a.body

    def serve(self, client):
        rest = b""
        try:
            while True:
                request, rest = self.request(client, rest)
                if not request:
                    break
                self.requests += 1
                if not self.treat(client, request):
                    break
        except (OSError, ConnectionError, ValueError):
            pass
        self.close(client)

    def treat(self, client, request):
        mode = self.mode
        if mode == "up":
            client.sendall(self.answer(request))
            return True
        if mode == "busy":
            client.sendall(f"HTTP/1.1 503 Busy\r\nRetry-After: {self.argument}\r\nContent-Length: 0\r\n\r\n".encode())
            return True
        if mode == "hang":
            while client.recv(4096):
                pass
        if mode == "half":
            whole = self.answer(request)
            client.sendall(whole[: len(whole) - 20])
        if mode == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.open.discard(client)
            client.close()
        return False

    def tell(self, mode, argument=""):
        self.mode, self.argument = mode, argument
        if mode == "dead" and self.listener:
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None
        if mode != "up":
            for client in list(self.open):
                self.close(client)
        if mode != "dead" and not self.listener:
            self.listen()


def settings(port):
    path = os.path.join(os.environ["XDG_CONFIG_HOME"], "tero", "config.yaml")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(f"endpoint: http://127.0.0.1:{port}\n" + "".join(line + "\n" for line in sys.argv[1:]))
    os.chmod(path, 0o600)


def main():
    # Its own directory: the console's must not find this control plane by itself.
    with Server() as server:
        sample = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "gateway.log")
        subprocess.run([PROGRAM, "ingest", "--data", server.data, "--service", "gateway", sample],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        gate = Gate(server.socket)
        settings(gate.port)
        print("ready", flush=True)
        for line in sys.stdin:
            word, _, argument = line.strip().partition(" ")
            if word == "count":
                print(gate.requests, flush=True)
                gate.requests = 0
                continue
            if word == "kill":
                server.kill()
            elif word == "start":
                server.start()
            else:
                gate.tell(word, argument)
            print("done", flush=True)


if __name__ == "__main__":
    main()
