package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

// playing is one performance.
type playing struct {
	tell      *narrator
	stage     *stage.Stage
	cast      []*person
	journal   *journal
	listeners sync.WaitGroup
}

// errOutcome ends a play that went through, but not as it should.
var errOutcome = errors.New("not everything expected stands in the journal")

// play sets up, plays, shows and checks. Only a play in which everything was as
// expected leaves no folder behind.
func play(ctx context.Context, root string, n *narrator, keep bool) (err error) {
	began := time.Now()
	s, dir, err := set(ctx, root, n, stage.Options{})
	if dir != "" {
		defer func() {
			if cleared := clear(dir, keep || err != nil && !signalled(ctx), n); err == nil {
				err = cleared
			}
		}()
	}
	if err != nil {
		return err
	}
	p := &playing{tell: n, stage: s, cast: cast(), journal: newJournal()}
	defer func() {
		closed := s.Close()
		p.listeners.Wait()
		if s.Proof.Entries > 0 && !signalled(ctx) {
			n.print("What the journal proves: %v\n", s.Proof)
		}
		if closed != nil && signalled(ctx) {
			n.print("\nwhile ending: %v\n", closed)
		}
		err = errors.Join(err, closed)
	}()
	for _, who := range p.cast {
		who.play = p
	}
	n.print("Asterisk %s and linekeeper run on 127.0.0.1; set up in %s. The play takes about 80 s.\n",
		s.Asterisk.Version, seconds(time.Since(began)))

	began = time.Now()
	played := p.perform(ctx)
	took := time.Since(began)
	if signalled(ctx) {
		return context.Cause(ctx)
	}
	n.print("\nThe play took %s.\n", seconds(took))
	shown := p.show(ctx, filepath.Join(root, "demo", "out"))
	return errors.Join(p.judge(), played, shown)
}

// perform plays the scenes while the journal is followed.
func (p *playing) perform(ctx context.Context) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	t := newTeller()
	p.tell.begin()
	var following sync.WaitGroup
	following.Go(func() {
		err := p.journal.follow(ctx, p.stage.Client, func(ev api.Event) {
			if text := t.tell(ev); text != "" {
				p.tell.say(ev.At, keeper, "%s", text)
			}
		})
		if err != nil {
			end(err)
		}
	})
	err := p.scenes(ctx)
	if ctx.Err() == nil {
		err = errors.Join(err, p.journal.wait(ctx, "everything has come to its end", story.settled))
	}
	end(nil)
	following.Wait()
	return err
}

// settled says whether nothing is under way any more.
func (s story) settled() bool {
	closed := s.count("callback.done") + s.count("callback.given_up") + s.count("callback.cancelled")
	return s.count("call.started") == s.count("call.ended") && s.count("callback.asked") == closed &&
		s.count("place.taken") == s.count("place.left")
}

// set sets up Asterisk and linekeeper in a folder of their own, dir, which is ""
// when it came not that far.
func set(ctx context.Context, root string, n *narrator, o stage.Options) (s *stage.Stage, dir string, err error) {
	if o.Install, err = asterisk.Setup(ctx, n); err != nil {
		return nil, "", err
	}
	if dir, err = os.MkdirTemp("", "lk-demo-"); err != nil {
		return nil, "", fmt.Errorf("make a folder for the demo: %w", err)
	}
	o.Dir, o.Keep = dir, true
	o.Hotlines = filepath.Join(root, "demo", "hotlines")
	o.Callers = filepath.Join(root, "demo", "callers.csv")
	members := []string{
		fmt.Sprintf("PJSIP/%s,0,%s", operatorAccount, operatorName),
		fmt.Sprintf("PJSIP/%s,0,%s", colleagueID, colleague),
	}
	for _, id := range []string{operatorAccount, colleagueID} {
		o.Asterisk.Operators = append(o.Asterisk.Operators, asterisk.Account{Name: id, Password: password(id)})
	}
	o.Asterisk.Queues = []asterisk.Queue{{Name: "support", Members: members}, {Name: "billing", Members: members}}
	s, err = stage.Open(ctx, o)
	return s, dir, err
}

// clear removes the folder of a run, or says where it is.
func clear(dir string, keep bool, n *narrator) error {
	if !keep {
		return os.RemoveAll(dir)
	}
	n.print("\nLogs, database and configuration are kept in %s\n", dir)
	return nil
}

func signalled(ctx context.Context) bool {
	var by signalError
	return errors.As(context.Cause(ctx), &by)
}
