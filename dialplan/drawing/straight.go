package drawing

import "math"

// straighten draws long ways as few upright lines as the boxes beside them allow:
// along each way, bends go to one line as long as there is one that all of them
// can reach. A way that has moved makes room for others, so it is done a few times.
func (g *graph) straighten() {
	at := map[*vertex]int{}
	for _, rank := range g.ranks {
		for i, v := range rank {
			at[v] = i
		}
	}
	for range straightenings {
		for _, e := range g.edges {
			if n := len(e.chain); n > 3 {
				g.upright(e.chain[1:n-1], at)
			}
		}
	}
}

const straightenings = 6

// upright leads a row of bends along as few lines as it can.
func (g *graph) upright(bends []*vertex, at map[*vertex]int) {
	for from := 0; from < len(bends); {
		low, high := g.room(bends[from], at[bends[from]])
		sum, to := bends[from].center, from+1
		for ; to < len(bends); to++ {
			l, h := g.room(bends[to], at[bends[to]])
			if l, h = max(l, low), min(h, high); l > h {
				break
			}
			low, high = l, h
			sum += bends[to].center
		}
		line := min(max(sum/float64(to-from), low), high)
		for _, v := range bends[from:to] {
			v.center = line
		}
		from = to
	}
}

// room is how far a bend can go sideways between its neighbours.
func (g *graph) room(v *vertex, i int) (low, high float64) {
	rank := g.ranks[v.rank]
	low, high = math.Inf(-1), math.Inf(1)
	if i > 0 {
		w := rank[i-1]
		low = w.center + w.box.W/2 + besideGap + v.box.W/2
	}
	if i+1 < len(rank) {
		w := rank[i+1]
		high = w.center - w.box.W/2 - besideGap - v.box.W/2
	}
	return low, max(low, high)
}
