"""A control plane that means harm; for screen scripts: `helper tests/screens/hostile.py`.

It answers whatever document the console sends, after the schema in control-plane/schema.graphql, with hostile values in every field, and
writes a settings file that makes the console use it. Told a word it changes what it answers, and says "done":

  strings     escape and control sequences, C1, bidirectional overrides, combining, wide, invisible characters, line breaks, emoji
  huge        strings of a megabyte, one in an answer
  raw         bytes that are no UTF-8, halves of surrogate pairs
  numbers     numbers without bounds: 1e308, -0, beyond 64 bits, below nothing
  null        null wherever, also where the schema forbids it
  wrong       values of another type than the field's
  many        lists of 100,000 texts or 5,000 objects where a few are meant
  errors      errors with hostile texts, beside the data
  refused     HTTP 500 with a hostile page
"""
import http.server
import itertools
import json
import os
import re
import socketserver
import sys
import threading

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "control-plane", "schema.graphql")
TOKEN = re.compile(r'"""(?:[^"]|"(?!""))*"""|"(?:[^"\\]|\\.)*"|\.\.\.|[A-Za-z_][A-Za-z_0-9]*|-?[0-9][0-9.eE+-]*|[{}()\[\]:!=|@$&]|#[^\n]*')

STRINGS = [
    "\x1b[31mred\x1b[0m", "\x1b]0;OWNED\x07title", "\x1b[2J\x1b[1;1Hcleared", "\x1bPq#0;2;0;0;0\x1b\\sixel", "\x1b#8", "\x1bc reset",
    "\x9b31m C1 \x9d0;OWNED\x9c", "bell\x07\x08\x08\x7f\x00nul", "\u202egnp.exe\u202c", "\u2066isolate\u2069", "two\nlines\r\nthree\tand a tab",
    "日本語のログイベント全角文字列", "e\u0301" * 20, "Z" + "\u0300\u0301\u0302\u0303" * 30, "zero\u200bwidth\u200d\ufeffjoin",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 family \U0001f3f4\U000e0067\U000e0062\U000e007f", "\ufffd\ufffe\uffff\ue000",
    "عربى مع english", "", " ", "   leading", "%s%n%x", "$(reboot)`id`", "'; DROP TABLE issues; --", "../../../etc/passwd", "-" * 200,
    "a\u0000b", "\u2028line\u2029paragraph", "\u00ad soft", "\ud83d\ude00" .encode("utf-16", "surrogatepass").decode("utf-16"), "ﷺ" * 10, "𒐫𒐫",
]
NUMBERS = [1e308, -1e308, -0.0, 0, -1, 1e-320, 2**31, 2**53 + 1, 2**63 - 1, 0.1, 12345678901234567]
BIG = ["1e400", "99999999999999999999999999", "-99999999999999999999999999", "1E-400"]


def tokens(text):
    return [t for t in TOKEN.findall(text) if not t.startswith("#")]


class Schema:
    """Objects and interfaces by name: field -> type text; enums by name: values."""

    def __init__(self, text):
        self.fields, self.enums, self.members, self.at, self.all = {}, {}, {}, 0, tokens(text)
        while self.at < len(self.all):
            word = self.next()
            if word in ("type", "interface"):
                self.object()
            elif word == "enum":
                name = self.next()
                self.skip_to("{")
                self.enums[name] = [t for t in self.block() if t[0] not in '"@']
            elif word == "union":
                name = self.next()
                self.skip_to("=")
                self.members[name] = self.next().strip("|") or self.next()
            elif word in ("input", "schema"):
                self.skip_to("{")
                self.block()

    def next(self):
        self.at += 1
        return self.all[self.at - 1]

    def peek(self):
        return self.all[self.at] if self.at < len(self.all) else ""

    def skip_to(self, what):
        while self.next() != what:
            pass

    def block(self):
        out, depth = [], 1
        while depth:
            t = self.next()
            depth += (t in "{") - (t in "}")
            out.append(t)
        return out[:-1]

    def type(self):
        text = self.next()
        if text == "[":
            text = "[" + self.type() + "]"
            self.next()
        if self.peek() == "!":
            self.next()
        return text

    def object(self):
        name = self.next()
        while self.peek() != "{":
            self.next()
        self.next()
        fields = self.fields.setdefault(name, {})
        while self.peek() != "}":
            field = self.next()
            if field[0] in '"':
                continue
            if field == "@":
                self.next()
                if self.peek() == "(":
                    self.parentheses()
                continue
            if self.peek() == "(":
                self.parentheses()
            if self.peek() == ":":
                self.next()
                fields[field] = self.type()
        self.next()

    def parentheses(self):
        depth = 0
        while True:
            t = self.next()
            depth += (t == "(") - (t == ")")
            if depth == 0:
                return


class Document:
    """The selections of the operation: a list of (answer key, field, selections)."""

    def __init__(self, text):
        self.all, self.at, self.fragments = tokens(text), 0, {}
        self.kind, self.root = "query", []
        while self.at < len(self.all):
            word = self.next()
            if word == "fragment":
                name = self.next()
                self.at += 2
                self.directives()
                self.next()
                self.fragments[name] = self.selections()
            elif word in ("query", "mutation", "subscription", "{"):
                self.kind = word if word != "{" else "query"
                while word != "{":
                    word = self.next()
                self.root = self.selections()

    def next(self):
        self.at += 1
        return self.all[self.at - 1]

    def peek(self):
        return self.all[self.at]

    def parentheses(self):
        depth = 0
        while True:
            t = self.next()
            depth += (t == "(") - (t == ")")
            if depth == 0:
                return

    def directives(self):
        while self.peek() == "@":
            self.at += 2
            if self.peek() == "(":
                self.parentheses()

    def selections(self):
        out = []
        while self.peek() != "}":
            key = self.next()
            if key == "...":
                self.spread(out)
                continue
            field = key
            if self.peek() == ":":
                self.next()
                field = self.next()
            if self.peek() == "(":
                self.parentheses()
            self.directives()
            inner = None
            if self.peek() == "{":
                self.next()
                inner = self.selections()
            out.append((key, field, inner))
        self.next()
        return out

    def spread(self, out):
        if self.peek() == "on":
            self.at += 2
        elif self.peek() not in ("@", "{"):
            out.append(("...", self.next(), None))
            return
        self.directives()
        self.next()
        out.extend(self.selections())


class Answers:
    def __init__(self, schema):
        self.schema, self.mode = schema, "strings"
        self.turn = itertools.count()

    def answer(self, text):
        self.document = Document(text)
        self.long_spent = False
        root = {"query": "Query", "mutation": "Mutation"}.get(self.document.kind, "Subscription")
        body = {"data": self.object(root, self.document.root)}
        if self.mode == "errors":
            body["errors"] = [{"message": s, "path": ["x", s], "extensions": {"code": s}} for s in STRINGS[next(self.turn) % 4:][:5]]
        out = json.dumps(body).encode()
        out = re.sub(rb'"@big(\d)"', lambda m: BIG[int(m.group(1))].encode(), out)
        if self.mode == "raw":
            out = out.replace(b"@bytes", b"\xff\xfe\xc0\xaf\xed\xa0\x80\x80").replace(b"@half", rb"\ud800 half \udc00\ud800")
        return out

    def object(self, name, selections):
        name = self.schema.members.get(name, name)
        out = {}
        for key, field, inner in selections:
            if key == "...":
                out.update(self.object(name, self.document.fragments[field]))
            elif field == "__typename":
                out[key] = name
            else:
                out[key] = self.value(self.schema.fields.get(name, {}).get(field, "String"), field, inner)
        return out

    def value(self, kind, field, inner):
        turn = next(self.turn)
        if self.mode == "null" and turn % 3 == 0:
            return None
        if self.mode == "wrong" and turn % 3 == 0:
            return [7, "text", {"a": 1}, [[], {}], True, None][turn // 3 % 6]
        if kind.startswith("["):
            return [self.value(kind[1:-1], field, inner) for _ in range(self.length(field, inner))]
        if inner is not None:
            return self.object(kind, inner)
        if kind in self.schema.enums:
            values = self.schema.enums[kind]
            return self.text(turn) if self.mode == "strings" and turn % 5 == 0 else values[turn % len(values)]
        if kind == "Boolean":
            return turn % 2 == 0
        if kind in ("Int", "Float", "Long", "BigInt", "Int64"):
            return self.number(turn, field)
        if kind in ("Time", "DateTime", "Timestamp") and turn % 2:
            return "2036-05-05T10:12:05Z"
        return self.text(turn)

    def length(self, field, inner):
        if self.mode == "many" and not self.long_spent and field != "edges":
            self.long_spent = True
            return 100000 if inner is None else 5000
        return 30 if field in ("edges", "nodes") else 3 if inner else 40

    def number(self, turn, field):
        if field == "totalCount" and self.mode != "numbers":
            return 30
        if self.mode != "numbers":
            return turn % 1000
        return f"@big{turn // 7 % 4}" if turn % 7 == 0 else NUMBERS[turn % len(NUMBERS)]

    def text(self, turn):
        if self.mode == "huge" and not self.long_spent and turn % 11 == 0:
            self.long_spent = True
            return "1 MB \x1b[31m日本 " * 60000
        if self.mode == "raw" and turn % 2 == 0:
            return "bytes @bytes end" if turn % 4 else "@half"
        if self.mode in ("numbers", "many", "null"):
            return f"text {turn}"
        return f"{STRINGS[turn % len(STRINGS)]} {turn}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answers = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, out = 200, b""
        if self.answers.mode == "refused":
            status, out = 500, b"<html>\x1b]0;OWNED\x07\x9b2J \xe2\x80\xae refused"
        else:
            out = self.answers.answer(json.loads(body)["query"])
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Listener(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main():
    Handler.answers = Answers(Schema(open(SCHEMA).read()))
    server = Listener(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    path = os.path.join(os.environ["XDG_CONFIG_HOME"], "tero", "config.yaml")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(f"endpoint: http://127.0.0.1:{server.server_port}\n")
    os.chmod(path, 0o600)
    print("ready", flush=True)
    for line in sys.stdin:
        Handler.answers.mode = line.strip()
        print("done", flush=True)


if __name__ == "__main__":
    main()
