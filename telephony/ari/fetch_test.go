package ari

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/ari/aritest"
)

const someSound telephony.Media = "sound:http://127.0.0.1:9/x.wav"

func TestFetchWaitsUntilAsteriskIsDone(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c, _ := connect(t, s, options(s))
	var asked atomic.Int32
	s.Handle("GET /ari/playbacks/{id}", func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) < 3 {
			aritest.Answer(200, `{"id":"x","state":"playing"}`)(w, r)
			return
		}
		aritest.Answer(404, `{"message":"Playback not found"}`)(w, r)
	})
	if err := c.Fetch(ctx(t), someSound); err != nil {
		t.Fatal(err)
	}
	var way []string
	for _, r := range s.Requests() {
		if strings.Contains(r.Path, "lk-fetch-") && r.Method != http.MethodGet {
			way = append(way, r.Method+" "+r.Path+" "+r.Body)
		}
	}
	if len(way) != 3 || !strings.HasPrefix(way[0], "POST /bridges/lk-fetch-") || !strings.Contains(way[1], `"media":["`+string(someSound)+`"]`) ||
		!strings.Contains(way[1], `"offsetms":3600000`) || !strings.HasPrefix(way[2], "DELETE /bridges/lk-fetch-") {
		t.Errorf("asked\n%s", strings.Join(way, "\n"))
	}
	if n := asked.Load(); n != 3 {
		t.Errorf("looked %d times", n)
	}
}

func TestFetchThatFails(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c, _ := connect(t, s, options(s))
	if err := c.Fetch(ctx(t), "sound:http://a,b"); telephony.KindOf(err) != telephony.KindPermanent {
		t.Errorf("got %v", err)
	}
	s.Handle("POST /ari/bridges/{id}/play/{play}", aritest.Answer(500, `{"message":"no"}`))
	if err := c.Fetch(ctx(t), someSound); err == nil {
		t.Error("a refusal is no error")
	}
	s.AwaitRequests(t, http.MethodDelete, "/bridges/lk-fetch-"+c.opts.App+"-1", 1)
	s.Handle("POST /ari/bridges/{id}/play/{play}", nil)
	s.Handle("GET /ari/playbacks/{id}", aritest.Answer(200, `{"id":"x","state":"playing"}`))
	short, cancel := context.WithTimeout(ctx(t), 3*fetchPoll)
	defer cancel()
	if err := c.Fetch(short, someSound); err == nil {
		t.Error("it waits for ever")
	}
}
