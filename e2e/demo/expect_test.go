package main

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/api"
)

// recorded is the journal of a play that went as it should.
func recorded(t *testing.T) story {
	t.Helper()
	f, err := os.Open("testdata/journal.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var s story
	for lines := json.NewDecoder(f); lines.More(); {
		var ev api.Event
		if err := lines.Decode(&ev); err != nil {
			t.Fatal(err)
		}
		s = append(s, ev)
	}
	return s
}

func missing(s story) []string {
	var names []string
	for _, o := range outcomes() {
		if !o.holds(s) {
			names = append(names, o.name)
		}
	}
	return names
}

func TestAGoodPlayMissesNothing(t *testing.T) {
	s := recorded(t)
	if got := missing(s); len(got) > 0 {
		t.Errorf("missing: %q", got)
	}
	if !s.settled() {
		t.Error("not settled")
	}
}

// Nothing is there before anything happened: no outcome holds by chance.
func TestAnEmptyJournalMissesEverything(t *testing.T) {
	if got := missing(nil); len(got) != len(outcomes()) {
		t.Errorf("only %q are missing", got)
	}
}

// without drops the entries of a type (and data) about somebody; number "" means anybody.
func without(number, kind string, data ...any) func(story) story {
	return func(s story) story {
		about := s.about(number)
		return s.where(func(ev api.Event) bool { return !fits(ev, kind, data) || !about[ev.Seq] })
	}
}

// with changes a value of such entries.
func with(number, kind, key string, value any) func(story) story {
	return func(s story) story {
		about := s.about(number)
		s = slices.Clone(s)
		for i, ev := range s {
			if ev.Type == kind && about[ev.Seq] {
				s[i].Data = maps.Clone(ev.Data)
				s[i].Data[key] = value
			}
		}
		return s
	}
}

// twice repeats such entries.
func twice(number, kind string) func(story) story {
	return func(s story) story {
		about := s.about(number)
		return append(slices.Clone(s), s.where(func(ev api.Event) bool { return ev.Type == kind && about[ev.Seq] })...)
	}
}

// swapped lets two people be served in each other's place.
func swapped(a, b string) func(story) story {
	return func(s story) story {
		first, second := s.servedAt(a), s.servedAt(b)
		s = slices.Clone(s)
		for i, ev := range s {
			switch ev.Seq {
			case first:
				s[i].Seq = second
			case second:
				s[i].Seq = first
			}
		}
		return s
	}
}

// about says which entries are about the calls from a number and its promise.
func (s story) about(number string) map[int64]bool {
	seqs := map[int64]bool{}
	for _, part := range []story{s.of(number), s.promised(number)} {
		for _, ev := range part {
			seqs[ev.Seq] = true
		}
	}
	if number == "" {
		for _, ev := range s {
			seqs[ev.Seq] = true
		}
	}
	return seqs
}

func TestWhatGoesWrongIsMissed(t *testing.T) {
	const (
		ivanKnown = "Ivan is known by his number, and asked for his PIN before the balance"
		ivanAlone = "Ivan is served by the menu alone"
		john      = "John finds no operator at work and gets the branch for that"
		mariaPINs = "Maria is not known by number, errs once with her PIN, then is known"
		mariaTalk = "Maria is told position and wait, and talks with Anna"
		olgaTold  = "Olga is told the wait before she is offered to be called back"
		olgaAsks  = "Olga confirms her own number and gets a promise for her place"
		petr      = "Petr, who was there before Olga, is served before her"
		olgaOnce  = "Olga is dialled exactly once, and presses 1"
		olgaTalks = "Olga is connected with Anna and the promise is kept"
		sergey    = "Sergey, who came after Olga, is served after her"
		nina      = "Nina, who was there before Maria, gives up waiting"
		nobody    = "Nobody's call failed and nobody was refused"
	)
	for name, c := range map[string]struct {
		change func(story) story
		want   []string
	}{
		"a stranger gets the balance":        {without(ivanNumber, "identify", "method", "pin"), []string{ivanKnown}},
		"Ivan never gets to the balance":     {without(ivanNumber, "node.entered", "node", "balance"), []string{ivanKnown}},
		"Ivan's call fails":                  {with(ivanNumber, "call.ended", "result", "failed"), []string{ivanAlone, nobody}},
		"John is let into the line":          {without(johnNumber, "place.left"), []string{john}},
		"John is just hung up on":            {without(johnNumber, "node.entered", "node", "night"), []string{john}},
		"Maria never errs":                   {without(mariaNumber, "identify", "method", "pin", "ok", false), []string{mariaPINs}},
		"Maria is let in with a wrong PIN":   {with(mariaNumber, "identify", "ok", true), []string{mariaPINs}},
		"Maria is told nothing":              {without(mariaNumber, "wait.quoted"), []string{mariaTalk}},
		"Maria waits for ever":               {without(mariaNumber, "call.ended"), []string{mariaTalk}},
		"Olga is offered too early":          {without(olgaNumber, "wait.quoted"), []string{olgaTold}},
		"Olga gives another number":          {with(olgaNumber, "callback.confirmed_number", "own", false), []string{olgaAsks}},
		"Olga loses her place":               {without(olgaNumber, "place.converted"), []string{olgaAsks}},
		"Olga is dialled twice":              {twice(olgaNumber, "callback.dialling"), []string{olgaOnce}},
		"Olga is not dialled":                {without(olgaNumber, "callback.dialling"), []string{olgaOnce}},
		"Olga is not connected":              {without(olgaNumber, "callback.connected"), []string{olgaTalks}},
		"Olga talks with somebody else":      {with(olgaNumber, "callback.done", "agent", "Boris"), []string{olgaTalks}},
		"Olga is never done":                 {without(olgaNumber, "callback.done"), []string{olgaTalks}},
		"Olga overtakes Petr":                {swapped(petrNumber, olgaNumber), []string{petr}},
		"Sergey overtakes Olga":              {swapped(olgaNumber, sergeyNumber), []string{sergey}},
		"Sergey is not served":               {without("", "place.served"), []string{petr, sergey}},
		"Nina leaves a promise":              {with(ninaNumber, "call.ended", "result", "callback"), []string{nina}},
		"Petr calls twice, nobody knows why": {twice(petrNumber, "call.started"), []string{petr}},
	} {
		if diff := cmp.Diff(c.want, missing(c.change(recorded(t)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestUnsettledWhileSomebodyIsThere(t *testing.T) {
	for _, kind := range []string{"call.ended", "place.left", "callback.done"} {
		if without("", kind)(recorded(t)).settled() {
			t.Errorf("settled without %s", kind)
		}
	}
}
