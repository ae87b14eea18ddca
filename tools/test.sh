#!/usr/bin/env bash
# Runs the tests of Go modules, with one summary at the end.
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

# The inner call: prints what `go test -json` says of each module. The checks vet
# what is tested.
if [ "${1:-}" = --json ]; then
  shift
  status=0
  flags=(-json -shuffle=on -vet=off -timeout 12m)
  raced=("${flags[@]}")
  # What C became in Go is not ours, and five times as slow when it is watched.
  [ "$CGO_ENABLED" = 0 ] || raced+=(-race '-gcflags=modernc.org/...=-race=false')
  for module; do
    cd "$module"
    case $module in
    .)
      # Pure packages, words, marks and documents start no goroutine, so there is nothing to
      # watch; those who use them in goroutines are watched. Some packages wait
      # most of their time, so there are more at once than processors.
      mapfile -t pure < <(cd tools && go run ./purecore -list)
      pure=("${pure[@]/#/./}" ./prompts ./prompts/marks ./docs)
      mapfile -t others < <(go list ./... | grep -vxF -f <(go list "${pure[@]}"))
      nice go test "${flags[@]}" -p 3 "${pure[@]}" || status=1
      nice go test "${raced[@]}" -p 3 "${others[@]}" || status=1
      ;;
    e2e) # each of its packages fills the machine with phones
      go test "${raced[@]}" -p 1 ./... || status=1
      ;;
    *) go test "${raced[@]}" ./... || status=1 ;;
    esac
    cd "$OLDPWD"
  done
  exit "$status"
fi

[ $# -gt 0 ] || { echo "usage: tools/test.sh FOLDER..." >&2; exit 2; }
export CGO_ENABLED=1
if ! can_link; then
  CGO_ENABLED=0
  echo "note: no C compiler, so the tests run without the race detector; for it, as root: apt-get install gcc libc6-dev" >&2
fi
# Tests on a real Asterisk wait most of their time: the others run beside them, and
# leave them the processor when they want it.
calls=() beside=()
for module; do
  if [ "$module" = e2e ]; then beside=("tools/test.sh --json e2e"); else calls+=("$module"); fi
done
[ ${#calls[@]} = 0 ] || beside+=("tools/test.sh --json ${calls[*]}")
(cd tools && go build -o ../bin/beside ./beside)
exec go tool -modfile=tools/go.mod gotestsum --format pkgname-and-test-fails --hide-summary=skipped \
  --raw-command -- bin/beside "${beside[@]}"
