package stream_test

import (
	"context"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/linekeeper/linekeeper/telephony/stream"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestDeliversEverythingInOrderAndEnds(t *testing.T) {
	t.Parallel()
	const pushers, each = 8, 1000
	s, out := stream.New[[2]int](), make(chan [2]int)
	go s.Pump(t.Context(), out)
	var wg sync.WaitGroup
	for p := range pushers {
		wg.Go(func() {
			for i := range each {
				s.Push([2]int{p, i})
			}
		})
	}
	go func() {
		wg.Wait()
		s.Close()
	}()
	next := [pushers]int{}
	n := 0
	for item := range out {
		if next[item[0]] != item[1] {
			t.Fatalf("pusher %d: item %d comes where %d is due", item[0], item[1], next[item[0]])
		}
		next[item[0]]++
		n++
	}
	if n != pushers*each || s.Len() != 0 {
		t.Errorf("%d delivered, %d left", n, s.Len())
	}
}

func TestContextEndsPump(t *testing.T) {
	t.Parallel()
	s, out := stream.New[int](), make(chan int)
	s.Push(1, 2, 3)
	if s.Len() != 3 {
		t.Errorf("Len is %d", s.Len())
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		s.Pump(ctx, out)
		close(done)
	}()
	if got := <-out; got != 1 {
		t.Errorf("first is %d", got)
	}
	cancel()
	<-done
}

func TestPushAfterCloseIsDropped(t *testing.T) {
	t.Parallel()
	s, out := stream.New[int](), make(chan int, 4)
	s.Push(1)
	s.Close()
	s.Push(2)
	s.Pump(t.Context(), out)
	if len(out) != 1 {
		t.Errorf("%d delivered, want 1", len(out))
	}
}
