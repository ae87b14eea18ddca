package asterisk

import "time"

// Options say how to start Asterisk. The zero value with an Install is useful:
// free ports, operators 101 to 103, queues support and billing.
type Options struct {
	Install Install // from Setup, required

	SIPPort   int // UDP on 127.0.0.1; 0 picks a free one
	TrunkPort int // UDP on 127.0.0.1, where calls to PJSIP/NUMBER@trunk go; 0 picks a free one
	RTPPorts  int // how many ports for sound, two a call leg; 0 means 1000

	Operators     []Account // SIP accounts in context operators; nil means 101, 102 and 103
	Callers       []Account // SIP accounts that may call hotlines; other phones need none
	Queues        []Queue   // nil means support and billing, served by all operators
	FallbackQueue string    // where calls go without a controller; "" means the first queue

	Language     string  // of sounds that Asterisk says by itself; "" means ru
	SessionLimit int     // HTTP connections at once; 0 means 1000
	MusicHz      float64 // pitch of the hold music, a pure tone; 0 means 440
	Verbose      bool    // log every dialplan step; slow under load

	// Extra is appended to configuration files: "extensions.conf" to text.
	Extra map[string]string

	Dir         string        // parent of the run folder; "" means the system's temporary folder
	Keep        bool          // Stop leaves the run folder, to look at logs
	BootTimeout time.Duration // 0 means 30 s
}

// Account is a SIP account with digest authentication.
type Account struct {
	Name     string
	Password string
}

// Queue is one section of queues.conf.
type Queue struct {
	Name     string
	Strategy string   // as Asterisk names it; "" means rrmemory
	MaxLen   int      // callers waiting at most; 0 means no limit
	Timeout  int      // seconds that one member rings; 0 means 15
	WrapUp   int      // seconds of rest after a call
	Members  []string // interfaces: "PJSIP/101", or with more fields as in queues.conf
}

func (o Options) withDefaults() Options {
	if o.RTPPorts == 0 {
		o.RTPPorts = 1000
	}
	if o.Operators == nil {
		for _, name := range []string{"101", "102", "103"} {
			o.Operators = append(o.Operators, Account{Name: name, Password: "secret" + name})
		}
	}
	if o.Queues == nil {
		o.Queues = []Queue{{Name: "support"}, {Name: "billing"}}
		for i := range o.Queues {
			for _, operator := range o.Operators {
				o.Queues[i].Members = append(o.Queues[i].Members, "PJSIP/"+operator.Name)
			}
		}
	}
	queues := make([]Queue, len(o.Queues))
	for i, queue := range o.Queues {
		if queue.Strategy == "" {
			queue.Strategy = "rrmemory"
		}
		if queue.Timeout == 0 {
			queue.Timeout = 15
		}
		queues[i] = queue
	}
	o.Queues = queues
	if o.FallbackQueue == "" && len(o.Queues) > 0 {
		o.FallbackQueue = o.Queues[0].Name
	}
	if o.Language == "" {
		o.Language = "ru"
	}
	if o.SessionLimit == 0 {
		o.SessionLimit = 1000
	}
	if o.MusicHz == 0 {
		o.MusicHz = 440
	}
	if o.BootTimeout == 0 {
		o.BootTimeout = 30 * time.Second
	}
	return o
}
