package main

import (
	"bytes"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// longest is how many lines a Go file may have.
const longest = 600

// empty are package names that say nothing of what is inside.
var empty = map[string]bool{
	"util": true, "utils": true, "common": true, "types": true, "models": true, "pkg": true,
}

// inspectHouse checks the length and package name of each Go file below dir.
func inspectHouse(dir string) ([]breach, error) {
	var all []breach
	fset := token.NewFileSet()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != dir && (name == "testdata" || name == "vendor" || strings.HasPrefix(name, ".")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if lines := bytes.Count(src, []byte("\n")); lines > longest {
			at := token.Position{Filename: path, Offset: len(src), Line: lines, Column: 1}
			all = append(all, breach{at, fmt.Sprintf("%d lines; a file has at most %d", lines, longest)})
		}
		f, err := parser.ParseFile(fset, path, src, parser.PackageClauseOnly)
		if err != nil {
			return err
		}
		if empty[strings.TrimSuffix(f.Name.Name, "_test")] {
			all = append(all, breach{fset.Position(f.Name.Pos()), "package name " + f.Name.Name + " says nothing"})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look through the files: %w", err)
	}
	return all, nil
}
