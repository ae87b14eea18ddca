package doctor

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/ami"
)

// checkAMI connects and logs in.
func checkAMI(ctx context.Context, p *patient) []Finding {
	const what = "ami"
	var ev ami.Event
	select {
	case ev = <-p.manager.Events():
	case <-ctx.Done():
		return nil
	}
	if ev.State != ami.Connected {
		return []Finding{amiFailed(p, ev.Err)}
	}
	// Nobody needs the events, but somebody has to take them.
	go func() {
		for range p.manager.Events() {
		}
	}()
	p.amiUp = true
	return []Finding{ok(what, fmt.Sprintf("%s accepts user %s", p.AMI.Addr, p.AMI.User))}
}

func amiFailed(p *patient, err error) Finding {
	f := Finding{Status: Fail, What: "ami", Detail: fmt.Sprintf("%s: %v", p.AMI.Addr, err)}
	if strings.Contains(fmt.Sprint(err), "Authentication failed") {
		f.Detail = fmt.Sprintf("user %q, the password, or this machine's address is not accepted", p.AMI.User)
		f.Remedy = fmt.Sprintf("manager.conf: [%s] secret = the one of asterisk.ami.password in linekeeper.yaml, permit = 127.0.0.1/255.255.255.255, read = %s, eventfilter = %s, write = agent,reporting; then asterisk -rx 'manager reload'", p.AMI.User, wantRead, wantFilter)
		return f
	}
	_, port, splitErr := net.SplitHostPort(p.AMI.Addr)
	if splitErr != nil {
		port = "5038"
	}
	f.Remedy = "manager.conf, [general]: enabled = yes, bindaddr = 127.0.0.1, port = " + port + "; then asterisk -rx 'manager reload'; or correct asterisk.ami.address in linekeeper.yaml"
	return f
}

// checkPermissions asks which actions are allowed.
func checkPermissions(ctx context.Context, p *patient) []Finding {
	const what = "ami permissions"
	if !p.amiUp {
		return skip(what, "AMI does not answer")
	}
	list, err := p.manager.Do(ctx, ami.NewAction("ListCommands"))
	if err != nil {
		return one(Warn, what, err.Error(), "")
	}
	var out []Finding
	for action, class := range map[string]string{"QueuePause": "agent", "CoreSettings": "reporting"} {
		if list.Get(action) == "" {
			out = append(out, Finding{Warn, what, fmt.Sprintf("user %s may not write %q", p.AMI.User, class),
				fmt.Sprintf("manager.conf, [%s]: write = agent,reporting; then asterisk -rx 'manager reload'", p.AMI.User)})
		}
	}
	slices.SortFunc(out, func(a, b Finding) int { return strings.Compare(a.Detail, b.Detail) })
	if len(out) == 0 {
		return []Finding{ok(what, "write agent and reporting")}
	}
	return out
}

func has(list, item string) bool {
	return slices.ContainsFunc(strings.Split(list, ","), func(s string) bool { return strings.TrimSpace(s) == item })
}

// checkStub looks for linekeeper's part of the dialplan.
func checkStub(ctx context.Context, p *patient) []Finding {
	const what = "dialplan"
	const remedy = "copy extensions.linekeeper.conf to Asterisk's folder; extensions.conf, last line: #include \"extensions.linekeeper.conf\"; then asterisk -rx 'dialplan reload'"
	if !p.amiUp {
		return skip(what, "AMI does not answer")
	}
	var out []Finding
	contexts := []string{"linekeeper-hotline", "linekeeper-queue", "linekeeper-queue-left", "linekeeper-fallback"}
	if p.ownQueues() {
		contexts = append(contexts, "linekeeper-agent")
	}
	if p.Config != nil && p.Config.Callbacks.Machine.Detect == "amd" {
		contexts = append(contexts, "linekeeper-machine")
	}
	for _, context := range contexts {
		list, err := p.manager.List(ctx, ami.NewAction("ShowDialPlan", "Context", context))
		switch {
		case err != nil && strings.Contains(err.Error(), "Permission denied"):
			return skip(what, "the AMI account may not look: it needs write = agent,reporting")
		case err != nil && strings.Contains(err.Error(), "Did not find context"), telephony.IsGone(err):
			out = append(out, Finding{Fail, what, "there is no context " + context, remedy})
		case err != nil:
			out = append(out, Finding{Warn, what, fmt.Sprintf("context %s: %v", context, err), ""})
		case context == "linekeeper-agent":
			out = append(append(out, stasisApp(p, context, list)...), checkCodes(p, list)...)
		case context == "linekeeper-hotline", context == "linekeeper-machine":
			out = append(out, stasisApp(p, context, list)...)
		}
	}
	if len(out) == 0 {
		return []Finding{ok(what, "linekeeper's contexts are there and name the application "+p.ARI.App)}
	}
	return out
}

// stasisApp compares the application that a context of the dialplan calls with
// ours.
func stasisApp(p *patient, context string, list []ami.Message) []Finding {
	for _, m := range list {
		if m.Get("Application") != "Stasis" {
			continue
		}
		app, args, _ := strings.Cut(m.Get("AppData"), ",")
		if app != p.ARI.App {
			return one(Fail, "dialplan", fmt.Sprintf("%s sends calls to the application %q, linekeeper is %q", context, app, p.ARI.App),
				fmt.Sprintf("linekeeper.yaml: asterisk: {ari: {app: %s}}; or Stasis(%s,%s) in extensions.linekeeper.conf", app, p.ARI.App, args))
		}
		return nil
	}
	return one(Fail, "dialplan", context+" does not call Stasis()", "copy extensions.linekeeper.conf anew; then asterisk -rx 'dialplan reload'")
}
