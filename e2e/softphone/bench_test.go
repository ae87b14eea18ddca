package softphone_test

import (
	"context"
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/softphone"
)

// BenchmarkCalls keeps 200 phones in calls with one other phone in the same process, both sides sending
// and listening, and reports what a call costs at its two ends together: CPU milliseconds for a second of call.
func BenchmarkCalls(b *testing.B) {
	const calls = 200
	ctx, cancel := context.WithTimeout(b.Context(), 2*time.Minute)
	defer cancel()
	server, err := softphone.New(ctx, softphone.Options{User: "server", Server: "127.0.0.1:9", OnRing: softphone.AutoAnswer(0)})
	if err != nil {
		b.Fatal(err)
	}
	phones := []*softphone.Phone{server}
	defer func() {
		var all sync.WaitGroup
		for _, p := range phones {
			all.Go(func() {
				if err := p.Close(); err != nil {
					b.Error(err)
				}
			})
		}
		all.Wait()
	}()
	var dialled sync.WaitGroup
	for i := range calls {
		p, err := softphone.New(ctx, softphone.Options{User: fmt.Sprintf("caller%d", i), Server: server.Addr()})
		if err != nil {
			b.Fatal(err)
		}
		phones = append(phones, p)
		dialled.Go(func() {
			c, err := p.Call(ctx, "100")
			if err != nil {
				b.Error(err)
				return
			}
			c.Talk(true)
		})
	}
	dialled.Wait()
	cpu := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	used, began := cpu(), time.Now()
	for b.Loop() {
		<-time.After(time.Second) // what is measured is the cost of time going by
	}
	perCall := float64(cpu()-used) / float64(time.Millisecond) / time.Since(began).Seconds() / calls
	b.ReportMetric(perCall, "cpu-ms/call-s")
	if n := len(server.Calls()); n != calls {
		b.Errorf("%d calls are up, want %d", n, calls)
	}
}
