package storetest

import (
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

// documents are kept by version, and unused when neither a call nor a promise
// needs them.
func documents(t *testing.T, rig Rig) {
	s := rig.Open(t)
	version := func(name, hotline string, age time.Duration) store.Document {
		return store.Document{Version: name, Hotline: hotline, File: hotline + ".yaml", Since: base.Add(-age), Source: "hotline: " + hotline}
	}
	v1, v2, v3 := version("v1", "support", 3*time.Hour), version("v2", "support", 2*time.Hour), version("v3", "support", time.Hour)
	gone := version("g1", "gone", time.Hour)
	onV2, ended := aCall("c1", base), aCall("c2", base)
	onV2.Document, ended.Document = "v2", "v1"
	ended.EndedAt = base.Add(time.Minute)
	must(t, s.Commit(t.Context(), store.Batch{Documents: []store.Document{v1, v3, gone, v2}, Calls: []store.Call{onV2, ended}}))

	unused := func(beside []string, want ...string) {
		t.Helper()
		got, err := s.UnusedDocuments(t.Context(), beside)
		must(t, err)
		same(t, "unused documents", got, want)
	}
	unused([]string{"v3"}, "g1", "v1")
	promised := aPromise("b1", base)
	promised.Hotline = "gone"
	must(t, s.Commit(t.Context(), store.Batch{Callbacks: []callback.Callback{promised}}))
	unused([]string{"v3"}, "v1") // who is called back for a hotline that is gone still hears it

	// An older version that came back is the latest one again.
	v1.Since = base
	must(t, s.Commit(t.Context(), store.Batch{Documents: []store.Document{v1}, Forget: []string{"v3"}}))
	must(t, s.Close())
	open, err := rig.Open(t).Load(t.Context())
	must(t, err)
	same(t, "documents", open.Documents, []store.Document{gone, v1, v2})
}
