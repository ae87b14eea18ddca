// Package erlang has the formulas for a queue in its steady state: Poisson
// arrivals, exponential handle times, agents who are all alike. They are what a
// simulation is checked against, and a first guess at how many agents are needed.
//
// Erlang B and C are due to A. K. Erlang, "Solution of some problems in the
// theory of probabilities of significance in automatic telephone exchanges"
// (1917). Erlang A, in which callers hang up after an exponential time, is due to
// C. Palm, "Research on telephone traffic carried by full availability groups"
// (Tele, 1957); the form used here is that of A. Mandelbaum and S. Zeltyn,
// "Service engineering in action: the Palm/Erlang-A queue, with applications to
// call centers" (2007).
//
// The package is pure.
package erlang
