// Package stage sets up what the end-to-end tests and the demo play on: a real
// Asterisk, a linekeeper daemon of its own with a fresh database, and SIP
// phones. Close leaves no process and no files behind.
package stage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/prompts/voice"
	"github.com/linekeeper/linekeeper/queues/verify"
)

// Options say what to set up. Install is required, everything else has a
// default that suits a test.
type Options struct {
	Install  asterisk.Install
	Asterisk asterisk.Options // Install is filled in

	Hotlines string // folder of hotline documents, required
	Callers  string // CSV directory, "" for none
	Dir      string // parent of the stage's folder; "" means the system's temporary folder
	Keep     bool   // Close leaves the folder, to look at logs

	// Queues are keys of queues in linekeeper.yaml, by name; one that Asterisk does not have needs engine linekeeper.
	// Agents are those of such queues, by id; their phones are accounts of Asterisk.
	Queues, Agents map[string]Keys

	Voice     string            // "marks" (default: phones hear which text it is) or "command" (espeak-ng speaks)
	Speech    Keys              // further keys of "voice"
	Callbacks Callbacks         // zero fields mean the daemon's defaults
	Extra     string            // YAML appended to linekeeper.yaml
	DialLead  string            // of every queue, as a duration; "" means 1s: dial when the turn has come
	Env       map[string]string // added to the daemon's environment
	Program   string            // the linekeeper to run; "" means what Program gives

	// ARIVia gives the host:port by which the daemon reaches the ARI at addr, for
	// tests that cut the connection; nil means addr itself.
	ARIVia func(addr string) (string, error)
	AMIVia func(addr string) (string, error) // likewise of AMI
}

// Keys are a mapping of linekeeper.yaml, as it is written there.
type Keys = map[string]any

// Callbacks are the settings of linekeeper.yaml that tests vary.
type Callbacks struct {
	Prefixes []string // nil means +7
	More     Keys     // further keys of "callbacks"
}

// Stage is what was set up.
type Stage struct {
	Asterisk *asterisk.Asterisk
	Client   *api.Client // of the daemon's socket
	Dir      string      // linekeeper.yaml, database, prompts and logs
	Config   string      // path of linekeeper.yaml
	Socket   string
	LogFile  string // what the daemon writes on stderr
	// Proof is what the journal proved when the stage was closed; empty when the
	// daemon was dead by then.
	Proof verify.Report

	opts    Options
	program string
	daemon  *daemon

	mu      sync.Mutex
	texts   map[uint32]string
	phones  []*softphone.Phone
	closing sync.Once
	closed  error
}

// Open sets everything up and returns when the daemon is ready. When it fails,
// it has cleaned up after itself.
func Open(ctx context.Context, o Options) (*Stage, error) {
	s := &Stage{opts: o, texts: map[uint32]string{}}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Stage) open(ctx context.Context) error {
	var err error
	if s.program = s.opts.Program; s.program == "" {
		if s.program, err = Program(ctx); err != nil {
			return err
		}
	}
	if s.Dir, err = os.MkdirTemp(s.opts.Dir, "lk-"); err != nil {
		return fmt.Errorf("make the stage's folder: %w", err)
	}
	s.Config = filepath.Join(s.Dir, "linekeeper.yaml")
	s.Socket = filepath.Join(s.Dir, "lk.sock")
	s.LogFile = filepath.Join(s.Dir, "linekeeper.log")
	ao := s.opts.Asterisk
	ao.Install, ao.Dir, ao.Keep = s.opts.Install, s.opts.Dir, s.opts.Keep
	if s.Asterisk, err = asterisk.Start(ctx, ao); err != nil {
		return err
	}
	if err := s.writeConfig(); err != nil {
		return err
	}
	s.Client = api.NewClient(s.Socket)
	return s.StartDaemon(ctx)
}

// Database is the path of the daemon's SQLite file.
func (s *Stage) Database() string { return filepath.Join(s.Dir, "linekeeper.db") }

// Program is the linekeeper that the stage runs, for the CLI's commands.
func (s *Stage) Program() string { return s.program }

// Text gives the text of a mark that a phone heard, "" if nobody said it.
func (s *Stage) Text(code uint32) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if text, ok := s.texts[code]; ok {
		return text
	}
	texts, err := voice.Lexicon(filepath.Join(s.Dir, "prompts"))
	if err != nil {
		return "" // nothing was said yet
	}
	s.texts = texts
	return texts[code]
}

// Phone makes a phone that is part of the stage: it knows the texts of marks and
// is closed with the stage.
func (s *Stage) Phone(ctx context.Context, o softphone.Options) (*softphone.Phone, error) {
	o.Server, o.Lexicon = s.Asterisk.SIPAddr, s.Text
	p, err := softphone.New(ctx, o)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.phones = append(s.phones, p)
	return p, nil
}

// Operator makes and registers the phone of an operator's account.
func (s *Stage) Operator(ctx context.Context, account string, tone int, ring softphone.Policy) (*softphone.Phone, error) {
	for _, a := range s.Asterisk.Operators {
		if a.Name != account {
			continue
		}
		p, err := s.Phone(ctx, softphone.Options{User: a.Name, Password: a.Password, Tone: tone, OnRing: ring, Lines: 1})
		if err != nil {
			return nil, err
		}
		return p, p.Register(ctx)
	}
	return nil, fmt.Errorf("there is no operator's account %q", account)
}

// Trunk makes the phone that stands for all customers who are called back:
// whatever number is dialled on the trunk rings there.
func (s *Stage) Trunk(ctx context.Context, o softphone.Options) (*softphone.Phone, error) {
	if o.User == "" {
		o.User = "trunk"
	}
	o.Bind = fmt.Sprintf("127.0.0.1:%d", s.Asterisk.TrunkPort)
	return s.Phone(ctx, o)
}

// Logs writes the daemon's log and Asterisk's complaints, for a failed test.
func (s *Stage) Logs(w io.Writer) error {
	log, err := os.ReadFile(s.LogFile)
	if err != nil {
		return fmt.Errorf("read the daemon's log: %w", err)
	}
	problems, err := s.Asterisk.Problems()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "--- linekeeper\n%s--- asterisk\n%s\n", log, problems)
	return err
}

// Close ends phones, daemon and Asterisk, in this order. A journal that breaks a
// rule of the line is an error; see Verify. Close twice is not an error.
func (s *Stage) Close() error {
	s.closing.Do(func() {
		s.mu.Lock()
		phones := s.phones
		s.mu.Unlock()
		var errs []error
		for _, p := range phones {
			errs = append(errs, p.Close())
		}
		errs = append(errs, s.prove(), s.StopDaemon())
		if s.Asterisk != nil {
			errs = append(errs, s.Asterisk.Stop())
		}
		if s.Dir != "" && !s.opts.Keep {
			errs = append(errs, os.RemoveAll(s.Dir))
		}
		s.closed = errors.Join(errs...)
	})
	return s.closed
}
