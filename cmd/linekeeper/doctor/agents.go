package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/telephony/ami"
)

// ownQueues says whether linekeeper itself gives calls to agents.
func (p *patient) ownQueues() bool {
	return len(p.Config.QueuesOf(config.EngineLinekeeper)) > 0
}

// checkAgents looks for the phones of the agents whom linekeeper rings itself.
func checkAgents(ctx context.Context, p *patient) []Finding {
	const what = "agents"
	switch {
	case !p.ownQueues():
		return nil
	case !p.ariUp:
		return skip(what, "ARI does not answer")
	}
	var out []Finding
	seen, online := 0, 0
	for _, id := range slices.Sorted(maps.Keys(p.Config.Agents)) {
		phone := p.Config.Agents[id].Phone
		tech, name, _ := strings.Cut(phone, "/")
		if tech == "Local" { // has no endpoints, only a dialplan
			continue
		}
		a, err := p.ari.get(ctx, "endpoints", tech, name)
		switch {
		case err != nil:
			return one(Warn, what, err.Error(), "")
		case strings.HasPrefix(a.message, "Resource not found"):
			return skip(what, "ARI has no endpoints (res_ari_endpoints.so does not run)")
		case a.status == http.StatusNotFound:
			out = append(out, Finding{Fail, what, fmt.Sprintf("%s: Asterisk has no phone %s", id, phone),
				fmt.Sprintf("define it (pjsip.conf), or correct agents.%s.phone in linekeeper.yaml", id)})
			continue
		}
		var endpoint struct {
			State string `json:"state"`
		}
		seen++
		if json.Unmarshal(a.body, &endpoint) == nil && endpoint.State == "online" {
			online++
		}
	}
	if len(out) == 0 {
		return []Finding{ok(what, fmt.Sprintf("%d phones exist, %d are registered now", seen, online))}
	}
	return out
}

// checkCodes looks whether the dialplan gives the codes that agents dial to
// linekeeper. list is what it has in linekeeper-agent.
func checkCodes(p *patient, list []ami.Message) []Finding {
	codes := p.Config.AgentCodes
	var out []Finding
	for _, code := range []struct{ key, dialled string }{
		{"login", codes.LogIn}, {"logout", codes.LogOut}, {"pause", codes.Pause}, {"unpause", codes.Unpause}, {"ready", codes.Ready},
	} {
		has := func(m ami.Message) bool { return dials(m.Get("Extension"), code.dialled) }
		if code.dialled != "" && !slices.ContainsFunc(list, has) {
			out = append(out, Finding{Warn, "dialplan", fmt.Sprintf("linekeeper-agent does not take %s, which is agent_codes.%s", code.dialled, code.key),
				fmt.Sprintf("extensions.linekeeper.conf, [linekeeper-agent]: exten => %s,1,Stasis(%s,agent,${EXTEN}); then asterisk -rx 'dialplan reload'; or another agent_codes.%s in linekeeper.yaml", code.dialled, p.ARI.App, code.key)})
		}
	}
	return out
}

// dials says whether an extension of the dialplan takes a number: a pattern
// after _, with X, Z, N, [set], . and ! as in Asterisk, or the number itself.
func dials(extension, number string) bool {
	pattern, ok := strings.CutPrefix(extension, "_")
	if !ok {
		return extension == number
	}
	for pattern != "" {
		set := pattern[:1]
		rest := pattern[1:]
		switch set {
		case "!":
			return true
		case ".":
			return number != ""
		case "X", "x":
			set = "0-9"
		case "Z", "z":
			set = "1-9"
		case "N", "n":
			set = "2-9"
		case "[":
			if set, rest, ok = strings.Cut(rest, "]"); !ok {
				return false
			}
		case "-": // only for the eye
			pattern = rest
			continue
		}
		if number == "" || !inSet(set, number[0]) {
			return false
		}
		pattern, number = rest, number[1:]
	}
	return number == ""
}

// inSet says whether a set such as "a-cx" has a key.
func inSet(set string, key byte) bool {
	for i := 0; i < len(set); i++ {
		if i+2 < len(set) && set[i+1] == '-' {
			if set[i] <= key && key <= set[i+2] {
				return true
			}
			i += 2
		} else if set[i] == key {
			return true
		}
	}
	return false
}
