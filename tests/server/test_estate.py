"""Problems planted into synthetic estates: each becomes one issue whose proposal removes what it promises, on the same records.

Two estates (tests/server/estate): first.py, against which the checks were mended, and second.py, which has other software
and other words. `make bench-estate` prints every figure and every miss.
"""

from harness import *
from estate import score
from estate.run import measure


def judged(name, seed, issues_found, units_removed, wrong):
    rows, found, count = measure(name, seed, others=0)
    lines = [f"estate {name}: {count} records, {len(found)} issues", *score.table(rows), *score.notes(rows)]
    print("\n".join("# " + line for line in lines))
    planted, right, false = (sum(getattr(r, k) for r in rows.values()) for k in ("planted", "found", "false"))
    units = score.Units()
    for r in rows.values():
        units.add(r.units)
    assert false == 0, lines
    assert right >= issues_found * planted, lines
    assert units.precision >= 1 - wrong and units.recall >= units_removed, lines


@test
def planted_problems_become_one_issue_each_and_proposals_remove_just_them():
    judged("first", 1, issues_found=0.95, units_removed=0.95, wrong=0.001)


@test
def so_they_do_with_other_software_and_other_words():
    judged("second", 77, issues_found=0.90, units_removed=0.95, wrong=0.001)


@test
def clean_estates_have_no_issue():
    for name in ("first", "second"):
        for seed in (3, 4):
            found = measure(name, seed, dirty=False)[1]
            assert not found, [(i["check"]["id"], i["service"]["name"]) for i in found]


@test
def each_check_and_threshold_is_in_the_documentation():
    with open(os.path.join(ROOT, "docs/checks.md")) as f:
        text = f.read()
    with Server() as s:
        checks = s.graphql("{ checks(first: 100) { edges { node { id description available thresholds { name default meaning } } } } }")["data"]["checks"]
    for c in (e["node"] for e in checks["edges"]):
        part = text[text.index(f"`{c['id']}`"):].split("\n## ")[0]
        assert c["description"] in part, c
        for t in c["thresholds"] if c["available"] else ():
            assert f"| `{t['name']}` | {t['default']:g} | {t['meaning']} |" in part, (c["id"], t)


main()
