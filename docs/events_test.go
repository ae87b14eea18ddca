package docs_test

import (
	"go/ast"
	"strings"
)

// events finds the journal entries that a package writes, with the keys of
// their Data: calls of note, notePlace and event with a literal type, callback's
// Note constants, and literals that have a Type beside a Data.
func (c code) events() map[string][]string {
	found := map[string][]string{}
	constants := c.constants()
	for name, value := range constants {
		if strings.HasPrefix(name, "Note") {
			found[value] = nil
		}
	}
	for _, file := range c.files {
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			ast.Inspect(f.Body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					if event, data := noteOf(n, constants); event != "" {
						found[event] = union(found[event], keysOf(data, f))
					}
				case *ast.CompositeLit:
					if event, data := literalOf(n, constants); event != "" {
						found[event] = union(found[event], keysOf(data, f))
					}
				}
				return true
			})
		}
	}
	return found
}

// noteOf reads a call such as c.note("menu.choice", data).
func noteOf(call *ast.CallExpr, constants map[string]string) (event string, data ast.Expr) {
	method, ok := call.Fun.(*ast.SelectorExpr)
	name := ""
	if ok {
		name = method.Sel.Name
	} else if id, ok := call.Fun.(*ast.Ident); ok {
		name = id.Name
	}
	if name != "note" && name != "notePlace" && name != "event" || len(call.Args) < 2 {
		return "", nil
	}
	return word(call.Args[0], constants), call.Args[len(call.Args)-1]
}

// literalOf reads a literal such as Event{Type: "call.refused", Data: data}.
func literalOf(lit *ast.CompositeLit, constants map[string]string) (event string, data ast.Expr) {
	for _, kv := range elements(lit) {
		switch id, _ := kv.Key.(*ast.Ident); {
		case id == nil:
		case id.Name == "Type":
			event = word(kv.Value, constants)
		case id.Name == "Data":
			data = kv.Value
		}
	}
	if data == nil {
		return "", nil
	}
	return event, data
}

func word(e ast.Expr, constants map[string]string) string {
	if id, ok := e.(*ast.Ident); ok {
		return constants[id.Name]
	}
	return text(e)
}

// keysOf lists the keys of a map literal, or of a variable that the function
// fills.
func keysOf(data ast.Expr, f *ast.FuncDecl) []string {
	var keys []string
	if id, ok := data.(*ast.Ident); ok {
		ast.Inspect(f.Body, func(n ast.Node) bool {
			assign, ok := n.(*ast.AssignStmt)
			if !ok {
				return true
			}
			for i, left := range assign.Lhs {
				switch left := left.(type) {
				case *ast.Ident:
					if left.Name == id.Name && i < len(assign.Rhs) {
						keys = append(keys, literalKeys(assign.Rhs[i])...)
					}
				case *ast.IndexExpr:
					if of, ok := left.X.(*ast.Ident); ok && of.Name == id.Name {
						keys = append(keys, text(left.Index))
					}
				}
			}
			return true
		})
		return keys
	}
	return literalKeys(data)
}

func literalKeys(e ast.Expr) []string {
	var keys []string
	for _, kv := range elements(e) {
		if key := text(kv.Key); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}
