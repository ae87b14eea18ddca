package acd

import "iter"

// tree keeps items in order and knows the rank of each: a weight-balanced tree.
// Every operation but a walk takes O(log n). Two items are the same when neither
// is before the other; what an item's order depends on must not change while it
// is in the tree.
//
// The balance is that of Y. Hirai and K. Yamamoto, "Balancing weight-balanced
// trees", Journal of Functional Programming 21(3), 2011: no side outweighs the
// other more than three times.
type tree[T any] struct {
	root   *knot[T]
	before func(a, b T) bool
}

type knot[T any] struct {
	item        T
	left, right *knot[T]
	size        int
}

// The balance of the tree: (delta, gamma) = (3, 2) in the paper's words.
const (
	heaviest = 3 // a side weighs at most so many times the other
	single   = 2 // an inner side lighter than so many times the outer is put right by one rotation
)

func newTree[T any](before func(a, b T) bool) tree[T] { return tree[T]{before: before} }

func (n *knot[T]) len() int {
	if n == nil {
		return 0
	}
	return n.size
}

func (n *knot[T]) weight() int { return n.len() + 1 }

func (n *knot[T]) count() { n.size = n.left.len() + n.right.len() + 1 }

func (t *tree[T]) len() int { return t.root.len() }

// insert adds an item; one that is there already is put in its stead.
func (t *tree[T]) insert(item T) { t.root = t.into(t.root, item) }

func (t *tree[T]) into(n *knot[T], item T) *knot[T] {
	switch {
	case n == nil:
		return &knot[T]{item: item, size: 1}
	case t.before(item, n.item):
		n.left = t.into(n.left, item)
	case t.before(n.item, item):
		n.right = t.into(n.right, item)
	default:
		n.item = item
		return n
	}
	return balanced(n)
}

// remove takes an item out; one that is not there changes nothing.
func (t *tree[T]) remove(item T) { t.root = t.outOf(t.root, item) }

func (t *tree[T]) outOf(n *knot[T], item T) *knot[T] {
	switch {
	case n == nil:
		return nil
	case t.before(item, n.item):
		n.left = t.outOf(n.left, item)
	case t.before(n.item, item):
		n.right = t.outOf(n.right, item)
	case n.left == nil:
		return n.right
	case n.right == nil:
		return n.left
	default:
		n.item = first(n.right).item
		n.right = withoutFirst(n.right)
	}
	return balanced(n)
}

func first[T any](n *knot[T]) *knot[T] {
	for n.left != nil {
		n = n.left
	}
	return n
}

func withoutFirst[T any](n *knot[T]) *knot[T] {
	if n.left == nil {
		return n.right
	}
	n.left = withoutFirst(n.left)
	return balanced(n)
}

// balanced puts right a knot one of whose sides has grown or shrunk by one.
func balanced[T any](n *knot[T]) *knot[T] {
	l, r := n.left.weight(), n.right.weight()
	switch {
	case r > heaviest*l:
		if n.right.left.weight() >= single*n.right.right.weight() {
			n.right = turnRight(n.right)
		}
		return turnLeft(n)
	case l > heaviest*r:
		if n.left.right.weight() >= single*n.left.left.weight() {
			n.left = turnLeft(n.left)
		}
		return turnRight(n)
	}
	n.count()
	return n
}

func turnLeft[T any](n *knot[T]) *knot[T] {
	top := n.right
	n.right, top.left = top.left, n
	n.count()
	top.count()
	return top
}

func turnRight[T any](n *knot[T]) *knot[T] {
	top := n.left
	n.left, top.right = top.right, n
	n.count()
	top.count()
	return top
}

// first gives the item that is before all others.
func (t *tree[T]) first() (item T, ok bool) {
	if t.root == nil {
		return item, false
	}
	return first(t.root).item, true
}

// rank is how many items are before this one, which need not be in the tree.
func (t *tree[T]) rank(item T) int {
	rank := 0
	for n := t.root; n != nil; {
		if t.before(n.item, item) {
			rank += n.left.len() + 1
			n = n.right
		} else {
			n = n.left
		}
	}
	return rank
}

// from walks the items in order, beginning with the one of this rank. The tree
// must not change meanwhile.
func (t *tree[T]) from(rank int) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) { walk(t.root, 0, rank, yield) }
}

// walk visits the knots below n whose rank is at least from; passed is how many
// items are before all of them.
func walk[T any](n *knot[T], passed, from int, yield func(int, T) bool) bool {
	if n == nil || passed+n.size <= from {
		return true
	}
	rank := passed + n.left.len()
	return walk(n.left, passed, from, yield) &&
		(rank < from || yield(rank, n.item)) &&
		walk(n.right, rank+1, from, yield)
}
