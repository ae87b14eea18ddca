package drawing

// rankEach gives ranks so that all ways lead down, turning round those that close
// a circle. Boxes have even ranks; the odd ones between are for words on ways.
func (g *graph) rankEach() {
	g.turnBack()
	below := map[*vertex][]*vertex{}
	open := map[*vertex]int{} // ways from above that are not followed yet
	for _, e := range g.edges {
		up, down := e.upper(), e.lower()
		below[up] = append(below[up], down)
		open[down]++
	}
	var ready []*vertex
	for _, v := range g.vertices {
		if open[v] == 0 {
			ready = append(ready, v)
		}
	}
	for len(ready) > 0 {
		v := ready[0]
		ready = ready[1:]
		for _, w := range below[v] {
			w.rank = max(w.rank, v.rank+2)
			if open[w]--; open[w] == 0 {
				ready = append(ready, w)
			}
		}
	}
}

func (e *edge) upper() *vertex {
	if e.back {
		return e.to
	}
	return e.from
}

func (e *edge) lower() *vertex {
	if e.back {
		return e.from
	}
	return e.to
}

// turnBack marks the ways that lead back to where a walk from the beginning is
// just coming from.
func (g *graph) turnBack() {
	out := map[*vertex][]*edge{}
	for _, e := range g.edges {
		out[e.from] = append(out[e.from], e)
	}
	const within, done = 1, 2
	state := map[*vertex]int{}
	var walk func(v *vertex)
	walk = func(v *vertex) {
		state[v] = within
		for _, e := range out[v] {
			switch state[e.to] {
			case 0:
				walk(e.to)
			case within:
				e.back = true
			}
		}
		state[v] = done
	}
	for _, v := range g.vertices {
		if state[v] == 0 {
			walk(v)
		}
	}
}

// chains puts a place into every rank that a way passes. The one beside the box
// where the way really begins carries its words.
func (g *graph) chains() {
	depth := 0
	for _, v := range g.vertices {
		depth = max(depth, v.rank)
	}
	g.ranks = make([][]*vertex, depth+1)
	for _, v := range g.vertices {
		g.ranks[v.rank] = append(g.ranks[v.rank], v)
	}
	for _, e := range g.edges {
		up, down := e.upper(), e.lower()
		e.chain = []*vertex{up}
		for r := up.rank + 1; r < down.rank; r++ {
			v := &vertex{rank: r, bend: true, box: Box{W: bendWidth}}
			words := r == up.rank+1 && !e.back || r == down.rank-1 && e.back
			if words && e.label != "" {
				v.box = Box{W: labelWidth*float64(len([]rune(e.label))) + 12, H: 18, Lines: []string{e.label}}
			}
			e.chain = append(e.chain, v)
			g.ranks[r] = append(g.ranks[r], v)
			g.vertices = append(g.vertices, v)
		}
		e.chain = append(e.chain, down)
		for i, v := range e.chain[1:] {
			e.chain[i].down = append(e.chain[i].down, v)
			v.up = append(v.up, e.chain[i])
		}
		up.downs, down.ups = append(up.downs, e), append(down.ups, e)
	}
}

const bendWidth = 10.0
