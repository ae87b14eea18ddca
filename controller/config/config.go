// Package config reads the daemon's configuration, linekeeper.yaml: where the
// switch is, where records go, which hotlines are served and how promises are
// dialled.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
)

// Config is the whole file. docs/configuration.md explains every key.
type Config struct {
	Asterisk Asterisk `yaml:"asterisk"`
	Store    Store    `yaml:"store"`
	Socket   string   `yaml:"socket"`   // path of the CLI's unix socket
	Listen   string   `yaml:"listen"`   // host:port for /metrics and health; "" for none
	Hotlines string   `yaml:"hotlines"` // folder of hotline documents, or one file
	Callers  Callers  `yaml:"callers"`
	Region   string   `yaml:"region"` // ISO 3166 country of numbers without a country code
	Voice    Voice    `yaml:"voice"`
	// Recordings are those of conversations and messages, on the switch.
	Recordings Recordings       `yaml:"recordings"`
	Music      string           `yaml:"music"` // class of hold music
	Queues     map[string]Queue `yaml:"queues"`
	Agents     map[string]Agent `yaml:"agents"` // of queues with engine linekeeper
	// Pauses are the reasons of pauses that have an allowance: the longest that
	// such pauses of an agent may last in all since the log-in.
	Pauses     map[string]time.Duration `yaml:"pauses"`
	AgentCodes AgentCodes               `yaml:"agent_codes"`
	// Dispositions are the codes that agents may give a call; none: any.
	Dispositions []string          `yaml:"dispositions"`
	Callbacks    Callbacks         `yaml:"callbacks"`
	Web          Web               `yaml:"web"`
	Hooks        map[string]Hook   `yaml:"hooks"`
	Lookups      map[string]Lookup `yaml:"lookups"`
	Transfers    Transfers         `yaml:"transfers"`
	Log          Log               `yaml:"log"`

	agents []string // ids as they are written: the strategy top_down goes by that
	file   string
	lines  map[string]int // of each key, by its dotted path
}

// Fault is an error about what stands under a key, such as
// "callers.directories.0.url", with file and line. Of joined errors each is one.
func (c *Config) Fault(key string, err error) error {
	if many, joined := err.(interface{ Unwrap() []error }); joined {
		var errs []error
		for _, one := range many.Unwrap() {
			errs = append(errs, c.Fault(key, one))
		}
		return errors.Join(errs...)
	}
	return &fault{file: c.file, line: lineAt(c.lines, key), key: key, err: err}
}

// Asterisk says how to reach the switch.
type Asterisk struct {
	ARI ARI `yaml:"ari"`
	AMI AMI `yaml:"ami"`
}

// ARI is the Asterisk REST Interface.
type ARI struct {
	URL      string `yaml:"url"`
	User     string `yaml:"user"`
	Password Secret `yaml:"password"`
	App      string `yaml:"app"`
}

// AMI is the Asterisk Manager Interface.
type AMI struct {
	Address  string `yaml:"address"` // host:port
	User     string `yaml:"user"`
	Password Secret `yaml:"password"`
	TLS      bool   `yaml:"tls"`
}

// Store says where records and journal are kept.
type Store struct {
	SQLite string `yaml:"sqlite"` // path of the database file
}

// Callbacks says how customers are dialled.
type Callbacks struct {
	Endpoint   string   `yaml:"endpoint"`  // "PJSIP/{number}@trunk"
	CallerID   string   `yaml:"caller_id"` // number shown to the customer
	CallerName string   `yaml:"caller_name"`
	Prefixes   []string `yaml:"prefixes"`    // allowed beginnings of E.164 numbers; none means no callbacks
	Types      []string `yaml:"types"`       // of numbers that are called; none: callback.DefaultTypes
	Blocked    []string `yaml:"blocked"`     // numbers and beginnings of numbers
	DoNotCall  string   `yaml:"do_not_call"` // path of a list of numbers, "" for none
	Caps       Caps     `yaml:"caps"`
	// Hours are days with their spans, as in a hotline document; CallingHours has
	// them read.
	Hours  map[string]any `yaml:"hours"`
	CutOff Duration       `yaml:"cut_off"`
	// Ahead is how far in the future a customer may wish for a call.
	Ahead          Duration             `yaml:"ahead"`
	Campaigns      map[string]Campaign  `yaml:"campaigns"`
	CostGroups     map[string]CostGroup `yaml:"cost_groups"`
	MaxAttempts    int                  `yaml:"max_attempts"`
	RetryAfter     Duration             `yaml:"retry_after"`
	RingTimeout    Duration             `yaml:"ring_timeout"`
	ConfirmTimeout Duration             `yaml:"confirm_timeout"`
	AgentHold      Duration             `yaml:"agent_hold"`
	Uncertain      string               `yaml:"uncertain"` // "count", "hold" or "ask"
	Mode           string               `yaml:"mode"`      // who is called first; "" is customer_first
	Retries        map[string]Retry     `yaml:"retries"`   // by outcome
	Expire         Duration             `yaml:"expire"`    // 0: never
	Machine        Machine              `yaml:"machine"`

	hours *dialplan.Hours
}

// CallingHours are when customers are called, by their own clocks; nil for at
// any time.
func (c Callbacks) CallingHours() *dialplan.Hours { return c.hours }

// Retry is what follows an attempt that ended in one way; see callback.Retry.
type Retry struct {
	After    Duration `yaml:"after"`
	Attempts int      `yaml:"attempts"`
	Anew     bool     `yaml:"anew"`
}

// Machine says what is done about answering machines.
type Machine struct {
	Detect string `yaml:"detect"` // "talk", "amd" or "off"; "" is off
	Then   string `yaml:"then"`   // "hang_up" or "message"; "" is hang_up
}

// Caps limit how often is dialled; see callback.Caps.
type Caps struct {
	NumberDay int `yaml:"number_day"`
	Hour      int `yaml:"hour"`
	Day       int `yaml:"day"`
	InFlight  int `yaml:"in_flight"`
}

// Rules are those about whom to call, and when, as a policy.
func (c Callbacks) Rules() callback.Policy {
	p := callback.Policy{
		Prefixes: c.Prefixes, Blocked: c.Blocked, Hours: c.hours, CutOff: c.CutOff, Ahead: c.Ahead,
		Caps: callback.Caps{NumberDay: c.Caps.NumberDay, Hour: c.Caps.Hour, Day: c.Caps.Day, InFlight: c.Caps.InFlight},
	}
	p.Mode, p.Expire, p.Machine = callback.Mode(c.Mode), c.Expire, callback.MachineAction(c.Machine.Then)
	for outcome, r := range c.Retries {
		if p.Retries == nil {
			p.Retries = map[callback.Outcome]callback.Retry{}
		}
		p.Retries[callback.Outcome(outcome)] = callback.Retry{After: r.After, Attempts: r.Attempts, Anew: r.Anew}
	}
	p.Types = typesOf(c.Types)
	p.Campaigns, _ = c.campaigns()
	p.CostGroups = c.costGroups()
	return p
}

// Duration is a time.Duration; the name keeps the struct above readable.
type Duration = time.Duration

// Log says what is logged.
type Log struct {
	Level  string `yaml:"level"`  // "debug", "info", "warn", "error"
	Format string `yaml:"format"` // "json" or "console"
}

// Load reads and checks a file. Relative paths in it are taken from the file's
// own folder. All faults are reported at once, each with the
// line or the key.
func Load(path string) (*Config, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	cfg, err := Parse(path, src)
	if err != nil {
		return nil, err
	}
	cfg.resolve(filepath.Dir(path))
	return cfg, nil
}

// Parse checks the text of a configuration; file is only used in messages.
func Parse(file string, src []byte) (*Config, error) {
	cfg := defaults()
	dec := yaml.NewDecoder(bytes.NewReader(src))
	dec.KnownFields(true)
	var faults []*fault
	if err := dec.Decode(cfg); err != nil && !errors.Is(err, io.EOF) {
		faults = located(file, err)
	}
	for name, q := range cfg.Queues {
		if q.Engine == "" {
			q.Engine = EngineAsterisk
			cfg.Queues[name] = q
		}
	}
	var root yaml.Node
	if err := yaml.Unmarshal(src, &root); err == nil {
		c := newChecker(file, cfg, &root)
		cfg.agents, cfg.file, cfg.lines = c.agents, file, c.lines
		faults = append(faults, c.check(faults)...)
	}
	return cfg, join(faults)
}

func defaults() *Config {
	return &Config{
		Asterisk: Asterisk{
			ARI: ARI{URL: "http://127.0.0.1:8088/ari", User: "linekeeper", App: "linekeeper"},
			AMI: AMI{Address: "127.0.0.1:5038", User: "linekeeper"},
		},
		Store:      Store{SQLite: "linekeeper.db"},
		Socket:     "linekeeper.sock",
		Callers:    Callers{Lock: Lock(callers.DefaultLockRules)},
		Transfers:  Transfers{InFlight: 10, Hour: 100, CallerDay: 5},
		Region:     "RU",
		Voice:      defaultVoice(),
		Log:        Log{Level: "info", Format: "console"},
		AgentCodes: AgentCodes{LogIn: "*22", LogOut: "*23", Pause: "*24", Unpause: "*25", Ready: "*26"},
	}
}

// resolve makes relative paths absolute, from the folder of the file.
func (c *Config) resolve(dir string) {
	paths := []*string{&c.Store.SQLite, &c.Socket, &c.Hotlines, &c.Callers.CSV, &c.Voice.Cache, &c.Voice.Recordings, &c.Recordings.Folder, &c.Callbacks.DoNotCall, &c.Web.TLS.Cert, &c.Web.TLS.Key}
	for i := range c.Callers.Directories {
		d := &c.Callers.Directories[i]
		paths = append(paths, &d.File, &d.CA, &d.Cert, &d.Key)
	}
	for _, l := range c.Lookups {
		paths = append(paths, l.files()...)
		if l.SQL != nil {
			l.SQL.in(dir)
		}
	}
	for _, p := range paths {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(dir, *p)
		}
		if abs, err := filepath.Abs(*p); err == nil && *p != "" {
			*p = abs
		}
	}
}
