#!/bin/sh
# Makes what is generated from the programs' tables, into the directory given, else into the repository. Nothing of the
# person who runs it gets in.
set -eu
build=${BUILD:-build}
to=${1:-.}
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME="$home" XDG_CONFIG_HOME="$home" XDG_STATE_HOME="$home" XDG_DATA_HOME="$home"
unset TERO_THEME TERO_PROFILE TERO_DATA TERO_API_ENDPOINT
mkdir -p "$to/docs/man" "$to/packaging/completions"

make_one() { # file command...
    file=$to/$1
    shift
    "$@" >"$file.new"
    mv "$file.new" "$file"
}

make_one docs/keys.md "$build/tero-console" keys --markdown
make_one docs/themes.md "$build/tero-console" themes --markdown
make_one docs/man/tero-console.1 "$build/tero-console" generate man
make_one docs/man/tero-control-plane.8 "$build/tero-control-plane" generate man
for program in tero-console tero-control-plane; do
    make_one "packaging/completions/$program.bash" "$build/$program" generate bash
    make_one "packaging/completions/_$program" "$build/$program" generate zsh
    make_one "packaging/completions/$program.fish" "$build/$program" generate fish
done
