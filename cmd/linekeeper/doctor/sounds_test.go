package doctor

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/prompts/voice/share"
	"github.com/linekeeper/linekeeper/telephony/ari/aritest"
)

// fetching gives a bench whose Asterisk is to fetch sounds; reach says whether it
// can.
func fetching(t *testing.T, reach bool) *bench {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listen := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	b.opts.Config.Voice.Deliver = config.DeliverHTTP
	b.opts.Config.Voice.HTTP = config.VoiceHTTP{Listen: listen, URL: "http://" + listen, Valid: 24 * time.Hour}
	b.opts.Links = share.NewLinks("http://"+listen, []byte("the key of a test"), 24*time.Hour)
	b.ari.Handle("POST /ari/bridges/{id}/play/{play}", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusCreated)
		var body struct{ Media []string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || len(body.Media) != 1 {
			t.Errorf("asked to play %v, %v", body.Media, err)
			return
		}
		if !reach {
			return
		}
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		resp, err := client.Get(strings.TrimPrefix(body.Media[0], "sound:"))
		if err != nil {
			t.Error(err)
			return
		}
		defer resp.Body.Close()
		if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("the sound: %s, %v", resp.Status, err)
		}
	})
	b.ari.Handle("GET /ari/playbacks/{id}", aritest.Answer(404, `{"message":"Playback not found"}`))
	return b
}

func TestAsteriskFetchesSounds(t *testing.T) {
	t.Parallel()
	if got := fetching(t, true).examine(t); len(got) != 0 {
		t.Errorf("a healthy one has findings:\n%s", strings.Join(got, "\n"))
	}
}

func TestAsteriskDoesNotReachSounds(t *testing.T) {
	t.Parallel()
	b := fetching(t, false)
	h := b.opts.Config.Voice.HTTP
	want := []string{"fail sounds over http: Asterisk does not come for a sound at " + h.URL + " -> on Asterisk's machine: curl -sI " + h.URL +
		" must answer 403; else correct voice.http.url, or let that machine reach " + h.Listen +
		"; and the folder astcachedir of asterisk.conf must exist and be writable for Asterisk"}
	if diff := cmp.Diff(want, b.examine(t)); diff != "" {
		t.Error(diff)
	}
}

func TestModulesThatFetchSounds(t *testing.T) {
	t.Parallel()
	b := fetching(t, true)
	b.ari.Handle("GET /ari/asterisk/modules/res_http_media_cache.so", aritest.Answer(404, `{"message":"Module not found"}`))
	got := strings.Join(b.examine(t), "\n")
	for _, want := range []string{"fail modules: res_http_media_cache.so does not run -> asterisk -rx 'module load res_http_media_cache.so'", "skip sounds over http: res_http_media_cache.so does not run"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
