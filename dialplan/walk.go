package dialplan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// walker looks at each part of an expression: whether the names are known, and
// whether it uses nothing that could run for long.
type walker struct {
	scope  scope
	faults []fault
	found  map[string]bool
	idents []*ast.IdentifierNode
	named  map[*ast.IdentifierNode]bool // those that are the group or function of something
}

func (w *walker) fail(n ast.Node, hint, format string, args ...any) {
	w.faults = append(w.faults, fault{n.Location().From, fmt.Sprintf(format, args...), hint})
}

// Visit looks at one part, after those below it.
func (w *walker) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		w.idents = append(w.idents, n)
	case *ast.MemberNode:
		w.member(n)
	case *ast.CallNode:
		w.call(n)
	case *ast.BuiltinNode:
		if !slices.Contains(functions, n.Name) {
			w.noFunction(n, n.Name)
		}
	case *ast.BinaryNode:
		if n.Operator == ".." {
			w.span(n)
		}
	case *ast.VariableDeclaratorNode, *ast.SequenceNode:
		w.fail(n, `write one expression; keep values by "set"`, "an expression cannot have parts of its own")
	case *ast.PredicateNode, *ast.PointerNode, *ast.MapNode:
		w.fail(n, "", "an expression cannot go over lists")
	}
}

func (w *walker) member(n *ast.MemberNode) {
	group, ok := n.Node.(*ast.IdentifierNode)
	if !ok {
		return // below a name that was looked at, such as caller.fields.city
	}
	w.named[group] = true
	known, ok := w.scope[group.Value]
	if !ok {
		w.unknown(group)
		return
	}
	property, ok := n.Property.(*ast.StringNode)
	if !ok {
		w.fail(n.Property, "write "+group.Value+".NAME", "the name after %q must be written out", group.Value)
		return
	}
	if _, ok := known[property.Value]; !ok {
		near := nearest(property.Value, w.scope.fields(group.Value))
		hint := ""
		switch {
		case near != "":
			hint = fmt.Sprintf("did you mean %q?", group.Value+"."+near)
		case group.Value == "vars":
			hint = `declare it under "vars" of the document`
		default:
			hint = "one of " + strings.Join(w.scope.fields(group.Value), ", ")
		}
		w.fail(n.Property, hint, "there is no %s.%s", group.Value, property.Value)
		return
	}
	if w.found == nil {
		w.found = map[string]bool{}
	}
	w.found[group.Value+"."+property.Value] = true
}

func (w *walker) call(n *ast.CallNode) {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		w.fail(n, "", "a value has no functions of its own")
		return
	}
	w.named[callee] = true
	w.noFunction(n, callee.Value)
}

func (w *walker) noFunction(n ast.Node, name string) {
	hint := DidYouMean(name, functions)
	if hint == "" {
		hint = "one of " + strings.Join(functions, ", ")
	}
	w.fail(n, hint, "there is no function %q", name)
}

// widestSpan is how many numbers a span like 1..5 may have.
const widestSpan = 10_000

func (w *walker) span(n *ast.BinaryNode) {
	from, okFrom := n.Left.(*ast.IntegerNode)
	to, okTo := n.Right.(*ast.IntegerNode)
	if !okFrom || !okTo || to.Value-from.Value > widestSpan || to.Value < from.Value {
		w.fail(n, "like 1..5", "a span needs two whole numbers, the lower one first, at most %d apart", widestSpan)
	}
}

func (w *walker) unknown(n *ast.IdentifierNode) {
	hint := DidYouMean(n.Value, w.scope.groups())
	for _, group := range w.scope.groups() {
		if _, ok := w.scope[group][n.Value]; ok && hint == "" {
			hint = fmt.Sprintf("did you mean %q?", group+"."+n.Value)
		}
	}
	if hint == "" {
		hint = "names begin with one of " + strings.Join(w.scope.groups(), ", ")
	}
	w.fail(n, hint, "there is no %q", n.Value)
}

// result is the first fault there is.
func (w *walker) result() *fault {
	for _, n := range w.idents {
		switch _, group := w.scope[n.Value]; {
		case w.named[n]:
		case group:
			w.fail(n, "write "+n.Value+".NAME", "%q alone is no value", n.Value)
		default:
			w.unknown(n)
		}
	}
	if len(w.faults) == 0 {
		return nil
	}
	first := slices.MinFunc(w.faults, func(a, b fault) int { return a.offset - b.offset })
	return &first
}

func (w *walker) names() []string { return slices.Sorted(maps.Keys(w.found)) }
