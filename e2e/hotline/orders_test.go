package hotline_test

import (
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/softphone"
)

// lines runs a command and gives the lines that it prints.
func (r *rig) lines(args ...string) []string {
	r.Helper()
	return strings.Split(strings.TrimSuffix(r.cli(args...), "\n"), "\n")
}

// says holds what a command prints against words.
func (r *rig) says(want string, args ...string) {
	r.Helper()
	if got := strings.Join(r.lines(args...), "\n"); got != want {
		r.Errorf("%s prints %q, want %q", strings.Join(args, " "), got, want)
	}
}

// denied holds what a command complains about against words.
func (r *rig) denied(want string, args ...string) {
	r.Helper()
	if _, err := r.CLI(r.soon(), args...); err == nil || !strings.Contains(err.Error(), want) {
		r.Errorf("%s: %v, want %q", strings.Join(args, " "), err, want)
	}
}

// What an operator types goes all the way to the customer's phone, or keeps it
// from ringing.
func TestOperatorsOrderCallbacks(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	anna, trunk := r.operator("101", softphone.AutoAnswer(0)), r.trunk()

	// While the queue is paused nobody is dialled, and everybody sees why.
	r.says("support\tpaused", "callback", "pause", "support", "--why", "drill")
	added := strings.Split(r.lines("callback", "add", first, "--hotline", "patient")[0], "\t")
	if len(added) < 7 || added[2] != first || added[5] != "waiting" {
		t.Fatalf("callback add prints %q", added)
	}
	id := added[0]
	r.until("it is held by the pause", func() bool { return r.promise().DelayedBy == "paused" })
	if cb := r.promise(); cb.Paused == nil || cb.Paused.Why != "drill" || len(cb.Attempts) > 0 {
		t.Errorf("while paused it is shown as %+v", cb)
	}
	if q := r.queue("support"); q.Paused == nil || q.Paused.Why != "drill" {
		t.Errorf("the paused queue is shown as %+v", q)
	}
	r.must(r.KillDaemon())
	r.must(r.StartDaemon(r.soon()))
	r.says("support\talready_paused", "callback", "pause", "support")
	if cb := r.promise(); len(cb.Attempts) > 0 {
		t.Errorf("dialled while paused: %+v", cb)
	}

	// Resumed, the customer is dialled at once; the line is busy.
	r.says("support\tresumed", "callback", "resume", "support")
	r.must(trunk.ring().Reject(r.soon(), 486))
	busy := r.promiseIs("waiting")
	if len(busy.Attempts) != 1 || busy.Attempts[0].Outcome != "busy" || busy.NotBefore == nil || time.Until(*busy.NotBefore) < time.Minute {
		t.Fatalf("after a busy line it is %+v", busy)
	}
	if busy.Attempts[0].At.Before(r.journal("callback.resumed")[0].At) {
		t.Errorf("dialled at %v, before the pause was lifted", busy.Attempts[0].At)
	}

	// Put off and hurried, it rings when the operator says so.
	put := strings.Split(r.lines("callback", "postpone", id, "2h", "--why", "at work")[0], "\t")
	if len(put) != 4 || put[1] != "postponed" || put[2] != "waiting" {
		t.Errorf("callback postpone prints %q", put)
	}
	if cb := r.promise(); time.Until(*cb.NotBefore) < 100*time.Minute || cb.Postponed != 1 || !cb.PlaceAt.Equal(busy.PlaceAt) {
		t.Errorf("put off it is %+v", cb)
	}
	r.says(id+"\thastened\twaiting", "callback", "retry", id)
	customer := trunk.ring()
	r.until("the phone rings for the switch, too", func() bool { return r.promise().State == "ringing" })
	r.denied("is ringing: the customer is still being called", "callback", "postpone", id, "2h")
	customer.confirms()
	r.talk(customer, anna.ring())
	r.denied("nothing is left to order", "callback", "retry", id)
	customer.hangsUp()
	r.promiseIs("done")
	r.denied("is done: it is over since", "callback", "retry", id)
	r.says(id+"\talready_closed\tdone", "callback", "cancel", id)

	// What became of it.
	story := strings.Join(r.lines("callback", "why", id), "\n")
	for _, words := range []string{"by rule paused", "drill", "at work"} {
		if !strings.Contains(story, words) {
			t.Errorf("the story does not say %q:\n%s", words, story)
		}
	}
	stats := strings.Join(r.lines("callback", "stats", "--since", "today"), "\n")
	for _, line := range []string{"PROMISED\t1", "KEPT\t1", "DELAYED paused\t1", "DIALLED\t2", "ENDED busy\t1", "ENDED connected\t1", "POSTPONED\t1"} {
		if !strings.Contains("\n"+stats+"\n", "\n"+line+"\n") {
			t.Errorf("the figures lack %q:\n%s", line, stats)
		}
	}
}

// Pages do not lose or repeat anybody.
func TestPagesOfCallbacks(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.cli("callback", "pause", "support")
	want := []string{}
	for _, number := range []string{first, second, third, fourth, "+79161112233"} {
		id, _, _ := strings.Cut(r.lines("callback", "add", number, "--hotline", "patient")[0], "\t")
		want = append([]string{id}, want...)
	}
	var got []string
	args := []string{"callback", "list", "--open", "--queue", "support", "--limit", "2"}
	for range len(want) {
		lines := r.lines(args...)
		for _, line := range lines {
			id, _, _ := strings.Cut(line, "\t")
			got = append(got, id)
		}
		if len(lines) < 2 {
			break
		}
		args = append(args[:7], "--after", got[len(got)-1])
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("the pages list %v, want %v", got, want)
	}
	r.says("", "callback", "list", "--state", "given_up,uncertain", "--since", "today")
}
