package softphone

import (
	"testing"

	"github.com/emiago/diago/media"
	"github.com/emiago/sipgo/sip"
	"github.com/google/go-cmp/cmp"
)

func TestPacketOrder(t *testing.T) {
	t.Parallel()
	type step struct {
		ssrc  uint32
		seq   uint16
		clock uint32
		lost  int64
		ok    bool
	}
	for name, steps := range map[string][]step{
		"in order":        {{1, 10, 0, 0, true}, {1, 11, 160, 0, true}},
		"lost":            {{1, 10, 0, 0, true}, {1, 12, 320, 160, true}},
		"twice":           {{1, 10, 0, 0, true}, {1, 10, 0, 0, false}, {1, 11, 160, 0, true}},
		"late":            {{1, 10, 0, 0, true}, {1, 12, 320, 160, true}, {1, 11, 160, 0, false}},
		"wraps":           {{1, 65535, 0xffffff60, 0, true}, {1, 0, 0, 0, true}},
		"pause":           {{1, 10, 0, 0, true}, {1, 11, 8160, 8000, true}},
		"clock set anew":  {{1, 10, 0, 0, true}, {1, 11, 1 << 30, 0, true}, {1, 12, 1<<30 + 160, 0, true}},
		"other sender":    {{1, 10, 0, 0, true}, {2, 5, 99, 0, true}},
		"sender restarts": {{1, 1000, 0, 0, true}, {1, 3, 50000, 49840, true}},
	} {
		var o packetOrder
		for i, s := range steps {
			lost, ok := o.next(s.ssrc, s.seq, s.clock, 160)
			if lost != s.lost || ok != s.ok {
				t.Errorf("%s, packet %d: lost %d, taken %v; want %d, %v", name, i, lost, ok, s.lost, s.ok)
			}
		}
	}
}

func TestOnlyMissingPacketsLeaveAHole(t *testing.T) {
	t.Parallel()
	var o packetOrder
	for _, s := range []struct {
		seq     uint16
		clock   uint32
		missing bool
	}{{65534, 0, false}, {65535, 160, false}, {0, 1600, false}, {2, 1920, true}, {3, 2080, false}} {
		if _, ok := o.next(1, s.seq, s.clock, 160); !ok || o.missing != s.missing {
			t.Errorf("packet %d: taken %v, missing %v; want %v", s.seq, ok, o.missing, s.missing)
		}
	}
}

func TestKeyReader(t *testing.T) {
	t.Parallel()
	var k keyReader
	var got []rune
	press := func(event uint8, clock uint32, packets int) {
		for i := range packets {
			e := media.DTMFEvent{Event: event, EndOfEvent: i >= packets-3, Duration: uint16(160 * (i + 1))}
			if r, ok := k.read(media.DTMFEncode(e), clock); ok {
				got = append(got, r)
			}
		}
	}
	press(1, 0, 8)
	press(1, 1600, 8)
	press(11, 3200, 1) // all but the end lost
	press(77, 4800, 8) // no key: a flash or worse
	if _, ok := k.read([]byte{1, 2}, 9000); ok {
		t.Error("a short payload gives a key")
	}
	if diff := cmp.Diff([]rune("11#"), got); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

func TestReasonHeader(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]End{
		`Q.850;cause=17;text="User busy"`:               {Cause: 17, Reason: "User busy"},
		`q.850 ; cause=16`:                              {Cause: 16},
		`SIP;cause=200;text="Call completed elsewhere"`: {Reason: "Call completed elsewhere"},
		`Q.850;cause=many`:                              {},
		``:                                              {},
	} {
		var got End
		readReason(sip.NewHeader("Reason", value), &got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", value, diff)
		}
	}
}

func TestDisplay(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]display{
		`"Anna P" <sip:+79161234567@127.0.0.1>`:             {"+79161234567", "Anna P"},
		`<sip:101@127.0.0.1:5060;user=phone>;party=calling`: {"101", ""},
		`<sip:%2a98%23@127.0.0.1>`:                          {"*98#", ""},
	} {
		got, ok := parseDisplay(sip.NewHeader("P-Asserted-Identity", value))
		if !ok || got != want {
			t.Errorf("%s shows %+v (%v), want %+v", value, got, ok, want)
		}
	}
	if _, ok := parseDisplay(nil); ok {
		t.Error("no header gives a display")
	}
}

func FuzzHeaders(f *testing.F) {
	f.Add(`Q.850;cause=17;text="User busy"`)
	f.Add(`"Anna" <sip:+7916@127.0.0.1>;x=y`)
	f.Add(`<sip:%zz@h>`)
	f.Fuzz(func(t *testing.T, value string) {
		var end End
		readReason(sip.NewHeader("Reason", value), &end)
		if d, ok := parseDisplay(sip.NewHeader("P-Asserted-Identity", value)); ok && d.number == "" {
			t.Errorf("%q shows a call from nobody", value)
		}
	})
}
