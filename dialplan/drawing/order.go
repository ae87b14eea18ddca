package drawing

import (
	"cmp"
	"slices"
)

// sweeps is how often the ranks are put in order by their neighbours. More gain
// nothing that an eye sees.
const sweeps = 24

// orderEach orders ranks so that few ways cross: each vertex goes to the mean of
// its neighbours in the rank before, down and up in turn, and the best order that
// was seen is kept.
func (g *graph) orderEach() {
	best, least := g.arrangement(), g.crossings()
	for i := range sweeps {
		if i%2 == 0 {
			for r := 1; r < len(g.ranks); r++ {
				g.settle(r, r-1, func(v *vertex) []*vertex { return v.up })
			}
		} else {
			for r := len(g.ranks) - 2; r >= 0; r-- {
				g.settle(r, r+1, func(v *vertex) []*vertex { return v.down })
			}
		}
		if n := g.crossings(); n < least {
			best, least = g.arrangement(), n
		}
	}
	g.ranks = best
}

func (g *graph) arrangement() [][]*vertex {
	ranks := make([][]*vertex, len(g.ranks))
	for i, r := range g.ranks {
		ranks[i] = slices.Clone(r)
	}
	return ranks
}

// settle orders one rank by its neighbours in another.
func (g *graph) settle(rank, by int, neighbours func(*vertex) []*vertex) {
	at := positions(g.ranks[by])
	want := map[*vertex]float64{}
	for i, v := range g.ranks[rank] {
		sum, n := 0, 0
		for _, w := range neighbours(v) {
			sum, n = sum+at[w], n+1
		}
		want[v] = float64(i)
		if n > 0 {
			want[v] = float64(sum) / float64(n)
		}
	}
	slices.SortStableFunc(g.ranks[rank], func(a, b *vertex) int { return cmp.Compare(want[a], want[b]) })
}

func positions(rank []*vertex) map[*vertex]int {
	at := make(map[*vertex]int, len(rank))
	for i, v := range rank {
		at[v] = i
	}
	return at
}

// crossings counts the pairs of ways that cross between neighbouring ranks.
func (g *graph) crossings() int {
	total := 0
	for r := 0; r+1 < len(g.ranks); r++ {
		below := positions(g.ranks[r+1])
		var ends []int // of ways, from left to right by their upper ends
		for _, v := range g.ranks[r] {
			down := make([]int, 0, len(v.down))
			for _, w := range v.down {
				down = append(down, below[w])
			}
			slices.Sort(down)
			ends = append(ends, down...)
		}
		for i, a := range ends {
			for _, b := range ends[i+1:] {
				if b < a {
					total++
				}
			}
		}
	}
	return total
}
