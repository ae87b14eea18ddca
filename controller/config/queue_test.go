package config

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/acd"
)

const distribution = `
hotlines: hotlines
queues:
  support:
    engine: linekeeper
    prior_handle_time: 3m
    strategy: top_down
    tiers: [{skills: {support: 3, english: 1}}, {after: 30s}]
    ring_timeout: 15s
    rona_pause: 1m
    wrap_up: 15s
    wrap_up_by_agent: true
    at_once: 4
    max_length: 20
    max_wait: 10m
    join_empty: true
    leave_empty: true
    overflow: [{to: second, after: 2m, length: 20, ewt: 10m}, {to: second, no_agents: true, anew: true}]
    borrow: {from: [second], skills: {support: 1}, above: 5m, below: 2m, keep: 1}
    record: true
    escalate: {keys: "*2", to: billing}
    whisper: {ru: поддержка, en: support}
  second: {engine: linekeeper}
  billing: {}
agents:
  zoe: {phone: PJSIP/103, skills: {support: 5}, queues: [second]}
  ivan: {name: Ivan Petrov, phone: PJSIP/101, skills: {support: 4, english: 2}, queues: [support]}
  olga: {name: Olga, phone: PJSIP/102, skills: {billing: 1}}
pauses: {lunch: 45m}
agent_codes: {ready: "*27"}
`

func TestRules(t *testing.T) {
	t.Parallel()
	cfg, err := Parse("lk.yaml", []byte(distribution))
	if err != nil {
		t.Fatal(err)
	}
	want := acd.Rules{
		Queues: []acd.Queue{{Name: "second"}, {
			Name: "support", Settings: queues.Settings{PriorHandleTime: 3 * time.Minute}, Strategy: acd.TopDown,
			Tiers: []acd.Tier{
				{Skills: []queues.Skill{{Name: "english", Level: 1}, {Name: "support", Level: 3}}}, {After: 30 * time.Second},
			},
			RingTimeout: 15 * time.Second, RONAPause: time.Minute, WrapUp: 15 * time.Second, WrapUpByAgent: true,
			AtOnce: 4, MaxLength: 20, MaxWait: 10 * time.Minute, JoinEmpty: true, LeaveEmpty: true,
			Overflow: []acd.Overflow{
				{To: "second", After: 2 * time.Minute, Length: 20, EWT: 10 * time.Minute}, {To: "second", NoAgents: true, Anew: true},
			},
			Borrow: &acd.Borrow{
				From: []string{"second"}, Skills: []queues.Skill{{Name: "support", Level: 1}},
				Above: 5 * time.Minute, Below: 2 * time.Minute, Keep: 1,
			},
		}},
		Agents: []acd.Agent{ // as they are written
			{ID: "zoe", Name: "zoe", Phone: "PJSIP/103", Skills: []queues.Skill{{Name: "support", Level: 5}}, Queues: []string{"second"}},
			{ID: "ivan", Name: "Ivan Petrov", Phone: "PJSIP/101", Queues: []string{"support"}, Skills: []queues.Skill{
				{Name: "english", Level: 2}, {Name: "support", Level: 4},
			}},
			{ID: "olga", Name: "Olga", Phone: "PJSIP/102", Skills: []queues.Skill{{Name: "billing", Level: 1}}},
		},
		Reasons: map[string]time.Duration{"lunch": 45 * time.Minute},
	}
	if diff := cmp.Diff(want, cfg.Rules()); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	q := cfg.Queues["support"]
	if !q.Record || q.Escalate != (Escalate{Keys: "*2", To: "billing"}) || q.Whisper["ru"] != "поддержка" {
		t.Errorf("record, escalate and whisper are %v, %v, %v", q.Record, q.Escalate, q.Whisper)
	}
	if got := cfg.Queues["billing"].Engine; got != EngineAsterisk {
		t.Errorf("the default engine is %q", got)
	}
	if want := (AgentCodes{LogIn: "*22", LogOut: "*23", Pause: "*24", Unpause: "*25", Ready: "*27"}); cfg.AgentCodes != want {
		t.Errorf("codes are %+v", cfg.AgentCodes)
	}
	levels := map[string]map[string]int{
		"support": {"support": 5, "english": 2, "billing": 1}, // zoe may be lent
		"second":  {"support": 5, "billing": 1},
		"billing": nil,
	}
	if diff := cmp.Diff(levels, cfg.Skills()); diff != "" {
		t.Errorf("skills (-want +got):\n%s", diff)
	}
}

func TestAgentsOfAConfigurationThatWasNotParsed(t *testing.T) {
	t.Parallel()
	cfg := Config{Agents: map[string]Agent{"zoe": {}, "ivan": {}}}
	var ids []string
	for _, a := range cfg.Rules().Agents {
		ids = append(ids, a.ID)
	}
	if want := slices.Sorted(maps.Keys(cfg.Agents)); !slices.Equal(ids, want) {
		t.Errorf("agents are %v, not %v", ids, want)
	}
}

func TestFaultsOfQueues(t *testing.T) {
	t.Parallel()
	const head = "hotlines: h\n" // queues begin on line 2
	for _, tc := range []struct{ name, src, want string }{
		{"keys of the other engine", "queues:\n  a:\n    wrap_up: 0s\n    strategy: longest_idle\n", `
lk.yaml:4: queues.a.wrap_up: Asterisk distributes this queue by queues.conf; remove the key, or write "engine: linekeeper"
lk.yaml:5: queues.a.strategy: Asterisk distributes this queue by queues.conf; remove the key, or write "engine: linekeeper"`},
		{"keys of the other engine, by an anchor", "queues:\n  a: &x {engine: linekeeper, at_once: 2}\n  b:\n    <<: *x\n    engine: asterisk\nagents: {i: {phone: X/1}}\n",
			`lk.yaml:3: queues.b.at_once: Asterisk distributes this queue by queues.conf; remove the key, or write "engine: linekeeper"`},
		{"an unknown engine", "queues: {a: {engine: linekeper}, b: {engine: freeswitch}}\n", `
lk.yaml:2: queues.a.engine: there is no engine "linekeper" (did you mean "linekeeper"?)
lk.yaml:2: queues.b.engine: there is no engine "freeswitch" (one of asterisk, linekeeper)`},
		{"escalation", "queues:\n  a: {escalate: {keys: 2a, to: secnd}}\n  second:\n    escalate: {to: second}\n  c: {escalate: {keys: \"#\"}}\n", `
lk.yaml:3: queues.a.escalate.keys: "2a" are no keys to press; write 1 to 4 of 0 to 9, * and #, such as "*2"
lk.yaml:3: queues.a.escalate.to: there is no queue "secnd" (did you mean "second"?)
lk.yaml:5: queues.second.escalate.keys: "" are no keys to press; write 1 to 4 of 0 to 9, * and #, such as "*2"
lk.yaml:5: queues.second.escalate.to: the caller is in this queue already; name another one
lk.yaml:6: queues.c.escalate.to: name the queue to which the caller goes`},
		{"whisper", "queues:\n  a:\n    whisper: {de: Hilfe, ru: \" \"}\n", `
lk.yaml:4: queues.a.whisper.de: there is no language "de" (one of ru, en)
lk.yaml:4: queues.a.whisper.ru: write what the queue is called in a sentence`},
		{"agents of no queue", "queues: {a: }\nagents: {ivan: {phone: PJSIP/101}}\npauses: {lunch: 1h}\n", `
lk.yaml:3: agents: no queue has "engine: linekeeper", and the agents of the others are members in queues.conf
lk.yaml:4: pauses: no queue has "engine: linekeeper", and the agents of the others are members in queues.conf`},
		{"negative times", "queues:\n  a:\n    dial_lead: -5s\n", "lk.yaml:4: queues.a.dial_lead: -5s is negative; write a time, or leave it out"},
		{"codes", "queues: {a: {engine: linekeeper}}\nagents: {i: {phone: X/1}}\nagent_codes: {login: \"*23\", pause: \"\", ready: 12x}\n", `
lk.yaml:4: agent_codes.logout: "*23" is also the code of "login"; write another one
lk.yaml:4: agent_codes.pause: "" cannot be dialled; write 2 to 8 of 0 to 9, * and #, such as "*22"
lk.yaml:4: agent_codes.ready: "12x" cannot be dialled; write 2 to 8 of 0 to 9, * and #, such as "*22"`},
		{"what cannot be decoded, and what can", "queues:\n  a:\n    wrapup: 1\n    ring_timeout: 20\n    at_once: 1\n    tiers: [{skils: {}}]\n  b: {engine: none}\nagnts: {}\n", `
lk.yaml:4: unknown key "wrapup" in "queue" (did you mean "wrap_up"?)
lk.yaml:5: "20" is no duration (write it like 45s or 5m)
lk.yaml:6: queues.a.at_once: Asterisk distributes this queue by queues.conf; remove the key, or write "engine: linekeeper"
lk.yaml:7: unknown key "skils" in "tier" (did you mean "skills"?)
lk.yaml:8: queues.b.engine: there is no engine "none" (one of asterisk, linekeeper)
lk.yaml:9: unknown key "agnts" in "config" (did you mean "agents"?)`},
		{"the key of a queue that is missing is not told beside an unknown one", "queus: {a: }\n",
			`lk.yaml:2: unknown key "queus" in "config" (did you mean "queues"?)`},
		{"no YAML", "queues: [\n", "lk.yaml:2: did not find expected node content"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse("lk.yaml", []byte(head+tc.src))
			if err == nil {
				t.Fatal("no fault was found")
			}
			if diff := cmp.Diff(strings.TrimSpace(tc.want), err.Error()); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFaultsOfRulesHaveTheirPlace: what acd finds is told with line and key; the
// words are its own.
func TestFaultsOfRulesHaveTheirPlace(t *testing.T) {
	t.Parallel()
	_, err := Parse("lk.yaml", []byte(`hotlines: h
queues:
  a:
    engine: linekeeper
    strategy: longest
    overflow: [{to: b}]
  b: {engine: linekeeper}
agents:
  ivan: {skills: {x: 11}}
  olga:
    phone: PJSIP/1
    queues: [none]
pauses: {lunch: 0s}
`))
	if err == nil {
		t.Fatal("no fault was found")
	}
	place := regexp.MustCompile(`(?m)^lk\.yaml:\d+: [a-z._]+`)
	want := []string{
		"lk.yaml:5: queues.a.strategy", "lk.yaml:6: queues.a.overflow", "lk.yaml:9: agents.ivan.phone",
		"lk.yaml:9: agents.ivan.skills", "lk.yaml:12: agents.olga.queues", "lk.yaml:13: pauses.lunch",
	}
	if diff := cmp.Diff(want, place.FindAllString(err.Error(), -1)); diff != "" {
		t.Errorf("places (-want +got):\n%s\n%v", diff, err)
	}
}
