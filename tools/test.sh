#!/usr/bin/env bash
# Runs the tests of Go modules one after another, with one summary at the end.
#
#   tools/test.sh FOLDER...   folders of the modules, seen from the checkout
#
# The exit status is 0 only when every test of every module passed. With the race
# detector where a C compiler is, which it needs; says so where there is none.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# can_link says whether the race detector's C parts can be compiled here.
can_link() {
  local out
  out=$(mktemp) || return 1
  echo '#include <stdlib.h>
#include <pthread.h>
int main(void) { return 0; }' | "$(go env CC)" -x c - -o "$out" -pthread 2>/dev/null
  local status=$?
  rm -f "$out"
  return "$status"
}

# The inner call: prints what `go test -json` says of each module.
if [ "${1:-}" = --json ]; then
  shift
  status=0
  for module; do
    # The packages on a real Asterisk run one at a time: they measure pauses and
    # ring times, and each fills the machine with phones.
    flags=(-shuffle=on -timeout 12m)
    [ "$CGO_ENABLED" = 0 ] || flags+=(-race)
    [ "$module" != e2e ] || flags+=(-p 1)
    (cd "$module" && go test -json "${flags[@]}" ./...) || status=1
  done
  exit "$status"
fi

[ $# -gt 0 ] || { echo "usage: tools/test.sh FOLDER..." >&2; exit 2; }
export CGO_ENABLED=1
if ! can_link; then
  CGO_ENABLED=0
  echo "note: no C compiler, so the tests run without the race detector; for it, as root: apt-get install gcc libc6-dev" >&2
fi
exec go tool -modfile=tools/go.mod gotestsum --format pkgname-and-test-fails --hide-summary=skipped \
  --raw-command -- tools/test.sh --json "$@"
