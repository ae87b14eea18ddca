package erlang

import "math"

// growth is A(x, y) of Mandelbaum and Zeltyn with x = n*mu/theta and
// y = lambda/theta: 1 + y/(x+1) + y^2/((x+1)(x+2)) + ... All terms are positive,
// so the sum loses no precision.
func (q Queue) growth() float64 {
	x := float64(q.Agents) * q.Patience / q.Handle
	y := q.Rate * q.Patience
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-16; k++ {
		term *= y / (x + k)
		sum += term
	}
	return sum
}

// stays is the share of callers who are still there after t seconds.
func (q Queue) stays(t float64) float64 { return math.Exp(-t / q.Patience) }

// steps is how many steps an integral has; it must be even.
const steps = 20_000

// integrate gives the integral of f times the density of the offered wait (how
// long a caller who never hangs up would wait), from 0 to end seconds, by
// Simpson's rule. The density is proportional to exp(H(t)) with
// H(t) = lambda/theta * (1 - exp(-theta*t)) - n*mu*t; what it is proportional to
// follows from Waiting. See S. Zeltyn and A. Mandelbaum, "Call centers with
// impatient customers: many-server asymptotics of the M/M/n+G queue", Queueing
// Systems 51 (2005), for that density.
func (q Queue) integrate(f func(t float64) float64, end float64) float64 {
	height := func(t float64) float64 {
		return q.Rate*q.Patience*(1-q.stays(t)) - float64(q.Agents)*t/q.Handle
	}
	top, last := 0.0, q.Handle
	// The height rises at most to where as many leave as come, then falls for good.
	if rho := q.Load() / float64(q.Agents); rho > 1 {
		peak := q.Patience * math.Log(rho)
		top, last = height(peak), 2*peak
	}
	for height(last)-top > -45 { // e^-45 is nothing
		last *= 1.5
	}
	density := func(t float64) float64 { return math.Exp(height(t) - top) }
	all := simpson(density, last)
	if all <= 0 {
		return 0
	}
	part := simpson(func(t float64) float64 { return f(t) * density(t) }, min(end, last))
	return q.Waiting() * part / all
}

// simpson integrates from 0 to end.
func simpson(f func(float64) float64, end float64) float64 {
	h := end / steps
	sum := f(0) + f(end)
	for i := 1; i < steps; i++ {
		weight := 4.0
		if i%2 == 0 {
			weight = 2
		}
		sum += weight * f(float64(i)*h)
	}
	return sum * h / 3
}
