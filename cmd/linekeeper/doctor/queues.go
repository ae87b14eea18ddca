package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/telephony/ami"
)

// checkQueues compares the queues in use with those that the switch has.
func checkQueues(ctx context.Context, p *patient) []Finding {
	const what = "queues"
	if !p.amiUp {
		return skip(what, "AMI does not answer")
	}
	have, err := p.summaries(ctx)
	if err != nil {
		return one(Warn, what, err.Error(), "")
	}
	var out []Finding
	own := p.Config.QueuesOf(config.EngineLinekeeper)
	for _, name := range p.Queues {
		if slices.Contains(own, name) {
			out = append(out, ok(what, name+": linekeeper gives its calls to agents, Asterisk need not know it"))
			continue
		}
		m, found := have[name]
		switch {
		case !found:
			out = append(out, Finding{
				Fail, what, fmt.Sprintf("Asterisk has no queue %q; it has: %s", name, orNone(sorted(have))),
				fmt.Sprintf("queues.conf: [%s] with its members, then asterisk -rx 'queue reload all'; or correct the name in linekeeper.yaml and the hotlines", name),
			})
			continue
		case len(name) < 2:
			out = append(out, Finding{Fail, what, fmt.Sprintf("the name %q is too short for linekeeper's dialplan", name), "give the queue a name of at least two characters"})
			continue
		}
		out = append(out, ok(what, fmt.Sprintf("%s: %s of its members can be reached, %s wait", name, m.Get("LoggedIn"), m.Get("Callers"))))
		out = append(out, joinEmpty(ctx, p, name)...)
	}
	return out
}

// summaries lists the switch's queues by name.
func (p *patient) summaries(ctx context.Context) (map[string]ami.Message, error) {
	list, err := p.manager.QueueSummary(ctx, "")
	if err != nil {
		return nil, err
	}
	have := map[string]ami.Message{}
	for _, m := range list {
		have[m.Get("Queue")] = m
	}
	return have, nil
}

// joinEmpty warns of a queue that lets callers in although nobody can answer:
// then the branch "no_agents" of the hotline is never taken.
func joinEmpty(ctx context.Context, p *patient, queue string) []Finding {
	value, known := p.setting(ctx, "queues.conf", queue, "joinempty")
	if !known || value != "" && value != "yes" {
		return nil
	}
	return one(Warn, "queues", fmt.Sprintf("%s: callers join although nobody can answer (joinempty = %s)", queue, orNone(strings.Fields(value))),
		fmt.Sprintf("queues.conf, [%s]: joinempty = paused,unavailable,invalid,unknown and leavewhenempty = unavailable,invalid,unknown; then asterisk -rx 'queue reload all'", queue))
}

func orNone(s []string) string {
	if len(s) == 0 {
		return "none"
	}
	return strings.Join(s, ", ")
}

// checkFallback finds out where calls go when linekeeper does not run.
func checkFallback(ctx context.Context, p *patient) []Finding {
	const what = "fallback"
	if !p.amiUp {
		return skip(what, "AMI does not answer")
	}
	queue, err := p.variable(ctx, "LINEKEEPER_FALLBACK_QUEUE")
	if err != nil {
		return skip(what, "the AMI account may not read variables: it needs write = agent,reporting")
	}
	from := "LINEKEEPER_FALLBACK_QUEUE"
	if queue == "" {
		queue, from = "support", "the default"
	}
	have, err := p.summaries(ctx)
	if err != nil {
		return one(Warn, what, err.Error(), "")
	}
	if _, found := have[queue]; !found {
		return one(Warn, what, fmt.Sprintf("without linekeeper calls go to the queue %q (%s), which Asterisk does not have", queue, from),
			"extensions.conf, [globals]: LINEKEEPER_FALLBACK_QUEUE=NAME with one of "+orNone(sorted(have))+"; then asterisk -rx 'dialplan reload'")
	}
	return []Finding{ok(what, fmt.Sprintf("without linekeeper calls go to the queue %s", queue))}
}

// variable evaluates a global variable or a function of the dialplan.
func (p *patient) variable(ctx context.Context, name string) (string, error) {
	m, err := p.manager.Do(ctx, ami.NewAction("Getvar", "Variable", name))
	return m.Get("Value"), err
}

// setting reads a value from one of Asterisk's files, by the function
// AST_CONFIG. known is false when that cannot be done; an unset value is "".
func (p *patient) setting(ctx context.Context, file, section, key string) (value string, known bool) {
	if !p.amiUp || !p.modules["func_config"] {
		return "", false
	}
	value, err := p.variable(ctx, fmt.Sprintf("AST_CONFIG(%s,%s,%s)", file, section, key))
	return value, err == nil
}
