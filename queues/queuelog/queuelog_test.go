package queuelog

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	at := time.Date(2013, 4, 23, 12, 32, 20, 0, time.UTC)
	for text, want := range map[string]Line{
		"1366720340|1366720340.303267|support|SIP/8007|RINGNOANSWER|1000": {
			At: at, Call: "1366720340.303267", Queue: "support", Agent: "SIP/8007", Event: RingNoAnswer, Data: []string{"1000"}},
		"1366720340|NONE|NONE|NONE|QUEUESTART|\r":          {At: at, Event: QueueStart, Data: []string{""}},
		"1366720340.25|c|q|NONE|ENTERQUEUE||+7916|1":       {At: at.Add(250 * time.Millisecond), Call: "c", Queue: "q", Event: EnterQueue, Data: []string{"", "+7916", "1"}},
		"1366720340|c|q|Anna B.|COMPLETEAGENT|10|20|1":     {At: at, Call: "c", Queue: "q", Agent: "Anna B.", Event: "COMPLETEAGENT", Data: []string{"10", "20", "1"}},
		"1366720340|NONE|NONE|Agent/7|AGENTCALLBACKLOGIN|": {At: at, Agent: "Agent/7", Event: "AGENTCALLBACKLOGIN", Data: []string{""}},
	} {
		got, err := Parse(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestParseNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                            "1 fields",
		"1366720340|c|q|a":            "4 fields",
		"yesterday|c|q|a|CONNECT|1":   `"yesterday" is no time`,
		"-5|c|q|a|CONNECT|1":          `"-5" is no time`,
		"NaN|c|q|a|CONNECT|1":         `"NaN" is no time`,
		"1366720340|c|q|a|con|1":      `"con" is no event`,
		"1366720340|c|q|a||1":         `"" is no event`,
		"1366720340|NONE|q|a|CONNECT": "CONNECT without a queue or a call",
		"1366720340|c|q|NONE|CONNECT": "CONNECT without a member",
		"1366720340|c|q|a|" + strings.Repeat("x", 99): "xxx...",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %v, want %q", text, err, want)
		}
	}
}

func TestWhatEventsMean(t *testing.T) {
	t.Parallel()
	for event, want := range map[string]Duty{
		"ADDMEMBER": DutyOn, "REMOVEMEMBER": DutyOff, "AGENTLOGIN": DutyOn, "AGENTCALLBACKLOGIN": DutyOn, "AGENTLOGOFF": DutyOff,
		"AGENTCALLBACKLOGOFF": DutyOff, "PAUSE": DutyPaused, "PAUSEALL": DutyPaused, "UNPAUSE": DutyUnpaused, "UNPAUSEALL": DutyUnpaused, "DID": DutySame,
	} {
		if got := (Line{Event: event}).Duty(); got != want {
			t.Errorf("%s is %d, want %d", event, got, want)
		}
	}
	if (Line{Event: "ADDMEMBER", Data: []string{"PAUSED"}}).Duty() != DutyPaused {
		t.Error("a member that is added in pause is on duty")
	}
	if !(Line{Event: "EXITWITHTIMEOUT"}).Leaves() || !(Line{Event: "BLINDTRANSFER"}).Ends() || (Line{Event: Connect}).Ends() {
		t.Error("what ends a call is not known")
	}
	l := Line{Data: []string{"12", "x", "Inf"}}
	if n, ok := l.Number(0); n != 12 || !ok {
		t.Errorf("a number is %v, %v", n, ok)
	}
	for n := 1; n < 4; n++ {
		if _, ok := l.Number(n); ok {
			t.Errorf("datum %d is a number", n)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("1366720340|1366720340.303267|support|SIP/8007|RINGNOANSWER|1000")
	f.Add("1366720340.5|NONE|NONE|NONE|QUEUESTART|")
	f.Add("|||||")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := Parse(text)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		if l.Event == "" || l.At.Unix() < 0 || l.At.Year() > 5200 || l.Call == none || l.Agent == none || l.Queue == none {
			t.Errorf("%q is %+v", text, l)
		}
	})
}
