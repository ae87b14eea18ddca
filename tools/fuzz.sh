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
      for target in $(grep -hso '^func Fuzz[A-Za-z0-9_]*' "$folder"/*_test.go | cut -d' ' -f2); do
        echo "$package $target"
        go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package"
      done
    done
  )
done
