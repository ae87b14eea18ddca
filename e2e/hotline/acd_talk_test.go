package hotline_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
	"github.com/linekeeper/linekeeper/prompts/marks"
)

// musicHz is what callers hear while they wait.
const musicHz = 440

func TestWhisper(t *testing.T) {
	t.Parallel()
	r := setUpOwn(t, func(o *stage.Options) {
		title := stage.Keys{"en": "The sales desk"}
		o.Queues["sales"] = stage.Keys{"engine": "linekeeper", "whisper": title}
		o.Queues["support"] = stage.Keys{"whisper": title}
	})
	anna := r.onDuty("anna", softphone.Ignore())
	gleb := r.operatorOf("support", "104", softphone.Ignore())
	for number, o := range map[string]*operator{sales: anna, viaSwitch: gleb} {
		c := r.calls(olga, number)
		c.hears("You are next in line.")
		atAgent := o.ring()
		heard := make(chan time.Time, 1)
		go func() {
			at, err := c.WaitToneBegan(r.Context(), atAgent.tone)
			if err != nil {
				t.Errorf("the caller does not hear the agent: %v", err)
			}
			heard <- at
		}()
		r.must(atAgent.Answer(r.soon()))
		atAgent.Talk(true)
		said := atAgent.hears("The sales desk, Olga Kim, waited less than a minute.")
		told := said.At.Add(marks.MarkSamples * time.Second / marks.Rate)
		if at := <-heard; at.Before(told) {
			t.Errorf("the caller hears the agent at %v, the whisper began at %v", at, said.At)
		}
		c.didNotHear("The sales desk")
		atAgent.Talk(false)
		r.talk(c, atAgent)
		c.hangsUp()
		atAgent.isOver()
	}
}

// escalating lets sales pass callers on to tech, and records.
func escalating(o *stage.Options) {
	o.Queues["sales"] = stage.Keys{"engine": "linekeeper", "record": true, "escalate": stage.Keys{"keys": "*2", "to": "tech"}}
	o.Queues["tech"] = stage.Keys{"engine": "linekeeper", "record": true}
	o.Agents["boris"]["queues"] = []string{"tech"}
}

// passesOn presses keys that end the call, maybe before the last pause is over.
func (c *caller) passesOn(keys string) {
	c.r.Helper()
	var ended *softphone.EndedError
	if err := c.Press(c.r.soon(), keys); err != nil && !errors.As(err, &ended) {
		c.r.Fatal(err)
	}
	c.letGo()
}

func TestEscalation(t *testing.T) {
	t.Parallel()
	r := setUpOwn(t, escalating)
	anna, boris := r.onDuty("anna", softphone.AutoAnswer(0)), r.onDuty("boris", softphone.AutoAnswer(0))
	a := r.calls(first, sales)
	atAnna := anna.ring()
	r.talk(a, atAnna)
	before := r.place("sales", first)

	// Boris talks with another meanwhile, and a third came to him after the first had come to Anna.
	busy := r.calls(fourth, tech)
	atBoris := boris.ring()
	r.talk(busy, atBoris)
	b := r.calls(second, tech)
	b.hears("You are next in line.")

	atAnna.passesOn("*2")
	a.hears("We are connecting you to a specialist.")
	p := r.keepsPlace("tech", first, before)
	if p.Position != 1 {
		t.Errorf("who was passed on stands at %d, want before those who came later", p.Position)
	}
	b.hears("You are number two in line.")
	r.must(a.WaitTone(r.soon(), musicHz))
	r.isAgent("anna", "idle")
	a.stillThere()
	atBoris.hangsUp()
	atBoris = boris.ring()
	if got := atBoris.RemoteNumber(); got != first {
		t.Errorf("the specialist's phone shows %q, want %q", got, first)
	}
	r.talk(a, atBoris)
	a.hangsUp()
	atBoris.isOver()
	call := r.result(first, "agent")
	if call.Queue != "tech" || call.Agent != "Boris" {
		t.Errorf("the call is %+v", call)
	}
	r.recorded(call.ID, a.tone, atAnna.tone, atBoris.tone)
	r.talk(b, boris.ring())
	b.hangsUp()

	// By command, and nobody has to press anything.
	c := r.calls(third, sales)
	atAnna = anna.ring()
	r.talk(c, atAnna)
	r.cli("call", "escalate", r.call(third).ID)
	atAnna.letGo()
	atBoris = boris.ring()
	r.talk(c, atBoris)
	c.hangsUp()
	if got := r.journal("call.escalated"); len(got) != 2 {
		t.Errorf("the journal has %+v, want two escalations", got)
	}
}

// recorded checks the only recording of a call: the caller is heard with the one
// agent and then with the other.
func (r *rig) recorded(call string, tone, one, other float64) {
	r.Helper()
	files, err := filepath.Glob(filepath.Join(r.Asterisk.RecordingsDir, "*"+call+"*"))
	r.must(err)
	if len(files) != 1 {
		r.Fatalf("recordings of call %s: %q, want one", call, files)
	}
	sound, err := os.ReadFile(files[0])
	r.must(err)
	const header = 44
	samples := make([]int16, max(0, len(sound)-header)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(sound[header+2*i:]))
	}
	// Where each is heard beside the caller, in steps of 100 ms.
	var together [2][]int
	const step = marks.Rate / 10
	for at := 0; at+step <= len(samples); at += step {
		part := samples[at : at+step]
		for i, agent := range []float64{one, other} {
			if marks.Detect(part, tone) && marks.Detect(part, agent) {
				together[i] = append(together[i], at/step)
			}
		}
	}
	if len(together[0]) == 0 || len(together[1]) == 0 || together[0][len(together[0])-1] >= together[1][0] {
		r.Errorf("the recording of %d ms has the first conversation at %v and the second at %v, in tenths of a second",
			1000*len(samples)/marks.Rate, together[0], together[1])
	}
}

func TestEscalationAcrossTheEngines(t *testing.T) {
	t.Parallel()
	r := setUpOwn(t, func(o *stage.Options) {
		o.Queues["sales"] = stage.Keys{"engine": "linekeeper", "escalate": stage.Keys{"keys": "*2", "to": "support"}}
		o.Queues["support"] = stage.Keys{"escalate": stage.Keys{"keys": "*2", "to": "sales"}}
		o.Asterisk.Queues = []asterisk.Queue{{Name: "support", Timeout: 15, Members: []string{"PJSIP/104,0,Gleb"}}}
	})
	anna := r.onDuty("anna", softphone.AutoAnswer(0))
	gleb := r.operatorOf("support", "104", softphone.AutoAnswer(0))
	a := r.calls(first, viaSwitch)
	atGleb := gleb.ring()
	r.talk(a, atGleb)
	before := r.place("support", first)

	// From Asterisk's distribution to ours, and back, with the time of the place.
	atGleb.passesOn("*2")
	atAnna := anna.ring()
	if got := atAnna.RemoteNumber(); got != first {
		t.Errorf("the agent's phone shows %q, want %q", got, first)
	}
	r.talk(a, atAnna)
	r.keepsPlace("sales", first, before)
	atAnna.passesOn("*2")
	atGleb = gleb.ring()
	r.talk(a, atGleb)
	r.keepsPlace("support", first, before)

	// Who waits is moved there and back, and stands by its time.
	busy := r.calls(fourth, sales)
	atAnna = anna.ring()
	r.talk(busy, atAnna)
	b := r.calls(second, sales)
	b.hears("You are next in line.")
	c := r.calls(third, viaSwitch)
	c.hears("You are next in line.")
	place := r.place("sales", second)
	r.cli("queue", "move", place.ID, "--to", "support")
	r.keepsPlace("support", second, place)
	c.hears("You are number two in line.")
	place = r.place("support", third)
	r.cli("queue", "move", place.ID, "--to", "sales", "--anew")
	r.until("the third stands in sales", func() bool { return r.place("sales", third).ID == place.ID })

	atGleb.hangsUp()
	atGleb = gleb.ring()
	r.talk(b, atGleb)
	atAnna.hangsUp()
	atAnna = anna.ring()
	r.talk(c, atAnna)
	a.hears("Thank you.")
	for _, number := range []string{second, third} {
		if got := r.call(number).EndedAt; got != nil {
			t.Errorf("the call from %s ended at %v", number, got)
		}
	}
}
