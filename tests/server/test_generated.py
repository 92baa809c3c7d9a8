"""What is made from the programs' tables is in the repository as it would be made now; the completions complete."""
import os
import shutil
import subprocess
import tempfile

from harness import *

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def generated():
    to = tempfile.mkdtemp()
    subprocess.run(["sh", "packaging/generate.sh", to], cwd=TOP, check=True, env=dict(os.environ, BUILD=BUILD))
    return to


@test
def committed_files_are_up_to_date():
    to = generated()
    try:
        stale, count = [], 0
        for folder, _, names in os.walk(to):
            for name in names:
                made = os.path.join(folder, name)
                path = os.path.relpath(made, to)
                count += 1
                with open(made, "rb") as a, open(os.path.join(TOP, path), "rb") as b:
                    if a.read() != b.read():
                        stale.append(path)
        assert count >= 10, count
        assert not stale, "make docs: " + ", ".join(stale)
    finally:
        shutil.rmtree(to)


def complete(line, program="tero-console"):
    """What bash offers at the end of the line."""
    script = """
source packaging/completions/%s.bash
COMP_LINE=$1; COMP_POINT=${#1}
read -ra COMP_WORDS <<<"$1"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_%s
printf '%%s\\n' "${COMPREPLY[@]}"
""" % (program, program.replace("-", "_"))
    out = subprocess.run(["bash", "-c", script, "bash", line], cwd=TOP, check=True, capture_output=True, text=True)
    assert out.stderr == "", out.stderr
    return [w for w in out.stdout.split("\n") if w]


@test
def commands_and_options():
    assert complete("tero-console ev") == ["events"]
    assert "services" in complete("tero-console ") and "generate" in complete("tero-console ")
    assert complete("tero-console --read-w") == ["--read-write"]
    assert complete("tero-console events --col") == ["--columns"]
    assert "dark" in complete("tero-console --theme ") and "high-contrast" in complete("tero-console -t ")
    assert "json" in complete("tero-console events -o ")


@test
def columns_are_those_of_the_list():
    assert complete("tero-console services --sort vol") == ["volume"]
    assert "template" not in complete("tero-console services --columns ")
    assert "template" in complete("tero-console events --columns ")
    assert complete("tero-console events --columns name,cos") == ["name,cost"]


@test
def filters_and_values_behind_the_colon():
    assert complete("tero-console events sever") == ["severity:", "severity:debug", "severity:info", "severity:warn", "severity:error",
                                                     "severity:other"]
    assert complete("tero-console events severity:d") == ["debug"]
    assert complete("tero-console --limit 3 policies state:prop") == ["proposed"]


@test
def files():
    assert complete("tero-console --ca packaging/dep") == ["packaging/deps.sh"]
    assert complete("tero-control-plane ingest packaging/dep", "tero-control-plane") == ["packaging/deps.sh"]


@test
def control_plane():
    assert complete("tero-control-plane se", "tero-control-plane") == ["serve"]
    assert complete("tero-control-plane serve --thr", "tero-control-plane") == ["--threads"]


@test
def other_shells_read_them():
    for shell, name in (("zsh", "_tero-console"), ("fish", "tero-console.fish"), ("bash", "tero-console.bash")):
        if not shutil.which(shell):
            continue
        subprocess.run([shell, "-n", "packaging/completions/" + name], cwd=TOP, check=True)


@test
def manual_pages_are_clean():
    if not shutil.which("groff"):
        return
    for page in ("docs/man/tero-console.1", "docs/man/tero-control-plane.8"):
        out = subprocess.run(["groff", "-man", "-Tascii", "-P-c", "-P-b", "-P-u", "-ww", page], cwd=TOP, check=True, capture_output=True, text=True)
        assert out.stderr == "", out.stderr
        assert "tero-con" in out.stdout and "EXIT STATUS" in out.stdout, page


@test
def only_known_things_are_generated():
    for program in ("tero-console", "tero-control-plane"):
        out = subprocess.run([os.path.join(BUILD, program), "generate", "csh"], capture_output=True, text=True)
        assert out.returncode == 1 and "man, bash, zsh or fish" in out.stderr


main()
