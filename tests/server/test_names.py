"""The contract keeps the names and types that it shares with Tero's public API (tests/graphql/shared-names.txt)."""

import os

from harness import *

TYPE = "kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } }"
ASK = "{ __schema { types { kind name enumValues { name } fields { name type { " + TYPE + " } args { name defaultValue type { " + TYPE + \
      " } } } inputFields { name defaultValue type { " + TYPE + " } } } } }"


def written(type_):
    if type_["kind"] == "NON_NULL":
        return written(type_["ofType"]) + "!"
    return f"[{written(type_['ofType'])}]" if type_["kind"] == "LIST" else type_["name"]


def value(field):
    default = field.get("defaultValue")
    if default is None:
        return ""
    return f" = {default}" if default[0] in '"0123456789-tfn[{' else f' = "{default}"'


def names(types):
    for t in types:
        for v in t["enumValues"] or []:
            yield f"{t['name']}.{v['name']}"
        for f in (t["fields"] or []) + (t["inputFields"] or []):
            yield f"{t['name']}.{f['name']}: {written(f['type'])}{value(f)}"
            for a in f.get("args", []):
                yield f"{t['name']}.{f['name']}({a['name']}): {written(a['type'])}{value(a)}"


@test
def every_shared_name_is_offered_with_its_type():
    with open(os.path.join(os.path.dirname(__file__), "../graphql/shared-names.txt")) as f:
        wanted = f.read().split("\n")[:-1]
    with Server() as s:
        a = s.graphql(ASK)
        assert "errors" not in a, a
        have = set(names(a["data"]["__schema"]["types"]))
        missing = [line for line in wanted if line not in have]
        assert len(wanted) > 1500 and not missing, missing[:20]


main()
