package dialplan

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	exprparser "github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
)

// Expression is a condition or a formula of a document, in the language of
// github.com/expr-lang/expr without its loops. It is compiled and checked for its
// types by Parse, is never changed afterwards, and reads nothing but the call.
type Expression struct {
	Source string    // as written
	Kind   ValueKind // of what it gives; KindAny for what no variable can hold

	dialogue string // that it belongs to; "" for the main part
	program  *vm.Program
	names    []string // that it mentions: "caller.balance", "vars.order", sorted
}

// String gives the expression as written.
func (e *Expression) String() string { return e.Source }

// mentions says whether the expression speaks of a name.
func (e *Expression) mentions(name string) bool { return slices.Contains(e.names, name) }

const (
	longestExpression = 1000 // characters
	mostTerms         = 300  // names, values and operators in it
	mostMemory        = 10_000
)

// fault is what is wrong with an expression, and how many characters into it.
type fault struct {
	offset    int
	msg, hint string
}

// compile reads an expression that must give the wanted kind; KindAny takes any
// that can be spoken or stored.
func compile(source string, want ValueKind, s scope) (*Expression, *fault) {
	source = strings.TrimSpace(source)
	if source == "" {
		return nil, &fault{msg: "the expression is empty"}
	}
	if utf8.RuneCountInString(source) > longestExpression {
		return nil, &fault{msg: fmt.Sprintf("the expression is longer than %d characters", longestExpression)}
	}
	options := []expr.Option{expr.Env(s.env()), expr.MaxNodes(mostTerms), expr.DisableAllBuiltins()}
	for _, name := range functions {
		options = append(options, expr.EnableBuiltin(name))
	}
	config := conf.CreateNew()
	for _, option := range options {
		option(config)
	}
	tree, err := exprparser.ParseWithConfig(source, config)
	if err != nil {
		return nil, asFault(err)
	}
	w := &walker{scope: s, named: map[*ast.IdentifierNode]bool{}}
	ast.Walk(&tree.Node, w)
	if f := w.result(); f != nil {
		return nil, f
	}
	program, err := expr.Compile(source, options...)
	if err != nil {
		return nil, asFault(err)
	}
	e := &Expression{Source: source, Kind: kindOfNode(program.Node()), program: program, names: w.names()}
	if want != KindAny && e.Kind != want {
		return nil, &fault{msg: fmt.Sprintf("%q gives %s, and %s is needed here", source, e.Kind.article(), want.article())}
	}
	if e.Kind == KindAny {
		return nil, &fault{msg: fmt.Sprintf("%q gives nothing that can be said or kept", source), hint: "a text, a number, yes or no, a time"}
	}
	return e, nil
}

// article is the kind as a thing in a sentence.
func (k ValueKind) article() string {
	switch k {
	case KindText:
		return "a text"
	case KindNumber:
		return "a number"
	case KindYesNo:
		return "yes or no"
	case KindTime:
		return "a time"
	}
	return "something else"
}

// asFault reads what the compiler says, which draws a picture below its message.
func asFault(err error) *fault {
	var at *file.Error
	if !errors.As(err, &at) {
		msg, _, _ := strings.Cut(err.Error(), "\n")
		return &fault{msg: msg}
	}
	f := &fault{msg: strings.ReplaceAll(at.Message, "\n", " ")}
	if at.Line <= 1 {
		f.offset = at.Column
	}
	return f
}

// kindOfNode is what a part of an expression gives. The compiler does not say
// where whole and other numbers meet, as in "x ? 5 : 7.5".
func kindOfNode(n ast.Node) ValueKind {
	both := func(a, b ast.Node) ValueKind {
		if kind := kindOfNode(a); kind == kindOfNode(b) {
			return kind
		}
		return KindAny
	}
	if kind := kindOf(n.Type()); kind != KindAny {
		return kind
	}
	switch n := n.(type) {
	case *ast.ConditionalNode:
		return both(n.Exp1, n.Exp2)
	case *ast.BinaryNode:
		if kind := both(n.Left, n.Right); kind == KindNumber && strings.Contains("+-**/%", n.Operator) {
			return kind
		}
	case *ast.UnaryNode:
		if kind := kindOfNode(n.Node); kind == KindNumber {
			return kind
		}
	}
	return KindAny
}

func kindOf(t reflect.Type) ValueKind {
	if t == reflect.TypeFor[time.Time]() {
		return KindTime
	}
	switch t.Kind() {
	case reflect.String:
		return KindText
	case reflect.Bool:
		return KindYesNo
	case reflect.Int, reflect.Int64, reflect.Float64:
		if t == reflect.TypeFor[time.Duration]() {
			return KindAny
		}
		return KindNumber
	}
	return KindAny
}

// run computes the expression. The error tells nothing of the values.
func (e *Expression) run(env map[string]any) (any, error) {
	machine := vm.VM{MemoryBudget: mostMemory}
	out, err := machine.Run(e.program, env)
	if err != nil {
		return nil, fmt.Errorf("compute %q: it fails for this call", e.Source)
	}
	v, ok := e.Kind.value(out)
	if !ok {
		return nil, fmt.Errorf("compute %q: the result is no %s", e.Source, e.Kind)
	}
	return v, nil
}
