package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/rehearsal"
)

// heard is what callers heard in each of the ways in which sound reaches them.
type heard struct {
	version string // of Asterisk
	ways    []string
	figures []rehearsal.Figures
}

// rehearse plays all scenes in each way.
func rehearse(ctx context.Context, install asterisk.Install, rounds int, say func(string, ...any)) (*heard, error) {
	h := &heard{version: install.Version}
	for _, way := range []struct {
		name string
		opts rehearsal.Options
	}{
		{"sounds from a folder", rehearsal.Options{Rounds: rounds}},
		{"sounds over HTTP", rehearsal.Options{Rounds: rounds, HTTP: true}},
		{"the voice of espeak-ng, from a folder", rehearsal.Options{Rounds: max(rounds/2, 1), Spoken: true}},
	} {
		say("callers listen: %s", way.name)
		way.opts.Install = install
		f, err := rehearsal.Run(ctx, way.opts)
		h.ways, h.figures = append(h.ways, way.name), append(h.figures, f)
		if err != nil {
			return h, err
		}
	}
	return h, nil
}

func (h *heard) failed() bool {
	for _, f := range h.figures {
		if len(f.Faults) > 0 {
			return true
		}
	}
	return false
}

func (h *heard) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "what callers hear, Asterisk %s, in Russian and English\n", h.version)
	for i, way := range h.ways {
		fmt.Fprintf(&b, "\n%s\n%v", way, h.figures[i])
	}
	return b.String()
}
