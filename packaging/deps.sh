#!/bin/sh
# Sees to it that what the build and the tests need is there: by apt where there is apt, else it lists what is missing.
set -eu
packages="build-essential pkg-config libncurses-dev libcurl4-openssl-dev libjansson-dev libsodium-dev libreadline-dev
libre2-dev libyaml-dev libmicrohttpd-dev libsqlite3-dev libdeflate-dev zlib1g-dev libcmocka-dev libvterm-dev python3 ncurses-term"
[ "${TERO_DEPS:-}" = all ] && packages="$packages clang clang-tidy clang-format cppcheck libclang-rt-dev"
if command -v dpkg-query >/dev/null 2>&1; then
    missing=
    for package in $packages; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -z "$missing" ] && exit 0
    as=
    [ "$(id -u)" -eq 0 ] || as=sudo
    echo "installing:$missing"
    # shellcheck disable=SC2086
    $as env DEBIAN_FRONTEND=noninteractive sh -c "apt-get -qq update && apt-get -qq install -y --no-install-recommends $missing" >/dev/null && exit 0
    echo "could not install:$missing" >&2
    exit 1
fi
missing=
for tool in cc make pkg-config python3; do command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"; done
for library in ncursesw libcurl jansson libsodium readline libmicrohttpd sqlite3 libdeflate zlib re2 yaml-0.1 cmocka vterm; do
    pkg-config --exists "$library" 2>/dev/null || missing="$missing $library"
done
[ -z "$missing" ] && exit 0
echo "missing (install them with your package manager):$missing" >&2
exit 1
