#!/usr/bin/env bash
# Fuzzes every fuzz target of the project, one after another.
#
#   tools/fuzz.sh [TIME]   how long each, as a Go duration; 10s by default
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
time=${1:-10s}

for module in . e2e; do
  (
    cd "$module"
    for package in $(go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./...); do
      folder=$(go list -f '{{.Dir}}' "$package")
      mapfile -t targets < <(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' "$folder"/*_test.go)
      for target in "${targets[@]}"; do
        echo "$package $target"
        go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package"
      done
    done
  )
done
