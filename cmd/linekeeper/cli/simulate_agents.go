package cli

import (
	"strconv"
	"strings"

	"github.com/linekeeper/linekeeper/queues/simulate/scenario"
)

// mostRows is how many numbers of agents are tried at most.
const mostRows = 100

// parseAgents reads "8..16", "12" or either with "GROUP=" before it. Without a
// number there is one row, for the agents as they are: nil.
func parseAgents(text string) (group string, counts []*int, err error) {
	if text == "" {
		return "", []*int{nil}, nil
	}
	group, numbers, named := strings.Cut(text, "=")
	if !named {
		group, numbers = "", text
	}
	low, high, isRange := strings.Cut(numbers, "..")
	if !isRange {
		high = low
	}
	from, errFrom := strconv.Atoi(low)
	to, errTo := strconv.Atoi(high)
	if errFrom != nil || errTo != nil || from < 0 || to < from || to > 10_000 {
		return "", nil, usagef("--agents %q is no number of agents: write 8..16 or 12, or GROUP=8..16", text)
	}
	if to-from >= mostRows {
		return "", nil, usagef("--agents %q are more than %d rows", text, mostRows)
	}
	for n := from; n <= to; n++ {
		counts = append(counts, &n)
	}
	return group, counts, nil
}

// agentsOf says which group of a scenario gets which numbers of agents.
func (s *simulation) agentsOf(sc *scenario.Scenario) (group string, counts []*int, err error) {
	group, counts, err = parseAgents(s.agents)
	if err != nil || s.agents == "" {
		return "", counts, err
	}
	groups := sc.Groups()
	if group == "" && len(groups) == 1 {
		return groups[0], counts, nil
	}
	for _, g := range groups {
		if g == group {
			return group, counts, nil
		}
	}
	return "", nil, usagef("--agents: name the group of agents: --agents %s=8..16 (there are %s)", groups[0], oneOf(groups))
}
