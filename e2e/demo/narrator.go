package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// settleFor is how long a line waits for others that happened before it: the
// journal arrives a moment later than what phones tell.
const settleFor = 600 * time.Millisecond

// narrator prints one line for each thing that happens, in the order in which
// it happened. Its methods may be called from any goroutine.
type narrator struct {
	out   io.Writer
	color bool
	fail  func(error) // told once when nobody reads any more
	quit  chan struct{}
	done  chan struct{}

	mu      sync.Mutex
	began   time.Time
	pending []line
	broken  bool
}

type line struct {
	at        time.Time
	who, text string
}

func newNarrator(out io.Writer, color bool, fail func(error)) *narrator {
	n := &narrator{out: out, color: color, fail: fail, quit: make(chan struct{}), done: make(chan struct{})}
	go n.run()
	return n
}

func (n *narrator) run() {
	defer close(n.done)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			n.flush(time.Now().Add(-settleFor))
		case <-n.quit:
			n.flush(time.Time{})
			return
		}
	}
}

// begin starts the clock that lines are told by.
func (n *narrator) begin() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.began = time.Now()
}

// say tells what somebody did or heard at a time.
func (n *narrator) say(at time.Time, who, format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.pending = append(n.pending, line{at: at, who: who, text: fmt.Sprintf(format, args...)})
}

// heading announces a scene.
func (n *narrator) heading(format string, args ...any) { n.say(time.Now(), "", format, args...) }

// print writes text as it is, behind everything said before.
func (n *narrator) print(format string, args ...any) {
	n.flush(time.Time{})
	n.mu.Lock()
	defer n.mu.Unlock()
	n.write(fmt.Sprintf(format, args...))
}

// Write makes the narrator a writer for the progress of programs.
func (n *narrator) Write(b []byte) (int, error) {
	n.print("%s", b)
	return len(b), nil
}

// close tells what is left to tell.
func (n *narrator) close() {
	close(n.quit)
	<-n.done
}

// flush writes the lines up to a time, all of them for the zero time.
func (n *narrator) flush(until time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	slices.SortStableFunc(n.pending, func(a, b line) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	i := 0
	for ; i < len(n.pending) && (until.IsZero() || !n.pending[i].at.After(until)); i++ {
		n.write(n.format(n.pending[i]))
	}
	n.pending = slices.Delete(n.pending, 0, i)
}

func (n *narrator) write(text string) {
	if n.broken {
		return
	}
	if _, err := io.WriteString(n.out, text); err != nil {
		n.broken = true
		n.fail(fmt.Errorf("tell what happens: %w", err))
	}
}

func (n *narrator) format(l line) string {
	if l.who == "" {
		return "\n" + n.paint(bold, l.text) + "\n"
	}
	at := max(0, l.at.Sub(n.began).Seconds())
	who := fmt.Sprintf("%-10s", l.who)
	text := l.text
	if l.who == keeper {
		text = n.paint(dim, text)
	}
	return fmt.Sprintf("%5.1f  %s  %s\n", at, n.paint(colorOf(l.who), who), text)
}

// keeper is who tells what linekeeper decides.
const keeper = "linekeeper"

// The colours of a terminal (SGR parameters).
const (
	bold = "1"
	dim  = "36"
	good = "32"
	bad  = "31;1"
)

func (n *narrator) paint(sgr, text string) string {
	if !n.color || sgr == "" {
		return text
	}
	return "\x1b[" + sgr + "m" + text + "\x1b[0m"
}

// colorOf gives each name of the cast a colour of its own.
func colorOf(who string) string {
	switch who {
	case keeper:
		return "36;1"
	case operatorName:
		return "33;1"
	}
	colors := []string{"32", "35", "34", "31", "92", "95", "94"}
	sum := 0
	for _, r := range who {
		sum += int(r)
	}
	return colors[sum%len(colors)]
}

// ordinal is "1st", "2nd", "3rd", "4th".
func ordinal(i int) string {
	suffix := "th"
	if i%100 < 11 || i%100 > 13 {
		switch i % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprintf("%d%s", i, suffix)
}

// spaced shows a Russian number in the groups that people read it in.
func spaced(number string) string {
	if len(number) == 12 && strings.HasPrefix(number, "+7") {
		return number[:2] + " " + number[2:5] + " " + number[5:8] + "-" + number[8:10] + "-" + number[10:]
	}
	return number
}
