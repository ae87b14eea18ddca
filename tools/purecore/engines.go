package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// listed is what is needed of `go list -json`.
type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	CgoFiles   []string
	Imports    []string
	Module     *struct{ Main bool }
}

// list gives the engines and every package of our own that they reach.
func list(dir string) ([]listed, error) {
	args := []string{"list", "-deps", "-json=ImportPath,Dir,GoFiles,CgoFiles,Imports,Module"}
	for _, engine := range engines {
		if _, err := os.Stat(filepath.Join(dir, engine)); errors.Is(err, fs.ErrNotExist) && strings.Contains(engine, "/") {
			continue // a checkout may have less in an engine
		}
		args = append(args, "./"+engine)
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
		}
		return nil, fmt.Errorf("list the engines: %w", err)
	}
	var own []listed
	for in := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := in.Decode(&p); errors.Is(err, io.EOF) {
			return own, nil
		} else if err != nil {
			return nil, fmt.Errorf("read what go list says: %w", err)
		}
		if p.Module != nil && p.Module.Main {
			own = append(own, p)
		}
	}
}

// inspectEngines checks the engines, and the imports of what they import of our
// own: an engine that gets at a socket through a neighbour is not pure either.
func inspectEngines(dir string) ([]breach, error) {
	packages, err := list(dir)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	var all []breach
	for _, p := range packages {
		rel, err := filepath.Rel(dir, p.Dir)
		if err != nil {
			return nil, fmt.Errorf("place package %s: %w", p.ImportPath, err)
		}
		for _, name := range slices.Concat(p.GoFiles, p.CgoFiles) {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				return nil, fmt.Errorf("parse an engine: %w", err)
			}
			for _, spec := range f.Imports {
				path, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					return nil, fmt.Errorf("read an import of %s: %w", name, err)
				}
				if why := forbidden(path, p.ImportPath); why != "" {
					if !slices.Contains(engines, rel) {
						why += "; an engine imports this package"
					}
					all = append(all, breach{fset.Position(spec.Pos()), why})
				}
			}
			if slices.Contains(engines, rel) {
				all = append(all, inspectFile(fset, f)...)
			}
		}
	}
	return all, nil
}
