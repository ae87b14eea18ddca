package api

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/queues"
)

// post sends a body to POST /v1/callbacks and gives status and answer.
func post(t *testing.T, d Daemon, header http.Header, body string) (int, string) {
	t.Helper()
	srv := httptest.NewServer(New(d, prometheus.NewRegistry(), "").Handler())
	defer srv.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/v1/callbacks", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range header {
		req.Header[name] = v
	}
	resp, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Client().CloseIdleConnections()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.Body.Close() != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func TestAskForEverything(t *testing.T) {
	t.Parallel()
	from := time.Now().UTC().Truncate(time.Minute).Add(48 * time.Hour)
	var asked controller.NewCallback
	d := &fake{
		addCallback: func(n controller.NewCallback) (controller.Asked, error) {
			asked = n
			return controller.Asked{Callback: callback.Callback{ID: "b1", State: callback.Waiting, NotBefore: from}}, nil
		},
	}
	zone, err := time.LoadLocation("Europe/Moscow")
	if err != nil {
		t.Fatal(err)
	}
	local := from.In(zone).Format("2006-01-02T15:04")
	status, text := post(t, d, http.Header{"Idempotency-Key": {"form-17"}}, `{"number":"8 916 123 45 67","queue":"q","hotline":"h","name":"Ivan",
		"account":"1001","language":"en","question":"Where is my parcel?","when":{"from":"`+local+`"},"time_zone":"Europe/Moscow",
		"campaign":"spring","priority":5}`)
	if status != http.StatusCreated || !strings.Contains(text, `"planned_at":"`+from.Format(time.RFC3339)+`","position":0,"ewt":null,"notes":[]`) {
		t.Errorf("%d %s", status, text)
	}
	want := controller.NewCallback{
		Number: "8 916 123 45 67", Queue: "q", Hotline: "h", Name: "Ivan", Account: "1001", Language: "en", Question: "Where is my parcel?",
		Window: callback.Window{From: from}, Zone: "Europe/Moscow", Campaign: "spring", Priority: 5, Key: "form-17",
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestAskTellsHowThePlaceStands(t *testing.T) {
	t.Parallel()
	cb := callback.Callback{ID: "b1", State: callback.Waiting, Queue: "q", Placed: true}
	existing := true
	d := &fake{
		addCallback: func(controller.NewCallback) (controller.Asked, error) {
			return controller.Asked{Callback: cb, Existing: existing}, nil
		},
		queue: func(name string) (queues.View, error) {
			if name != "q" {
				return queues.View{}, errors.New("another queue")
			}
			return queues.View{Places: []queues.PlaceView{
				{Place: queues.Place{ID: "p0", CallID: "c0"}},
				{Place: queues.Place{ID: "p1", CallbackID: "b1", State: queues.PlaceResting}, Ahead: 1, Estimate: queues.Estimate{Known: true, Mean: time.Minute, Low: 30 * time.Second, High: 2 * time.Minute}},
			}}, nil
		},
	}
	status, text := post(t, d, nil, `{"number":"+79161234567","when":"now"}`)
	if status != http.StatusOK || !strings.Contains(text, `"existing":true,"planned_at":null,"position":2,"ewt":{"mean_s":60,"low_s":30,"high_s":120},"notes":[]`) {
		t.Errorf("%d %s", status, text)
	}
	cb.Queue, existing = "elsewhere", false
	status, text = post(t, d, nil, `{"number":"+79161234567"}`)
	if status != http.StatusCreated || !strings.Contains(text, `"position":0,"ewt":null,"notes":["how queue elsewhere stands is not known now"]`) {
		t.Errorf("%d %s", status, text)
	}
}

func TestAskRefuses(t *testing.T) {
	t.Parallel()
	d := &fake{addCallback: func(n controller.NewCallback) (controller.Asked, error) {
		r := callback.Refusal{Rule: callback.RulePrefix, Message: "nobody is called there", Remedy: "add a prefix"}
		if n.Number == "+79161234567" {
			r = callback.Refusal{Rule: callback.RuleDuplicate, Message: "promised already", Remedy: "nothing to do", ExistingID: "b7"}
		}
		return controller.Asked{}, &controller.RefusedError{Refusal: r}
	}}
	for _, tc := range []struct {
		header http.Header
		body   string
		status int
		want   string
	}{
		{nil, `{"number":"+1"}`, 422, `{"code":"refused","message":"nobody is called there; add a prefix","rule":"prefix","remedy":"add a prefix"}`},
		{nil, `{"number":"+79161234567"}`, 409, `{"code":"refused","message":"promised already; nothing to do","rule":"duplicate","remedy":"nothing to do","callback":"b7"}`},
		{nil, `{"number":"+1","when":{"from":"2026-01-01T10:00"}}`, 422, `"rule":"zone","remedy":"add time_zone`},
		{nil, `{"number":"+1","when":{"until":"soon"}}`, 422, `"rule":"request","remedy":"write local time like`},
		{nil, `{"number":"+1","when":"soon"}`, 400, `neither \"now\" nor an object`},
		{nil, `{"number":"+1"} {"number":"+2"}`, 400, `something follows the JSON value`},
		{nil, `{"number":"+1","priority":"high"}`, 400, `bad_request`},
		{http.Header{"Idempotency-Key": {"a"}}, `{"number":"+1","key":"b"}`, 400, `are not the same; leave one of them out`},
		{nil, ``, 400, `the number to call is missing`},
	} {
		status, text := post(t, d, tc.header, tc.body)
		if status != tc.status || !strings.Contains(text, tc.want) {
			t.Errorf("%s gives %d %s", tc.body, status, text)
		}
	}
}
