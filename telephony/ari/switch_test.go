package ari

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/ari/aritest"
)

func TestOriginateBody(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c := newClient(t, options(s))
	err := c.Originate(ctx(t), telephony.OriginateRequest{
		ID: "lk-1", Endpoint: "Local/support@linekeeper-queue/n",
		CallerID: telephony.CallerID{Name: "Bob \"x\" <O'H>\r\n", Number: "+7999>"},
		Timeout:  1500 * time.Millisecond, Args: []string{"place", `4,2\("`}, Vars: map[string]string{"A": "b"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Originate(ctx(t), telephony.OriginateRequest{ID: "lk-2", Endpoint: "PJSIP/100"}); err != nil {
		t.Fatal(err)
	}
	want := []map[string]any{{
		"channelId": "lk-1", "otherChannelId": "lk-1;2", "endpoint": "Local/support@linekeeper-queue/n", "app": "linekeeper",
		"appArgs": `place,4\,2\\\(\"`, "callerId": `"Bob 'x' O'H" <+7999>`, "timeout": 2.0,
		"variables": map[string]any{"A": "b"}, "formats": "ulaw,alaw,slin",
	}, {
		"channelId": "lk-2", "endpoint": "PJSIP/100", "app": "linekeeper", "appArgs": "", "callerId": "", "timeout": -1.0,
	}}
	for i, r := range s.Requests() {
		var got map[string]any
		if err := json.Unmarshal([]byte(r.Body), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[i], got); diff != "" {
			t.Error(diff)
		}
	}
	for _, bad := range []telephony.OriginateRequest{
		{Endpoint: "PJSIP/1"}, {ID: "lk-1;2", Endpoint: "PJSIP/1"}, {ID: "lk\n", Endpoint: "PJSIP/1"},
		{ID: "lk-1", Endpoint: "nonsense"}, {ID: "lk-1", Endpoint: "PJSIP/1", Timeout: -1},
		{ID: telephony.ChannelID(strings.Repeat("x", 141)), Endpoint: "PJSIP/1"},
	} {
		if err := c.Originate(ctx(t), bad); telephony.KindOf(err) != telephony.KindPermanent {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// Asterisk says the same of an id in use and of one that begins another's.
func TestOriginateTellsExistsFromPrefix(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	s.Handle("POST /ari/channels", aritest.Answer(409, `{"message":"Channel with given unique ID already exists"}`))
	s.Handle("GET /ari/channels/lk-1", aritest.Answer(404, `{"message":"Channel not found"}`))
	c := newClient(t, options(s))
	req := telephony.OriginateRequest{ID: "lk-1", Endpoint: "Local/1@x/n"}
	for range 2 { // a second attempt is judged like the first
		if err := c.Originate(ctx(t), req); telephony.KindOf(err) != telephony.KindRetryable || !strings.Contains(err.Error(), "another's id") {
			t.Errorf("prefix: %v", err)
		}
	}
	s.Handle("GET /ari/channels/lk-1", aritest.Answer(200, aritest.Channel("lk-1", "Up", "")))
	if err := c.Originate(ctx(t), req); !telephony.IsExists(err) {
		t.Errorf("in use: %v", err)
	}
}

func TestOriginateTellsNoEndpointFromUnreachable(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	s.Handle("POST /ari/channels", aritest.Answer(500, `{"error":"Allocation failed"}`))
	s.Handle("GET /ari/endpoints/PJSIP/{id}", aritest.Answer(404, `{"message":"Endpoint not found"}`))
	s.Handle("GET /ari/endpoints/PJSIP/trunk", aritest.Answer(200, `{}`))
	c := newClient(t, options(s))
	for endpoint, want := range map[string]telephony.Kind{
		"PJSIP/nobody":             telephony.KindPermanent,
		"PJSIP/7999@nowhere":       telephony.KindPermanent,
		"PJSIP/7999@trunk":         telephony.KindRetryable,
		"PJSIP/trunk/sip:7@host":   telephony.KindRetryable,
		"PJSIP/nowhere/sip:7@host": telephony.KindPermanent,
	} {
		err := c.Originate(ctx(t), telephony.OriginateRequest{ID: "lk-1", Endpoint: endpoint})
		if telephony.KindOf(err) != want || telephony.IsUnanswered(err) || !strings.Contains(err.Error(), "Allocation failed") {
			t.Errorf("%s: %v (%v), want %v", endpoint, err, telephony.KindOf(err), want)
		}
	}
}

// Whether Asterisk may have dialled all the same decides what is done next.
func TestOriginateTellsARefusalFromNoAnswer(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		answer     http.HandlerFunc
		unanswered bool
	}{
		"cut": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, true},
		"cut in the answer": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("{"))
		}, true},
		"too late":    {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, true},
		"broken off":  {aritest.Answer(500, `{"message":"Internal Server Error"}`), true},
		"gateway":     {aritest.Answer(502, "<html>"), true},
		"overload":    {aritest.Answer(503, ""), false},
		"no endpoint": {aritest.Answer(500, `{"error":"Allocation failed"}`), false},
		"bad request": {aritest.Answer(400, `{"message":"Endpoint must be specified"}`), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := aritest.New(t)
			s.Handle("POST /ari/channels", one.answer)
			o := options(s)
			o.RequestTimeout = 100 * time.Millisecond
			err := newClient(t, o).Originate(ctx(t), telephony.OriginateRequest{ID: "lk-1", Endpoint: "Local/1@x/n"})
			if err == nil || telephony.IsUnanswered(err) != one.unanswered {
				t.Errorf("%v, unanswered %v; want %v", err, telephony.IsUnanswered(err), one.unanswered)
			}
		})
	}
}

func TestFarLegsAreHidden(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	s.SetChannels(
		aritest.Channel("lk-1", "Ringing", ""), aritest.Channel("lk-1;2", "Ring", ""),
		aritest.Channel("x;2", "Ring", "linekeeper,a"), aritest.Channel("9.9", "Up", "otherapp"))
	s.SetSubscribed("lk-1", "lk-1;2", "x;2")
	c, first := connect(t, s, options(s))
	var ids []string
	for _, ch := range first.Snapshot.Channels {
		ids = append(ids, string(ch.ID))
	}
	if diff := cmp.Diff([]string{"lk-1", "x;2"}, ids); diff != "" {
		t.Fatal(diff)
	}
	near, far := aritest.Channel("lk-1", "Up", ""), aritest.Channel("lk-1;2", "Up", "")
	s.Send(t,
		aritest.Event("ChannelStateChange", `"channel":`+far),
		aritest.Event("ChannelStateChange", `"channel":`+near),
		aritest.Event("ChannelUserevent", `"eventname":"End","userevent":{"eventname":"End","status":"FULL","n":1},"channel":`+far),
		destroyed("lk-1;2"), destroyed("lk-1"), destroyed("x;2"), destroyed("x;2"))
	if got := next[telephony.ChannelChanged](t, c); got.Channel.ID != "lk-1" || got.Channel.State != telephony.StateUp || got.Channel.Dialed != "" {
		t.Errorf("changed %+v", got)
	}
	user := next[telephony.UserEvent](t, c)
	if diff := cmp.Diff(map[string]string{"status": "FULL", "n": "1"}, user.Fields); diff != "" || user.ID != "lk-1" {
		t.Errorf("user event of %s: %s", user.ID, diff)
	}
	for _, want := range []telephony.ChannelID{"lk-1", "x;2"} {
		if got := next[telephony.ChannelEnded](t, c); got.ID != want {
			t.Errorf("ended %s, want %s", got.ID, want)
		}
	}
}

func TestSnapshotDescribesChannels(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	s.SetChannels(aritest.Channel("1.1", "Up", "linekeeper,a"), aritest.Channel("1.2", "Ring", "other,b"), aritest.Channel("1.3", "Up", "linekeeper2"))
	s.SetSubscribed("1.1", "1.2") // 1.2 was moved here from another application
	s.SetBridges(aritest.Bridge("lk-b", "stasis", "1.1"), aritest.Bridge("q", "basic", "1.3"))
	c := newClient(t, options(s))
	got, err := c.Snapshot(ctx(t))
	if err != nil {
		t.Fatal(err)
	}
	base := telephony.Channel{
		Name: "PJSIP/alice-00000001", Caller: telephony.CallerID{Name: "Alice", Number: "+79990001122"},
		Dialed: "88005550101", Arrived: true, Language: "ru",
	}
	one, two := base, base
	one.ID, one.State, one.Bridge = "1.1", telephony.StateUp, "lk-b"
	two.ID, two.State = "1.2", telephony.StateRinging
	want := telephony.Snapshot{
		Channels: []telephony.Channel{one, two},
		Bridges:  []telephony.Bridge{{ID: "lk-b", Channels: []telephony.ChannelID{"1.1"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnjoin(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c := newClient(t, options(s))
	remove := "POST /ari/bridges/lk-b/removeChannel"
	for _, answer := range []struct {
		status int
		body   string
		want   telephony.Kind
		fails  bool
	}{
		{204, "", 0, false},
		{422, `{"message":"Channel not in this bridge"}`, 0, false},
		{422, `{"message":"Channel not in Stasis application"}`, 0, false},
		{400, `{"message":"Channel not found"}`, 0, false},
		{404, `{"message":"Bridge not found"}`, 0, false},
		{500, `{"message":"Internal error"}`, telephony.KindRetryable, true},
	} {
		s.Handle(remove, aritest.Answer(answer.status, answer.body))
		err := c.Unjoin(ctx(t), "lk-b", "1.1")
		if (err != nil) != answer.fails || err != nil && telephony.KindOf(err) != answer.want {
			t.Errorf("%d %s: %v", answer.status, answer.body, err)
		}
	}
	r := s.Requests()[0]
	if r.Path != "/bridges/lk-b/removeChannel" || r.Body != `{"channel":"1.1"}` {
		t.Errorf("asked %+v", r)
	}
	for _, err := range []error{c.Unjoin(ctx(t), "", "1.1"), c.Unjoin(ctx(t), "lk-b", "")} {
		if err == nil || telephony.KindOf(err) != telephony.KindPermanent {
			t.Errorf("without an id: %v", err)
		}
	}
}

func TestBridgeAndRecord(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c := newClient(t, options(s))
	s.Handle("POST /ari/bridges/old", aritest.Answer(409, `{"message":"Bridge with id 'old' already exists"}`))
	if err := c.Bridge(ctx(t), "old", "1", "2"); err != nil {
		t.Error(err)
	}
	if err := c.Record(ctx(t), "old", "rec-1"); err != nil {
		t.Error(err)
	}
	if err := c.Unbridge(ctx(t), "old"); err != nil {
		t.Error(err)
	}
	s.Handle("POST /ari/bridges/{id}/addChannel", aritest.Answer(422, `{"message":"Channel not in Stasis application"}`))
	if err := c.Bridge(ctx(t), "new", "3"); !telephony.IsGone(err) {
		t.Errorf("gone channel: %v", err)
	}
	for _, bad := range []string{"", "a/b", "..", "a.wav", "a b"} {
		if err := c.Record(ctx(t), "old", bad); telephony.KindOf(err) != telephony.KindPermanent {
			t.Errorf("record %q: %v", bad, err)
		}
	}
	var got []string
	for _, r := range s.Requests() {
		got = append(got, r.Method+" "+r.Path+" "+r.Body)
	}
	want := []string{
		`POST /bridges/old {"type":"mixing"}`, `POST /bridges/old/addChannel {"channel":["1","2"]}`,
		`POST /bridges/old/record {"format":"wav","ifExists":"append","name":"rec-1"}`,
		`POST /recordings/live/rec-1/stop `, `DELETE /bridges/old `,
		`POST /bridges/new {"type":"mixing"}`, `POST /bridges/new/addChannel {"channel":["3"]}`, `DELETE /bridges/new `,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLend(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c := newClient(t, options(s))
	const ask, send = "GET /ari/channels/1.1/variable", "POST /ari/channels/1.1/continue"
	yes := aritest.Answer(200, `{"value":"1"}`)
	for _, tc := range []struct {
		name       string
		ask, send  http.HandlerFunc
		want       telephony.Kind
		fails      bool
		sentOrders int
	}{
		{"as it should be", yes, nil, 0, false, 1},
		{"no such context", aritest.Answer(200, `{"value":"0"}`), nil, telephony.KindPermanent, true, 0},
		{"no such function", aritest.Answer(500, `{"message":"Unable to read provided function"}`), nil, telephony.KindPermanent, true, 0},
		{"gone before", aritest.Answer(404, `{"message":"Channel not found"}`), nil, telephony.KindGone, true, 0},
		{"gone meanwhile", yes, aritest.Answer(404, `{"message":"Channel not found"}`), telephony.KindGone, true, 1},
		{"not with us", yes, aritest.Answer(409, `{"message":"Channel not in Stasis application"}`), telephony.KindGone, true, 1},
		{"no memory", yes, aritest.Answer(500, `{"error":"Allocation failed"}`), telephony.KindRetryable, true, 1},
	} {
		s.Handle(ask, tc.ask)
		s.Handle(send, tc.send)
		before := len(s.Requests())
		err := c.Lend(ctx(t), "1.1", telephony.Extension{Context: "linekeeper-machine"})
		if (err != nil) != tc.fails || err != nil && telephony.KindOf(err) != tc.want {
			t.Errorf("%s: %v", tc.name, err)
		}
		asked := s.Requests()[before:]
		if len(asked) != 1+tc.sentOrders || asked[0].Query != "variable=DIALPLAN_EXISTS%28linekeeper-machine%2Cs%2C1%29" {
			t.Errorf("%s: asked %+v", tc.name, asked)
		}
		for _, r := range asked[1:] {
			if r.Path != "/channels/1.1/continue" || r.Body != `{"context":"linekeeper-machine","extension":"s","priority":1}` {
				t.Errorf("%s: ordered %+v", tc.name, r)
			}
		}
	}
	for _, bad := range []string{"", "a,b", "${EXTEN}", "a(b)"} {
		if err := c.Lend(ctx(t), "1.1", telephony.Extension{Context: bad}); telephony.KindOf(err) != telephony.KindPermanent {
			t.Errorf("context %q: %v", bad, err)
		}
	}
	s.Handle(ask, yes)
	s.Handle(send, nil)
	if err := c.Lend(ctx(t), "1.1", telephony.Extension{Context: "old-ivr", Number: "700", Priority: 3}); err != nil {
		t.Fatal(err)
	}
	last := s.Requests()[len(s.Requests())-2:]
	if last[0].Query != "variable=DIALPLAN_EXISTS%28old-ivr%2C700%2C3%29" || last[1].Body != `{"context":"old-ivr","extension":"700","priority":3}` {
		t.Errorf("another extension: %+v", last)
	}
}

// A caller who was sent away and came back ends like any other.
func TestTheEndOfAChannelThatCameBack(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	c, _ := connect(t, s, options(s))
	s.Send(t, stasis("StasisStart", "1.1"))
	next[telephony.ChannelArrived](t, c)
	s.AwaitRequests(t, "POST", subscription, 1)
	s.Send(t, stasis("StasisEnd", "1.1"), stasis("StasisStart", "1.1"), stasis("StasisEnd", "1.1"), destroyed("1.1"), digit("1.2", "7"))
	next[telephony.ChannelLeft](t, c)
	next[telephony.ChannelArrived](t, c)
	next[telephony.ChannelLeft](t, c)
	if got := next[telephony.ChannelEnded](t, c); got.ID != "1.1" || got.Cause != telephony.CauseNormal {
		t.Errorf("ended as %+v", got)
	}
	next[telephony.DigitReceived](t, c)
	n := 0
	for _, r := range s.Requests() {
		if r.Path == subscription {
			n++
		}
	}
	if n != 1 {
		t.Errorf("subscribed %d times, want once", n)
	}
}

// Asterisk shows a channel that has just left Stasis as one that is still there.
func TestSnapshotKnowsWhoLeft(t *testing.T) {
	t.Parallel()
	s := aritest.New(t)
	s.SetChannels(aritest.Channel("lk-1", "Up", "linekeeper"))
	c, _ := connect(t, s, options(s))
	arrived := func() bool {
		t.Helper()
		snap, err := c.Snapshot(ctx(t))
		if err != nil || len(snap.Channels) != 1 {
			t.Fatalf("the snapshot is %+v, %v", snap, err)
		}
		return snap.Channels[0].Arrived
	}
	if !arrived() {
		t.Error("it is in Stasis and not listed so")
	}
	s.Send(t, stasis("StasisEnd", "lk-1"))
	next[telephony.ChannelLeft](t, c)
	if arrived() {
		t.Error("it left and is listed as arrived")
	}
	s.Send(t, stasis("StasisStart", "lk-1"))
	next[telephony.ChannelArrived](t, c)
	if !arrived() {
		t.Error("it came back and is not listed so")
	}
	s.Send(t, stasis("StasisEnd", "lk-1"))
	next[telephony.ChannelLeft](t, c)
	s.Break() // it may come back unheard
	next[telephony.Disconnected](t, c)
	if next[telephony.Connected](t, c); !arrived() {
		t.Error("after a gap what Asterisk says does not count")
	}
}
