package ari

import (
	"net/http"
	"testing"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/ari/aritest"
)

const subscription = "/applications/linekeeper/subscription"

func stasis(kind, id string) string {
	return aritest.Event(kind, `"args":["hotline","700"],"channel":`+aritest.Channel(id, "Ring", "linekeeper,hotline,700"))
}

func TestChannelsThatCameByThemselvesAreWatched(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	s.SetChannels(aritest.Channel("9.9", "Up", "linekeeper,hotline,700"), aritest.Channel("lk-9", "Up", "linekeeper"))
	c, _ := connect(t, s, options(s))
	if err := c.Originate(ctx(t), telephony.OriginateRequest{ID: "out", Endpoint: "PJSIP/100"}); err != nil {
		t.Fatal(err)
	}
	s.Send(t, stasis("StasisStart", "out"), stasis("StasisStart", "lk-1"), stasis("StasisStart", "1.1"))
	for range 3 {
		next[telephony.ChannelArrived](t, c)
	}
	s.AwaitRequests(t, "POST", subscription, 2)
	got := map[string]int{}
	for _, r := range s.Requests() {
		if r.Path == subscription {
			got[r.Query]++
		}
	}
	if len(got) != 2 || got["eventSource=channel%3A1.1"] != 1 || got["eventSource=channel%3A9.9"] != 1 {
		t.Errorf("subscriptions %v, want one to the caller and one to the channel of the snapshot", got)
	}
}

// Asterisk tells no end of a channel that was gone before it was subscribed to.
func TestTheEndOfAChannelThatCouldNotBeWatched(t *testing.T) {
	t.Parallel()
	gone := aritest.Answer(422, `{"message":"Event source does not exist"}`)
	for _, leftFirst := range []bool{true, false} {
		s := aritest.New(t)
		refuse := make(chan struct{})
		s.Handle("POST /ari"+subscription, func(w http.ResponseWriter, r *http.Request) {
			<-refuse
			gone(w, r)
		})
		c, _ := connect(t, s, options(s))
		s.Send(t, stasis("StasisStart", "1.1"))
		next[telephony.ChannelArrived](t, c)
		want := telephony.CauseUnknown
		if leftFirst {
			want = telephony.CauseBusy
			if err := c.Hangup(ctx(t), "1.1", want); err != nil {
				t.Fatal(err)
			}
			s.Send(t, stasis("StasisEnd", "1.1"))
			next[telephony.ChannelLeft](t, c)
			close(refuse)
		} else {
			close(refuse)
			s.AwaitRequests(t, "POST", subscription, 1)
			s.Send(t, stasis("StasisEnd", "1.1"))
			next[telephony.ChannelLeft](t, c)
		}
		if got := next[telephony.ChannelEnded](t, c); got.ID != "1.1" || got.Cause != want || got.At.IsZero() {
			t.Errorf("left first %v: ended as %+v, want cause %v", leftFirst, got, want)
		}
	}
}

func TestWatchingIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	s.Handle("POST /ari"+subscription, aritest.Answer(500, `{"error":"busy"}`))
	s.SetChannels(aritest.Channel("1.1", "Up", "linekeeper,hotline,700"))
	c, _ := connect(t, s, options(s))
	s.AwaitRequests(t, "POST", subscription, 3)
	s.Break()
	next[telephony.Disconnected](t, c)
	s.Handle("POST /ari"+subscription, nil)
	next[telephony.Connected](t, c)
	// The end comes from Asterisk, and once.
	s.Send(t, stasis("StasisEnd", "1.1"), destroyed("1.1"), digit("1.2", "7"))
	next[telephony.ChannelLeft](t, c)
	if got := next[telephony.ChannelEnded](t, c); got.Cause != telephony.CauseNormal {
		t.Errorf("ended as %+v", got)
	}
	next[telephony.DigitReceived](t, c)
}
