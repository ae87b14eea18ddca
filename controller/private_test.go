package controller_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
)

// What the callers of these tests press.
const (
	vaultPIN   = "74185296"
	vaultWrong = "96307418"
	vaultCode  = "61730592"
	vaultBirth = "17081963"
)

func vaultPeople(t *testing.T) people {
	hash, err := callers.HashPIN(vaultPIN, callers.HashParams{MemoryKiB: 1024, Passes: 1, Lanes: 1}, []byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return people{"1001": {
		Account: "1001", Name: "Ivan", Language: "en", PINHash: hash, Answers: map[string]string{"birth_date": vaultBirth},
		Balance: &callers.Money{Minor: 152350, Currency: "RUB"},
	}}
}

// inTheVault runs a test on a hotline that asks for long secrets and records
// conversations; what the daemon logs goes to log, down to the last detail.
func inTheVault(t *testing.T, log *bytes.Buffer, test func(r *rig)) {
	core := zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.Lock(zapcore.AddSync(log)), zapcore.DebugLevel)
	inBubbleWith(t, func(o *controller.Options) {
		o.Directory, o.Log = vaultPeople(t), zap.New(core)
		o.Conversations = map[string]controller.Conversation{"support": {Record: true}}
	}, []string{"testdata/vault.yaml"}, test)
}

// parts counts who is being recorded now, in the only recording.
func (r *rig) parts() int {
	open := 0
	for _, p := range r.sim.Recordings()[0].Parts {
		if p.Until.IsZero() {
			open++
		}
	}
	return open
}

// TestRecordingRestsWhileSecretsAreEntered: a caller who comes back from an agent
// and is asked for a PIN is not recorded until it is checked, also when the daemon
// dies in between.
func TestRecordingRestsWhileSecretsAreEntered(t *testing.T) {
	for _, killed := range []bool{false, true} {
		t.Run(fmt.Sprintf("killed=%v", killed), func(t *testing.T) {
			inTheVault(t, new(bytes.Buffer), func(r *rig) {
				r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(2 * time.Second).TalkFor(20 * time.Second)
				p := r.sim.Call(stranger, "611")
				r.hears(p, "Enter your code")
				p.Press("###")
				r.hears(p, "What now?")
				p.Press("2")
				r.until("the two talk", func() bool { return len(p.Bridged()) > 0 && !r.call(stranger).TalkFrom.IsZero() })
				synctest.Wait()
				if r.parts() != 2 {
					t.Errorf("%d are recorded while the two talk", r.parts())
				}
				accounts := times(p, "Enter your account number")
				r.until("the account is asked for", func() bool { return times(p, "Enter your account number") > accounts })
				if r.parts() != 0 {
					t.Errorf("%d are recorded while the account is asked for", r.parts())
				}
				if killed {
					accounts = times(p, "Enter your account number")
					r.restart(3 * time.Second)
					r.until("the account is asked for again", func() bool { return times(p, "Enter your account number") > accounts })
				}
				p.Press("1001#" + vaultPIN[:4])
				synctest.Wait()
				if r.parts() != 0 {
					t.Errorf("%d are recorded while the PIN is entered", r.parts())
				}
				p.Press(vaultPIN[4:])
				r.hears(p, "Your balance is")
				if r.parts() != 1 {
					t.Errorf("%d are recorded after the PIN, want the caller", r.parts())
				}
				p.Hangup()
				r.until("the call ends", func() bool { return r.call(stranger).Ended() })
			})
		})
	}
}

// TestSecretsAreNowhere: what callers press as PIN, code and answer is in nothing
// that the daemon writes, shows or counts.
func TestSecretsAreNowhere(t *testing.T) {
	log := new(bytes.Buffer)
	inTheVault(t, log, func(r *rig) {
		p := r.sim.Call(stranger, "611")
		r.hears(p, "Enter your code")
		p.Press(vaultCode) // nobody's
		r.hears(p, "does not match")
		p.Press(vaultCode[:6]) // half of it, and a crash
		synctest.Wait()
		r.restart(time.Second)
		r.until("the code is asked for again", func() bool { return times(p, "Enter your code") > 2 })
		p.Press("#1001#" + vaultBirth[:5] + "*" + vaultBirth)
		r.hears(p, "What now?")
		p.Press("1" + vaultWrong)
		r.hears(p, wrongPIN)
		p.Press("1001#" + vaultPIN)
		r.hears(p, "Your balance is")
		r.hears(p, "What now?")
		p.Hangup()
		r.until("the call ends", func() bool { return r.call(stranger).Ended() })
		if got := len(r.events("identify")); got < 4 {
			t.Errorf("%d entries in the journal, want one for each attempt", got)
		}
		r.nowhere(log.String(), vaultPIN, vaultWrong, vaultCode, vaultBirth)
	})
}

// nowhere looks for digits in everything that the daemon keeps and shows.
func (r *rig) nowhere(log string, secrets ...string) {
	r.t.Helper()
	kept := map[string]string{"the log": log}
	files, err := filepath.Glob(r.db + "*")
	r.must(err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		r.must(err)
		kept[filepath.Base(file)] = string(content)
	}
	if len(files) < 2 || !strings.Contains(kept["lk.db-wal"]+kept["lk.db"], "identify") {
		r.t.Fatalf("the database is not in %v", files)
	}
	calls, err := r.ctl.Calls(r.ctx(), store.CallFilter{})
	r.must(err)
	events, err := r.ctl.Events(r.ctx(), store.EventFilter{})
	r.must(err)
	locks, err := r.ctl.CallerLocks(r.ctx())
	r.must(err)
	shown, err := json.Marshal([]any{calls, events, locks})
	r.must(err)
	kept["what is shown"] = string(shown) + fmt.Sprintf("%+v", calls)
	families, err := r.ctl.Metrics().Registry.Gather()
	r.must(err)
	for _, f := range families {
		kept["the metrics"] += f.String() + "\n"
	}
	for _, rec := range r.sim.Recordings() {
		kept["the names of recordings"] += rec.Name + "\n"
	}
	for where, content := range kept {
		for _, secret := range secrets {
			if i := strings.Index(content, secret[:5]); i >= 0 {
				r.t.Errorf("%s has %q: ...%q...", where, secret[:5], content[max(0, i-40):min(len(content), i+40)])
			}
		}
	}
}
