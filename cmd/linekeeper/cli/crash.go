//go:build crashsteps

package cli

import (
	"context"
	"fmt"
	"net/http/httptrace"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/telephony"
)

// crashAt names the variable that says at which step the daemon kills itself:
// "due.stored", or "place.stored:3" for the third time that it comes by.
const crashAt = "LINEKEEPER_CRASH_AT"

// crashSteps lets the daemon die at a step as it would by a crash: by SIGKILL,
// without another instruction.
func crashSteps(o *controller.Options) error {
	said := os.Getenv(crashAt)
	if said == "" {
		return nil
	}
	name, times, counted := strings.Cut(said, ":")
	nth := 1
	if counted {
		var err error
		if nth, err = strconv.Atoi(times); err != nil || nth < 1 {
			return fmt.Errorf("%s: %q is no count", crashAt, times)
		}
	}
	at := slices.IndexFunc(controller.Steps(), func(s controller.Step) bool { return s.String() == name })
	if at < 0 {
		return fmt.Errorf("%s: there is no step %q", crashAt, name)
	}
	var left atomic.Int64
	left.Store(int64(nth))
	o.At = func(s controller.Step, _ string) {
		if s == controller.Steps()[at] && left.Add(-1) == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way
		}
	}
	o.Switch = sentSwitch{Switch: o.Switch, at: o.At}
	return nil
}

// sentSwitch tells when Asterisk took a request to dial a customer, before anything
// of the answer is looked at.
type sentSwitch struct {
	telephony.Switch
	at func(controller.Step, string)
}

func (s sentSwitch) Originate(ctx context.Context, req telephony.OriginateRequest) error {
	if id, _, ours := callback.ParseChannelID(string(req.ID)); ours {
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
			GotFirstResponseByte: func() { s.at(controller.StepDialSent, id) },
		})
	}
	return s.Switch.Originate(ctx, req)
}
