package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// code is the syntax of one package, without its tests.
type code struct{ files []*ast.File }

func source(t *testing.T, folder string) code {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no Go files in %s: %v", folder, err)
	}
	var c code
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		c.files = append(c.files, file)
	}
	return c
}

func (c code) inspect(visit func(ast.Node)) {
	for _, file := range c.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if n != nil {
				visit(n)
			}
			return true
		})
	}
}

// text gives the value of a string literal, "" for anything else.
func text(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	value, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return value
}

// matching lists the string literals that fit a pattern, sorted, each once.
func (c code) matching(pattern string) []string {
	re := regexp.MustCompile(pattern)
	var found []string
	c.inspect(func(n ast.Node) {
		if lit, ok := n.(*ast.BasicLit); ok && re.MatchString(text(lit)) {
			found = union(found, []string{text(lit)})
		}
	})
	return found
}

// constants gives the string constants of the package by name.
func (c code) constants() map[string]string {
	found := map[string]string{}
	c.inspect(func(n ast.Node) {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return
		}
		for i, name := range spec.Names {
			if i < len(spec.Values) {
				if value := text(spec.Values[i]); value != "" {
					found[name.Name] = value
				}
			}
		}
	})
	return found
}

// strings lists the strings in the value of a package variable: literals, and
// constants by their value.
func (c code) strings(variable string) []string {
	constants := c.constants()
	var found []string
	c.inspect(func(n ast.Node) {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Names[0].Name != variable || len(spec.Values) == 0 {
			return
		}
		ast.Inspect(spec.Values[0], func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				found = append(found, text(n))
			case *ast.Ident:
				if value, ok := constants[n.Name]; ok {
					found = append(found, value)
				}
			}
			return true
		})
	})
	return found
}

// table reads a table of states: "from --> to" with the steps. States and steps
// are constants, of this package or of others.
func (c code) table(variable string, others ...code) map[string][]string {
	constants := c.constants()
	for _, other := range others {
		maps.Copy(constants, other.constants())
	}
	name := func(e ast.Expr) string {
		switch e := e.(type) {
		case *ast.Ident:
			return constants[e.Name]
		case *ast.SelectorExpr:
			return constants[e.Sel.Name]
		}
		return ""
	}
	found := map[string][]string{}
	c.inspect(func(n ast.Node) {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Names[0].Name != variable || len(spec.Values) == 0 {
			return
		}
		for _, from := range elements(spec.Values[0]) {
			for _, step := range elements(from.Value) {
				arrow := name(from.Key) + " --> " + name(step.Value)
				found[arrow] = union(found[arrow], []string{name(step.Key)})
			}
		}
	})
	return found
}

func elements(e ast.Expr) []*ast.KeyValueExpr {
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return nil
	}
	var found []*ast.KeyValueExpr
	for _, element := range lit.Elts {
		if kv, ok := element.(*ast.KeyValueExpr); ok {
			found = append(found, kv)
		}
	}
	return found
}

func union(a, b []string) []string {
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return slices.Compact(all)
}

func codeWords(s string) []string {
	var words []string
	for _, m := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(s, -1) {
		words = append(words, m[1])
	}
	return words
}
