package crash_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

// trouble is something that goes wrong beside the daemon while a promise is kept.
type trouble struct {
	name string
	plan []act // what the customer does, dial by dial
	make func(s *scene, r *relay, number string)
	want []string // the attempts in order, one of these
	told []string // words that `why` must have
	asks []int    // Asterisk's answers to requests to dial; nil for any
}

// away is how `why` explains an attempt whose end nobody heard.
const away = "it ended while linekeeper was away"

// The troubles of the switch and of the ways to it.
var troubles = []trouble{
	{"Asterisk is killed as it has dialled", []act{talks}, func(s *scene, r *relay, number string) {
		killed := make(chan struct{})
		r.does(func(_ http.ResponseWriter, _ *http.Request, ask func() *httptest.ResponseRecorder) {
			ask()
			if err := s.Asterisk.Crash(); err != nil {
				s.Error(err)
			}
			close(killed)
			panic(http.ErrAbortHandler)
		})
		s.ask(number)
		s.comesTo("the dial", killed)
		s.restartAsterisk()
		// By how far Asterisk came to tell of the call before it died.
	}, []string{"uncertain, connected", "no_answer, connected", "no_key, connected"}, nil, nil},
	{"Asterisk is killed while it rings", []act{rings, talks}, func(s *scene, _ *relay, number string) {
		s.ask(number)
		s.is(number, "ringing")
		s.must(s.Asterisk.Crash())
		s.restartAsterisk()
	}, []string{"no_answer, connected"}, []string{away}, nil},
	{"Asterisk is killed during the question", []act{answers, talks}, func(s *scene, _ *relay, number string) {
		s.ask(number)
		s.is(number, "answered")
		s.must(s.Asterisk.Crash())
		s.restartAsterisk()
	}, []string{"no_key, connected"}, []string{away}, nil},
	{"Asterisk is killed while the customer waits", []act{waits, talks}, func(s *scene, _ *relay, number string) {
		s.ask(number)
		s.is(number, "ringing")
		_, err := s.Asterisk.CLI(s.soon(), "queue pause member PJSIP/101 queue support")
		s.must(err)
		s.pickUp(number)
		s.is(number, "confirmed")
		s.must(s.Asterisk.Crash())
		s.restartAsterisk()
	}, []string{"abandoned, connected"}, nil, nil},

	{"the reply to the dial is lost", []act{talks}, func(s *scene, r *relay, number string) {
		r.does(cutAfter)
		s.ask(number)
	}, []string{"connected"}, nil, []int{200}},
	{"it is lost with all that ARI tells", []act{waits}, func(s *scene, r *relay, number string) {
		cut := make(chan struct{})
		r.does(func(_ http.ResponseWriter, _ *http.Request, ask func() *httptest.ResponseRecorder) {
			r.Cut() // what rings now is not told
			ask()
			close(cut)
			panic(http.ErrAbortHandler)
		})
		s.ask(number)
		s.comesTo("the dial", cut)
		s.until("the phone rings", func() bool { return s.dials(number) == 1 })
		s.isReady(false)
		s.must(r.Mend())
		s.isReady(true)
		s.tells(number, "was found alive on the switch")
		s.pickUp(number)
	}, []string{"connected"}, []string{"was found alive on the switch (ringing)"}, []int{200}},
	{"the dial is repeated with its id", []act{talks}, func(s *scene, r *relay, number string) {
		r.does(asksTwice)
		s.ask(number)
	}, []string{"connected"}, nil, []int{200, 409}},
	{"the dial never gets there", []act{talks}, func(s *scene, r *relay, number string) {
		r.does(cutBefore)
		s.ask(number)
	}, []string{"uncertain, connected"}, nil, []int{200}},
	{"ARI says 500 although it dialled", []act{talks}, func(s *scene, r *relay, number string) {
		r.does(failsAfter)
		s.ask(number)
	}, []string{"connected"}, nil, []int{200}},
	{"ARI says 500 and the customer is busy", []act{busy, talks}, func(s *scene, r *relay, number string) {
		r.does(failsAfter)
		s.ask(number)
	}, []string{"busy, connected"}, nil, []int{200, 200}},
	{"ARI answers too late", []act{talks}, func(s *scene, r *relay, number string) {
		r.does(tooLate)
		s.ask(number)
	}, []string{"connected"}, nil, []int{200}},

	{"ARI is cut while it rings", []act{waits}, func(s *scene, r *relay, number string) {
		s.ask(number)
		s.is(number, "ringing")
		s.without(r, func() {})
		s.tells(number, "was found alive on the switch")
		s.pickUp(number)
	}, []string{"connected"}, []string{"was found alive on the switch (ringing)"}, []int{200}},
	{"ARI is cut and the customer answers", []act{waits, talks}, func(s *scene, r *relay, number string) {
		s.ask(number)
		s.is(number, "ringing")
		s.without(r, func() {
			s.pickUp(number)
			s.until("Asterisk has let the customer go", func() bool {
				out, err := s.Asterisk.CLI(s.soon(), "core show channels count")
				s.must(err)
				return strings.Contains(out, "0 active channels")
			})
		})
	}, []string{"no_answer, connected"}, nil, []int{200, 200}},

	{"AMI is cut while an agent takes the place", []act{waits}, func(s *scene, r *relay, number string) {
		s.ask(number)
		s.is(number, "ringing")
		r.queues.Cut()
		s.pickUp(number)
		s.is(number, "done")
		s.must(r.queues.Mend())
		s.annaIsFree()
	}, []string{"connected"}, []string{"An agent took the place", "the promise is kept"}, []int{200}},
}

// TestTroubleWithTheSwitch kills Asterisk, loses replies and cuts the ways to it
// while a promise is kept: it is kept all the same, in its place, and the customer's
// phone rings no more often than is written down.
func TestTroubleWithTheSwitch(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	ended := map[string]end{}
	t.Run("scene", func(t *testing.T) {
		for i, tr := range troubles {
			t.Run(tr.name, func(t *testing.T) {
				t.Parallel()
				r := relayed(t)
				s := open(t, func(o *stage.Options) { o.ARIVia, o.AMIVia = r.listen, r.queues.Listen })
				e := s.live(tr, r, fmt.Sprintf("+79163%06d", i))
				mu.Lock()
				defer mu.Unlock()
				ended[tr.name] = e
			})
		}
	})
	var b strings.Builder
	fmt.Fprintf(&b, "%-46s %-5s  %-8s  %s\n", "trouble", "dials", "ended as", "attempts")
	for _, tr := range troubles {
		e := ended[tr.name]
		fmt.Fprintf(&b, "%-46s %-5d  %-8s  %s\n", tr.name, e.dials, e.state, e.what)
	}
	t.Logf("%d troubles\n%s", len(ended), b.String())
}

// live lets one promise live through a trouble.
func (s *scene) live(tr trouble, r *relay, number string) end {
	s.Helper()
	close(s.awaits(number, tr.plan...))
	tr.make(s, r, number)
	cb, asked := s.promise(number)
	if !asked {
		s.Fatalf("the promise to %s is lost", number)
	}
	e := s.judge(tr.name, "done", number, cb.PlaceAt)
	if !slices.Contains(tr.want, e.what) {
		s.Errorf("%s: the attempts are %q, want one of %q", tr.name, e.what, tr.want)
	}
	s.why(cb.ID, tr.told...)
	var asks []int
	ids := map[string]bool{}
	for _, a := range r.asked() {
		asks = append(asks, a.status)
		ids[a.Channel] = true
	}
	if tr.asks != nil {
		if diff := cmp.Diff(tr.asks, asks); diff != "" || len(ids) != e.dials {
			s.Errorf("%s: Asterisk was asked for %d ids, and the phone rang %d times; the answers (-want +got):\n%s", tr.name, len(ids), e.dials, diff)
		}
	}
	if _, err := s.CLI(s.soon(), "journal", "verify"); err != nil {
		s.Error(err)
	}
	return e
}

// ask has an operator ask for a promise. Its place counts from now.
func (s *scene) ask(number string) {
	s.Helper()
	_, err := s.Client.AddCallback(s.soon(), api.AddCallback{Number: number})
	s.must(err)
}

// is waits until a promise is in a state.
func (s *scene) is(number, state string) {
	s.Helper()
	s.until("the promise is "+state, func() bool {
		cb, _ := s.promise(number)
		return cb.State == state
	})
}

// tells waits until `why` has words.
func (s *scene) tells(number, words string) {
	s.Helper()
	cb, _ := s.promise(number)
	s.until("why says "+words, func() bool {
		story, err := s.Client.Why(s.soon(), cb.ID)
		s.must(err)
		return slices.ContainsFunc(story.Story, func(line string) bool { return strings.Contains(line, words) })
	})
}

// comesTo waits for something to happen.
func (s *scene) comesTo(what string, done <-chan struct{}) {
	s.Helper()
	select {
	case <-done:
	case <-s.soon().Done():
		s.Fatalf("it never comes to %s", what)
	}
}

// restartAsterisk brings Asterisk back after a crash. The daemon comes back to it by
// itself, with the same process.
func (s *scene) restartAsterisk() {
	s.Helper()
	s.isReady(false)
	s.must(s.Asterisk.Restart(s.soon()))
	s.isReady(true)
}

// without lets something happen while the daemon cannot reach ARI.
func (s *scene) without(r *relay, do func()) {
	s.Helper()
	r.Cut()
	s.isReady(false)
	do()
	s.must(r.Mend())
	s.isReady(true)
}

// isReady waits until the daemon knows that it has the switch, or that it has not.
func (s *scene) isReady(want bool) {
	s.Helper()
	s.until(fmt.Sprintf("the daemon's link is %v", want), func() bool {
		h, err := s.Client.Health(s.soon())
		s.must(err)
		return h.Switch == want
	})
}
