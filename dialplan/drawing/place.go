package drawing

import (
	"cmp"
	"slices"
)

const (
	besideGap = 26.0 // between two vertices of a rank
	belowGap  = 22.0 // between two ranks, in which ways bend
)

// placings is how often boxes move to their neighbours. Long ways get straight
// slowly, from both of their ends.
const placings = 160

// layout runs all steps.
func (g *graph) layout() {
	g.rankEach()
	g.chains()
	g.orderEach()
	g.placeDown()
	g.placeAside()
}

// placeDown gives every rank its height.
func (g *graph) placeDown() {
	y := 0.0
	for _, rank := range g.ranks {
		height := 0.0
		for _, v := range rank {
			height = max(height, v.box.H)
		}
		g.tops, g.heights = append(g.tops, y), append(g.heights, height)
		for _, v := range rank {
			v.box.Y = y + (height-v.box.H)/2
		}
		y += height + belowGap
	}
}

// placeAside moves vertices to the middle of their neighbours, as far as their
// order and the gaps between them allow.
func (g *graph) placeAside() {
	for _, rank := range g.ranks {
		x := 0.0
		for _, v := range rank {
			v.center = x + v.box.W/2
			x += v.box.W + besideGap
		}
	}
	for i := range placings {
		for k := range g.ranks {
			r := k
			if i%2 == 1 {
				r = len(g.ranks) - 1 - k
			}
			spread(g.ranks[r])
		}
	}
	g.straighten()
	for _, v := range g.vertices {
		v.box.X = v.center - v.box.W/2
	}
}

// spread finds the places of a rank that are nearest to what its vertices want,
// by least squares. Taking off what must lie between them at least leaves a row of
// wishes that must not fall, and that is solved by joining neighbours that do
// (pool adjacent violators: Ayer et al. 1955).
func spread(rank []*vertex) {
	type block struct {
		sum, weight float64
		n           int
	}
	var blocks []block
	offset := make([]float64, len(rank))
	for i, v := range rank {
		if i > 0 {
			offset[i] = offset[i-1] + rank[i-1].box.W/2 + besideGap + v.box.W/2
		}
		want, weight := v.wish()
		blocks = append(blocks, block{(want - offset[i]) * weight, weight, 1})
		for n := len(blocks); n > 1 && blocks[n-2].sum/blocks[n-2].weight > blocks[n-1].sum/blocks[n-1].weight; n-- {
			a, b := blocks[n-2], blocks[n-1]
			blocks = append(blocks[:n-2], block{a.sum + b.sum, a.weight + b.weight, a.n + b.n})
		}
	}
	i := 0
	for _, b := range blocks {
		for range b.n {
			rank[i].center = b.sum/b.weight + offset[i]
			i++
		}
	}
}

// wish is where a vertex would like to be, and how much it counts. Long ways are
// to be straight before all else.
func (v *vertex) wish() (center, weight float64) {
	sum, n := 0.0, 0.0
	for _, list := range [][]*vertex{v.up, v.down} {
		for _, w := range list {
			k := 1.0
			if v.bend && w.bend {
				k = 8
			}
			sum, n = sum+k*w.center, n+k
		}
	}
	if n == 0 {
		return 0, 0.001 // nothing draws it anywhere: close up
	}
	return sum / n, n
}

func (g *graph) left() float64 {
	return slices.MinFunc(g.vertices, func(a, b *vertex) int { return cmp.Compare(a.box.X, b.box.X) }).box.X
}

func (g *graph) right() float64 {
	right := 0.0
	for i, v := range g.vertices {
		if r := v.box.X + v.box.W; i == 0 || r > right {
			right = r
		}
	}
	return right
}

func (g *graph) bottom() float64 {
	last := len(g.tops) - 1
	return g.tops[last] + g.heights[last]
}

// points leads a way through the gaps: straight down beside the boxes of a rank,
// and sideways only between two ranks. The first point is where it begins.
func (g *graph) points(e *edge) []Point {
	var list []Point
	for i, v := range e.chain {
		x := v.center
		top, bottom := g.tops[v.rank], g.tops[v.rank]+g.heights[v.rank]
		switch i {
		case 0:
			x = port(v, v.downs, e, func(o *edge) float64 { return o.chain[1].center })
			list = append(list, Point{x, v.box.Y + v.box.H}, Point{x, bottom})
		case len(e.chain) - 1:
			x = port(v, v.ups, e, func(o *edge) float64 { return o.chain[len(o.chain)-2].center })
			list = append(list, Point{x, top}, Point{x, v.box.Y})
		default:
			list = append(list, Point{x, top}, Point{x, bottom})
		}
	}
	if e.back {
		slices.Reverse(list)
	}
	return slices.Compact(list) // a tip on a piece without length would point anywhere
}

// port is where on a box's edge a way begins or ends: they are spread in the order
// in which they go on.
func port(v *vertex, all []*edge, e *edge, toward func(*edge) float64) float64 {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b *edge) int { return cmp.Compare(toward(a), toward(b)) })
	step := min(28, (v.box.W-40)/float64(max(1, len(sorted)-1)))
	return v.center + step*(float64(slices.Index(sorted, e))-float64(len(sorted)-1)/2)
}
