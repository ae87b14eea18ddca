#!/usr/bin/env bash
# Checks what the build needs before anything is started, and says for each
# missing thing, in one line, what to install. Exits 1 when something is missing.
# What Asterisk itself needs is checked by asterisk.sh, only when it must unpack.
set -euo pipefail

go_needed="1.26"
missing=0

need() { # need COMMAND REMEDY
  command -v "$1" >/dev/null 2>&1 && return 0
  echo "missing: $1 - $2" >&2
  missing=1
}

need git "install it as root: apt-get install git"
need make "install it as root: apt-get install make"
need go "install Go $go_needed or newer and put it on PATH: see go.dev/doc/install"

if command -v go >/dev/null 2>&1; then
  # GOTOOLCHAIN=local asks the installed Go itself; since 1.21 it can fetch the
  # newer toolchain that go.mod names, unless the user forbade that.
  version=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null || true)
  version=${version#go}
  oldest=$go_needed
  [ "$(go env GOTOOLCHAIN 2>/dev/null || true)" = local ] || oldest="1.21"
  if [ "$(printf '%s\n%s\n' "$oldest" "${version:-0}" | sort -V | head -n 1)" != "$oldest" ]; then
    echo "missing: go $go_needed or newer (found ${version:-an unknown version}) - see go.dev/doc/install" >&2
    missing=1
  fi
fi

exit "$missing"
