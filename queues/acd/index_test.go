package acd

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestTree holds the tree against a sorted list.
func TestTree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tr := newTree(func(a, b int) bool { return a < b })
		var list []int
		for range rapid.IntRange(0, 300).Draw(t, "steps") {
			n := rapid.IntRange(0, 60).Draw(t, "number")
			at, there := slices.BinarySearch(list, n)
			if rapid.Bool().Draw(t, "insert") {
				tr.insert(n)
				if !there {
					list = slices.Insert(list, at, n)
				}
			} else {
				tr.remove(n)
				if there {
					list = slices.Delete(list, at, at+1)
				}
			}
			if got := tr.rank(n); got != at {
				t.Fatalf("the rank of %d is %d, not %d", n, got, at)
			}
			if first, ok := tr.first(); ok != (len(list) > 0) || ok && first != list[0] {
				t.Fatalf("the first is %d, %v", first, ok)
			}
			from := rapid.IntRange(0, len(list)).Draw(t, "from")
			var walked []int
			for rank, item := range tr.from(from) {
				if rank != from+len(walked) {
					t.Fatalf("%d has rank %d", item, rank)
				}
				walked = append(walked, item)
			}
			if !slices.Equal(walked, list[from:]) || tr.len() != len(list) {
				t.Fatalf("the tree is %v, not %v", walked, list[from:])
			}
			balancedOrFail(t, tr.root)
		}
	})
}

func balancedOrFail(t *rapid.T, n *knot[int]) {
	if n == nil {
		return
	}
	l, r := n.left.weight(), n.right.weight()
	if l > heaviest*r || r > heaviest*l || n.size != l+r-1 {
		t.Fatalf("a knot of size %d weighs %d to %d", n.size, l, r)
	}
	balancedOrFail(t, n.left)
	balancedOrFail(t, n.right)
}

// TestClock holds the heap against a list.
func TestClock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var c clock
		alarms := make([]alarm, 20)
		now := start
		for range rapid.IntRange(0, 200).Draw(t, "steps") {
			switch a := &alarms[rapid.IntRange(0, len(alarms)-1).Draw(t, "alarm")]; rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				c.drop(a)
			case 1:
				now = now.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "later")) * time.Second)
				for a := c.pop(now); a != nil; a = c.pop(now) {
					if a.pos != 0 || !a.at.IsZero() {
						t.Fatalf("an alarm that went off is set: %+v", *a)
					}
				}
			default:
				c.set(a, now.Add(time.Duration(rapid.IntRange(-5, 60).Draw(t, "at"))*time.Second))
			}
			var next time.Time
			set := 0
			for i := range alarms {
				if a := &alarms[i]; a.pos > 0 {
					set++
					if c[a.pos-1] != a {
						t.Fatalf("alarm %d is not where it believes to be", i)
					}
					if next.IsZero() || a.at.Before(next) {
						next = a.at
					}
				}
			}
			if !c.next().Equal(next) || set != len(c) {
				t.Fatalf("next is %v of %d, not %v of %d", c.next(), len(c), next, set)
			}
		}
	})
}
