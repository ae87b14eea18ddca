package controller_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store/sqlite"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// BenchmarkImport promises calls for tomorrow, as many at once as the API does for
// a list, each durable before it counts.
func BenchmarkImport(b *testing.B) {
	const atOnce = 128
	db, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "lk.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }() // the figures are taken by then
	doc, err := dialplan.Parse("h.yaml", []byte("hotline: h\nnumbers: [\"600\"]\nlanguage: en\nstart: q\nnodes:\n  q: {queue: support, no_agents: bye, full: bye, timeout: bye, unavailable: bye}\n  bye: {say: \"Bye.\", hangup: true}\n"))
	if err != nil {
		b.Fatal(err)
	}
	sim := simswitch.New(simswitch.Options{})
	defer sim.Close()
	ctl, err := controller.New(controller.Options{
		Switch: sim, Store: db, Directory: people{}, Voice: speaker{}, Hotlines: []*dialplan.Document{doc},
		Queues: map[string]queues.Settings{"support": {}}, Region: "RU",
		Callbacks: controller.CallbackOptions{Endpoint: "PJSIP/{number}@trunk", Policies: map[string]callback.Policy{"h": {Prefixes: []string{"+7"}}}},
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- ctl.Run(ctx) }()
	defer func() { cancel(); <-done }()
	window := callback.Window{From: time.Now().Add(24 * time.Hour)}
	rows := make(chan int)
	var all sync.WaitGroup
	b.ResetTimer()
	for range atOnce {
		all.Go(func() {
			for i := range rows {
				_, err := ctl.AddCallback(ctx, controller.NewCallback{
					Number: fmt.Sprintf("+7916%07d", i), Name: "Ivan", Window: window, Key: fmt.Sprintf("import-%d", i), Reason: callback.ReasonImport,
				})
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	for i := range b.N {
		rows <- i
	}
	close(rows)
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
