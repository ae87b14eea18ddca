// Package doctor looks at an existing Asterisk and at this machine, and says
// what linekeeper still needs, with the exact lines or commands that bring it
// about. It changes nothing: it reads over ARI and AMI with the accounts of the
// configuration, and tries nothing that calls could notice.
package doctor

import (
	"context"
	"net"
	"os"
	"time"

	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/prompts/voice"
	"github.com/linekeeper/linekeeper/prompts/voice/share"
	"github.com/linekeeper/linekeeper/telephony/ami"
	"github.com/linekeeper/linekeeper/telephony/ari"
)

// Status is how bad a finding is.
type Status string

// The statuses of findings.
const (
	OK   Status = "ok"
	Warn Status = "warn" // it works, but badly or only for now
	Fail Status = "fail" // calls would fail
	Skip Status = "skip" // could not be looked at
)

// Finding is one line of the report.
type Finding struct {
	Status Status `json:"status"`
	What   string `json:"what"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy"` // "" when nothing is to be done
}

// Options say what is looked at.
type Options struct {
	Config    *config.Config
	ARI       ari.Options
	AMI       ami.Options
	Queues    []string     // names that documents and configuration use
	Languages []string     // in which callers are spoken to
	Engine    voice.Engine // what speaks
	Links     *share.Links // addresses of sounds; nil unless Asterisk fetches them

	// Directories are those of callers on other machines or in files, in their order.
	Directories []Directory

	// Running says whether our own daemon answers now.
	Running func(context.Context) bool

	// Hostname and LookupHost are those of packages os and net unless given.
	Hostname   func() (string, error)
	LookupHost func(context.Context, string) ([]string, error)
}

// Directory is a directory of callers that can be tried.
type Directory struct {
	Name string
	Try  func(context.Context) (detail string, err error)
}

// Check is one thing to look at. Checks run one after the other, and later ones
// use what earlier ones learned of the patient.
type check func(context.Context, *patient) []Finding

// checks are all of them in their order: first what the others need.
var checks = []check{
	checkARI, checkVersion, checkARIWrites, checkModules, checkApplication, checkTrunk,
	checkAMI, checkPermissions, checkEvents, checkStub, checkFallback, checkQueues, checkAgents, checkSettings,
	checkHostname, checkVoice, checkCache, checkSounds, checkDatabase, checkDirectories,
}

// patient is what is looked at, and what is known of it so far.
type patient struct {
	Options
	ari     *probe
	manager *ami.Client

	ariUp, amiUp bool
	version      string
	modules      map[string]bool // that run, as far as asked
	running      bool            // our own daemon
}

// patience bounds each single question.
const patience = 10 * time.Second

// Run makes all checks and tells each finding as soon as it is known. It blocks
// for seconds, or for some more when nothing answers. The result is the worst
// status of all findings, Skip not counted.
func Run(ctx context.Context, o Options, tell func(Finding)) (Status, error) {
	if o.Hostname == nil {
		o.Hostname = os.Hostname
	}
	if o.LookupHost == nil {
		o.LookupHost = net.DefaultResolver.LookupHost
	}
	manager, err := ami.New(o.AMI)
	if err != nil {
		return Fail, err
	}
	p := &patient{Options: o, ari: newProbe(o.ARI), manager: manager, modules: map[string]bool{}}
	p.running = o.Running != nil && o.Running(ctx)
	done := make(chan struct{})
	managing, cancel := context.WithCancel(ctx)
	go func() {
		defer close(done)
		_ = manager.Run(managing) // its end is in the events
	}()
	defer func() {
		cancel()
		<-done
		p.ari.close()
	}()
	worst := OK
	for _, c := range checks {
		for _, f := range c(ctx, p) {
			if err := ctx.Err(); err != nil {
				return worst, err
			}
			tell(f)
			if f.Status == Fail || f.Status == Warn && worst == OK {
				worst = f.Status
			}
		}
	}
	return worst, nil
}

func ok(what, detail string) Finding { return Finding{Status: OK, What: what, Detail: detail} }

func one(status Status, what, detail, remedy string) []Finding {
	return []Finding{{status, what, detail, remedy}}
}

func skip(what, detail string) []Finding { return one(Skip, what, detail, "") }
