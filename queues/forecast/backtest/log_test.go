package backtest

import (
	"fmt"
	"strings"
	"testing"
)

func read(t testing.TB, l *Log, lines []string) (bad []string) {
	t.Helper()
	for i, line := range lines {
		if err := l.Add(line); err != nil {
			bad = append(bad, fmt.Sprintf("line %d: %v", i+1, err))
		}
	}
	l.Close()
	return bad
}

func TestLogOfABusyDay(t *testing.T) {
	t.Parallel()
	l := NewLog()
	if bad := read(t, l, madeDay(1, 6, 40_000)); bad != nil {
		t.Fatalf("made lines are refused: %v", bad)
	}
	rows := l.Rows()
	if len(rows) != 1 || rows[0].Queue != "support" {
		t.Fatalf("rows %+v", rows)
	}
	r := rows[0]
	t.Logf("%d scored, %d hung up, mean wait %.0f s; RMSE %.0f s and %.0f s; bias %.0f s; inside %.3f; near %.3f and %.3f; unknown %d",
		r.Ours.N(), r.HungUp, r.Ours.MeanWait(), r.Ours.RMSE(), r.HoldTime.RMSE(), r.Ours.Bias(), r.Ours.Inside(), r.Ours.Near(), r.HoldTime.Near(), r.Unknown)
	if r.Ours.N() < 700 || r.Ours.N() != r.HoldTime.N() || r.HungUp < 50 || r.Unknown > 5 {
		t.Errorf("counted %d, %d, hung up %d, unknown %d", r.Ours.N(), r.HoldTime.N(), r.HungUp, r.Unknown)
	}
	if r.Ours.RMSE() > 0.8*r.HoldTime.RMSE() || r.Ours.Near() < r.HoldTime.Near() {
		t.Errorf("RMSE %.1f s, hold time %.1f s", r.Ours.RMSE(), r.HoldTime.RMSE())
	}
	if in := r.Ours.Inside(); in < 0.7 || in > 0.93 {
		t.Errorf("inside %.3f", in)
	}
}

// The same numbers as app_queue shows: a quarter of each new wait, in whole
// seconds.
func TestHoldTimeIsThatOfAppQueue(t *testing.T) {
	t.Parallel()
	l := NewLog()
	var lines []string
	for i, held := range []int{10, 7, 100, 3} {
		at := 1000 * (i + 1)
		lines = append(lines,
			fmt.Sprintf("%d|c%d|q|NONE|ENTERQUEUE||x|1", at, i), fmt.Sprintf("%d|c%d|q|a|CONNECT|%d|x|1", at+held, i, held),
			fmt.Sprintf("%d|c%d|q|a|COMPLETEAGENT|1|1|1", at+held+10, i))
	}
	if bad := read(t, l, lines); bad != nil {
		t.Fatal(bad)
	}
	// 10>>2 = 2; (6+7)>>2 = 3; (9+100)>>2 = 27; (81+3)>>2 = 21
	if got := l.queues["q"].holdTime; got != 21 {
		t.Errorf("hold time %d s", got)
	}
	l = NewLog()
	read(t, l, append(lines, "9000|NONE|NONE|NONE|QUEUESTART|"))
	if got := l.queues["q"].holdTime; got != 0 {
		t.Errorf("hold time %d s after a start", got)
	}
}

func TestBadLinesAreNamedAndSkipped(t *testing.T) {
	t.Parallel()
	l := NewLog()
	bad := read(t, l, []string{
		"1000|c1|q|NONE|ENTERQUEUE||x|1", "1000|c1|q", "\x00\x00", "200|c0|q|NONE|ENTERQUEUE||x|1", "990|c2|q|NONE|ENTERQUEUE||x|1", "1001|c1|q|NONE|DID|5",
	})
	want := []string{"line 2: 3 fields", "line 3: 1 fields", "line 4: 13m20s earlier"}
	if len(bad) != len(want) {
		t.Fatalf("bad lines: %q", bad)
	}
	for i := range want {
		if !strings.HasPrefix(bad[i], want[i]) {
			t.Errorf("%q, want %q", bad[i], want[i])
		}
	}
	if got := len(l.queues["q"].calls); got != 2 {
		t.Errorf("%d callers wait", got)
	}
}

func TestMembersOfALog(t *testing.T) {
	t.Parallel()
	states := func(lines ...string) string {
		l := NewLog()
		if bad := read(t, l, lines); bad != nil {
			t.Fatal(bad)
		}
		var out []string
		for _, r := range l.Rows() {
			q := l.queues[r.Queue]
			for _, name := range []string{"a", "b"} {
				if m := q.members[name]; m != nil {
					out = append(out, fmt.Sprintf("%s/%s %s", r.Queue, name, m.state))
				}
			}
		}
		return strings.Join(out, ", ")
	}
	talk := []string{"1000|c|q|NONE|ENTERQUEUE||x|1", "1010|c|q|a|CONNECT|10|x|5"}
	for _, c := range []struct {
		lines []string
		want  string
	}{
		{talk, "q/a talking"},
		{append(talk, "1020|c|q|a|COMPLETEAGENT|10|10|1"), "q/a idle"},
		{append(talk, "1020|NONE|q|a|PAUSE|lunch"), "q/a talking"},
		{append(talk, "1020|NONE|NONE|a|PAUSEALL|", "1030|c|q|a|BLINDTRANSFER|x"), "q/a paused"},
		{append(talk, "1030|c|q|a|COMPLETECALLER|1|1|1", "1040|NONE|NONE|a|AGENTLOGOFF|x|99"), "q/a offline"},
		{append(talk, "1012|d|q|NONE|ENTERQUEUE||x|1", "1030|c|q|a|COMPLETECALLER|1|1|1"), "q/a wrapup"},
		{append(talk, "1012|d|q|NONE|ENTERQUEUE||x|1", "1030|c|q|a|COMPLETECALLER|1|1|1", "1040|d|q|NONE|ABANDON|1|1|28"), "q/a idle"},
		{append(talk, "1030|c|q|a|COMPLETECALLER|1|1|1", "1040|d|q|NONE|ENTERQUEUE||x|1", "1060|d|q|a|RINGNOANSWER|15000"), "q/a idle"},
		{append(talk, "1030|c|q|a|COMPLETECALLER|1|1|1", "1040|d|q|NONE|ENTERQUEUE||x|1", "1040|d|q|a|RINGNOANSWER|0"), "q/a busy"},
		// b is added, but never rung while somebody waits
		{append(talk, "1011|NONE|q|b|ADDMEMBER|", "1012|d|q|NONE|ENTERQUEUE||x|1", "1200|e|q|NONE|ENTERQUEUE||x|2"), "q/a talking, q/b offline"},
		{[]string{"1000|NONE|q|a|ADDMEMBER|PAUSED", "1000|NONE|q|b|ADDMEMBER|", "1001|NONE|q|b|REMOVEMEMBER|"}, "q/a paused, q/b offline"},
		// a member of two queues is busy in both
		{append([]string{"900|NONE|p|a|ADDMEMBER|"}, talk...), "p/a busy, q/a talking"},
		{append([]string{"900|NONE|p|a|ADDMEMBER|"}, append(talk, "1030|c|q|a|COMPLETECALLER|1|1|1")...), "p/a idle, q/a idle"},
		{append(talk, "2000|NONE|NONE|NONE|QUEUESTART|"), "q/a idle"},
	} {
		if got := states(c.lines...); got != c.want {
			t.Errorf("%s\ngives %s, want %s", strings.Join(c.lines, "\n"), got, c.want)
		}
	}
}

func FuzzLog(f *testing.F) {
	f.Add(text(madeDay(3, 2, 900)))
	f.Add("1000|c|q|a|CONNECT|10|x|5\n1000|NONE|NONE|NONE|QUEUESTART|\n")
	f.Fuzz(func(t *testing.T, text string) {
		l := NewLog()
		lines := strings.Split(text, "\n")
		read(t, l, lines[:min(len(lines), 60)])
		for _, r := range l.Rows() {
			if r.Ours.N() != r.HoldTime.N() || r.Ours.MAE() < 0 {
				t.Errorf("%+v", r)
			}
		}
	})
}

func BenchmarkLog(b *testing.B) {
	lines := madeDay(1, 30, 40_000)
	for b.Loop() {
		read(b, NewLog(), lines)
	}
	b.ReportMetric(float64(len(lines)*b.N)/b.Elapsed().Seconds(), "lines/s")
}

// TestLogOfQuickCalls: members who are rung and answer within the second end
// their work after the call by it, though no line says so.
func TestLogOfQuickCalls(t *testing.T) {
	t.Parallel()
	l := NewLog()
	add := func(text string) {
		t.Helper()
		if err := l.Add(text); err != nil {
			t.Fatal(err)
		}
	}
	at, joined, served := 1_795_309_629, 0, 0
	join := func() {
		joined++
		add(fmt.Sprintf("%d|c%d|q|NONE|ENTERQUEUE||7916|%d", at, joined, joined-served))
	}
	for range 6 {
		join()
	}
	for range 300 {
		at++
		served++
		add(fmt.Sprintf("%d|c%d|q|PJSIP/1|CONNECT|5|x|0", at, served))
		at++
		add(fmt.Sprintf("%d|c%d|q|PJSIP/1|COMPLETEAGENT|5|1|1", at, served))
		join()
	}
	l.Close()
	row := l.Rows()[0]
	if bias := row.Ours.Bias(); bias < -5 || bias > 15 {
		t.Errorf("the estimates are %.1f s off on average, of waits of %.1f s", bias, row.Ours.MeanWait())
	}
}
