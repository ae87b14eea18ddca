package ari

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/ari/aritest"
)

// realEvents are messages as Asterisk 22.10.1 sent them, by type.
func realEvents(tb testing.TB) map[string][]byte {
	tb.Helper()
	files, err := filepath.Glob("testdata/events/*.json")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no events: %v", err)
	}
	events := map[string][]byte{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			tb.Fatal(err)
		}
		events[strings.TrimSuffix(filepath.Base(f), ".json")] = data
	}
	return events
}

func TestDecodeRealEvents(t *testing.T) {
	t.Parallel()
	for name, data := range realEvents(t) {
		ev, typ, err := decode(data)
		switch {
		case typ != name:
			t.Errorf("%s is decoded as type %q", name, typ)
		case isMapped[name] && (err != nil || ev == nil):
			t.Errorf("%s: %v, %v", name, ev, err)
		case !isMapped[name] && !errors.Is(err, errUnmapped):
			t.Errorf("%s is not used, but: %v", name, err)
		}
	}
}

func TestDecodeMapsFields(t *testing.T) {
	t.Parallel()
	at, err := time.Parse(time.RFC3339Nano, "2026-11-21T20:51:08.251Z")
	if err != nil {
		t.Fatal(err)
	}
	ch := aritest.Channel("1.1", "Ring", "linekeeper,hotline,x")
	want := telephony.Channel{
		ID: "1.1", Name: "PJSIP/alice-00000001", State: telephony.StateRinging, Language: "ru", Dialed: "88005550101",
		Caller: telephony.CallerID{Name: "Alice", Number: "+79990001122"},
	}
	arrived := want
	arrived.Arrived = true
	recording := `"recording":{"name":"r","format":"wav","state":"done","target_uri":"bridge:b","duration":3}`
	for _, tt := range []struct {
		message string
		want    telephony.Event
	}{
		{aritest.Event("StasisStart", `"args":["hotline","x"],"channel":`+ch),
			telephony.ChannelArrived{Channel: arrived, Args: []string{"hotline", "x"}, At: at}},
		{aritest.Event("StasisEnd", `"channel":`+ch), telephony.ChannelLeft{ID: "1.1", At: at}},
		{aritest.Event("ChannelStateChange", `"channel":`+ch), telephony.ChannelChanged{Channel: want, At: at}},
		{aritest.Event("ChannelDestroyed", `"cause":17,"cause_txt":"User busy","channel":`+ch),
			telephony.ChannelEnded{ID: "1.1", Cause: telephony.CauseBusy, At: at}},
		{aritest.Event("ChannelDtmfReceived", `"digit":"a","duration_ms":90,"channel":`+ch),
			telephony.DigitReceived{ID: "1.1", Digit: 'A', At: at}},
		{finished("p", "1.1", "failed"), telephony.PlaybackFinished{ID: "p", Channel: "1.1", Failed: true, At: at}},
		{aritest.Event("RecordingFinished", recording), telephony.RecordingFinished{Name: "r", At: at}},
		{aritest.Event("RecordingFailed", recording), telephony.RecordingFinished{Name: "r", Failed: true, At: at}},
		{aritest.Event("ChannelUserevent", `"eventname":"E","userevent":{"eventname":"E","Place":"7"},"channel":`+ch),
			telephony.UserEvent{Name: "E", ID: "1.1", Fields: map[string]string{"Place": "7"}, At: at}},
		{aritest.Event("ApplicationReplaced", ""), telephony.Replaced{}},
	} {
		got, _, err := decode([]byte(tt.message))
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", tt.message, err, diff)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, data := range realEvents(f) {
		f.Add(data)
	}
	f.Add([]byte(`{"type":"StasisStart","channel":null}`))
	f.Add([]byte(`{"type":"ChannelUserevent","userevent":[1],"eventname":"x","timestamp":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		ev, typ, err := decode(data)
		if (ev == nil) == (err == nil) {
			t.Fatalf("event %v with error %v", ev, err)
		}
		if err != nil {
			return
		}
		if !isMapped[typ] {
			t.Fatalf("type %q is not mapped, but gave %v", typ, ev)
		}
		// What the tracker makes of it holds what came in, or nothing.
		if out := newTracker().see(ev, "lk-"); len(out) > 1 {
			t.Fatalf("%v became %v", ev, out)
		}
	})
}
