package acd

import "slices"

// Groups splits the rules into those that have nothing to do with each other:
// queues that share agents, overflow into one another or borrow from one another
// stay together. Each part is for a Group of its own; queues and agents keep their
// order, and every part has all Reasons. An agent who serves no queue is in the
// first part.
func (r Rules) Groups() []Rules {
	head := make([]int, len(r.Queues)) // of each queue: one that it belongs with, itself for the first of a part
	index := map[string]int{}
	for i, q := range r.Queues {
		head[i], index[q.Name] = i, i
	}
	find := func(i int) int {
		for head[i] != i {
			head[i] = head[head[i]]
			i = head[i]
		}
		return i
	}
	join := func(i int, name string) {
		if j, ok := index[name]; ok {
			a, b := find(i), find(j)
			head[max(a, b)] = min(a, b)
		}
	}
	for i, q := range r.Queues {
		for _, o := range q.Overflow {
			join(i, o.To)
		}
		if q.Borrow != nil {
			for _, name := range q.Borrow.From {
				join(i, name)
			}
		}
	}
	home := make([]int, len(r.Agents)) // of each agent: a queue that it serves
	for n, a := range r.Agents {
		home[n] = -1
		for i, q := range r.Queues {
			if _, ok := q.tierOf(a); !ok {
				continue
			}
			if home[n] < 0 {
				home[n] = i
			}
			join(home[n], q.Name)
		}
	}
	var parts []Rules
	for i := range r.Queues {
		if find(i) != i {
			continue
		}
		part := Rules{Reasons: r.Reasons}
		for j, q := range r.Queues {
			if find(j) == i {
				part.Queues = append(part.Queues, q)
			}
		}
		for n, a := range r.Agents {
			if h := home[n]; h >= 0 && find(h) == i || h < 0 && i == 0 {
				part.Agents = append(part.Agents, a)
			}
		}
		parts = append(parts, part)
	}
	return slices.Clip(parts)
}
