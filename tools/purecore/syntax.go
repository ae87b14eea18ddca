package main

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strconv"
)

// inspectFile checks what a file of an engine does.
func inspectFile(fset *token.FileSet, f *ast.File) []breach {
	var all []breach
	note := func(at token.Pos, what string) {
		all = append(all, breach{fset.Position(at), what})
	}
	names := imported(f, note)
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			note(n.Pos(), "a goroutine is started; the owner of an engine has the only one")
		case *ast.ChanType:
			note(n.Pos(), "a channel; an engine gives out values")
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Obj == nil {
				if what := impure(names[x.Name], n.Sel.Name); what != "" {
					note(n.Pos(), what)
				}
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && f.Obj == nil {
				switch f.Name {
				case "panic":
					note(n.Pos(), "a panic; return an error")
				case "print", "println":
					note(n.Pos(), f.Name+" writes to the terminal")
				}
			}
		}
		return true
	})
	return all
}

var version = regexp.MustCompile(`^v[0-9]+$`)

// imported gives the path of each import by the name that the file uses.
func imported(f *ast.File, note func(token.Pos, string)) map[string]string {
	names := map[string]string{}
	for _, spec := range f.Imports {
		full, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has accepted it, so this does not happen
		}
		name := path.Base(full)
		if version.MatchString(name) {
			name = path.Base(path.Dir(full))
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name == "." {
			note(spec.Pos(), "import of "+full+" without a name hides what is used of it")
		}
		names[name] = full
	}
	return names
}
