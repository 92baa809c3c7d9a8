"""python3 tests/server/estate/run.py [--seed N] [--estate first|second|FILE] [--clean] [--verbose]: prints the figures of an estate.

A FILE is a Python module with services(r) and plants(r), as first.py has them.
"""

import argparse
import importlib
import importlib.util
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from harness import Server
from estate import engine, score


def load(name):
    if not name.endswith(".py"):
        return importlib.import_module("estate." + name)
    spec = importlib.util.spec_from_file_location("estate_file", name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measure(name, seed, dirty=True, others=0.05):
    """(rows of the score, the issues, how many records)."""
    estate = engine.build(load(name), seed, dirty, now=int(time.time()))
    with Server() as server:
        score.feed(server, estate)
        found = score.issues(server)
    return score.score(estate, found, others), found, len(estate.records)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--estate", default="first")
    p.add_argument("--others", type=float, default=0.05, help="share of the other services' records each proposal is tried on")
    p.add_argument("--clean", action="store_true")
    p.add_argument("--verbose", action="store_true")
    a = p.parse_args()
    start = time.monotonic()
    rows, found, count = measure(a.estate, a.seed, not a.clean, a.others)
    print(f"estate {a.estate}, seed {a.seed}{', clean' if a.clean else ''}: {count} records, {len(found)} issues, {time.monotonic() - start:.1f} s")
    print("\n".join([*score.table(rows), *score.notes(rows)]))
    for i in found if a.verbose else ():
        print("\n", i["displayID"], i["check"]["id"], i["service"]["name"], "-", i["title"], "\n ", i["summary"], *("\n  " + e["label"] + ": " + e["value"] for e in i["evidence"]))
        for x in i["logEventPolicyProposals"]:
            print("  " + x["text"].replace("\n", "\n  "))


if __name__ == "__main__":
    main()
