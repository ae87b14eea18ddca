package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// checkARI connects, logs in and learns the version.
func checkARI(ctx context.Context, p *patient) []Finding {
	const what = "ari"
	a, err := p.ari.get(ctx, "asterisk", "info")
	switch {
	case err != nil:
		port := "8088"
		if u, err := url.Parse(p.ARI.BaseURL); err == nil && u.Port() != "" {
			port = u.Port()
		}
		return one(Fail, what, fmt.Sprintf("%s does not answer: %v", p.ARI.BaseURL, err),
			"http.conf, [general]: enabled = yes, bindaddr = 127.0.0.1, bindport = "+port+"; then asterisk -rx 'core reload' (a changed port needs 'core restart gracefully'); or correct asterisk.ari.url in linekeeper.yaml")
	case a.status == http.StatusUnauthorized:
		return one(Fail, what, fmt.Sprintf("user %q or the password is not accepted", p.ARI.User),
			fmt.Sprintf("ari.conf: [%s] type = user, read_only = no, password = the one of asterisk.ari.password in linekeeper.yaml; then asterisk -rx 'module reload res_ari.so'", p.ARI.User))
	case !a.isARI():
		return one(Fail, what, fmt.Sprintf("the HTTP server at %s has no ARI: %v", p.ARI.BaseURL, a),
			"ari.conf, [general]: enabled = yes; modules.conf: load = res_ari.so; then asterisk -rx 'module load res_ari.so' (or 'module reload res_ari.so')")
	case strings.HasPrefix(a.message, "Resource not found"):
		p.ariUp = true
		return one(Fail, what, "ARI answers, but not about Asterisk itself", "asterisk -rx 'module load res_ari_asterisk.so'; modules.conf: load = res_ari_asterisk.so")
	case a.status != http.StatusOK:
		return one(Fail, what, "asking for the version: "+a.String(), "look into Asterisk's log: asterisk -rx 'core set verbose 3'")
	}
	p.ariUp = true
	var info struct {
		System struct {
			Version string `json:"version"`
		} `json:"system"`
	}
	if err := json.Unmarshal(a.body, &info); err == nil {
		p.version = info.System.Version
	}
	return []Finding{ok(what, fmt.Sprintf("%s accepts user %s", p.ARI.BaseURL, p.ARI.User))}
}

// checkARIWrites finds an account that may only read: it is asked to end a
// channel that cannot exist.
func checkARIWrites(ctx context.Context, p *patient) []Finding {
	const what = "ari write access"
	if !p.ariUp {
		return skip(what, "ARI does not answer")
	}
	a, err := p.ari.ask(ctx, http.MethodDelete, "channels", "linekeeper-doctor")
	switch {
	case err != nil:
		return one(Warn, what, err.Error(), "")
	case a.status == http.StatusForbidden:
		return one(Fail, what, fmt.Sprintf("user %s may only read", p.ARI.User),
			fmt.Sprintf("ari.conf, [%s]: read_only = no; then asterisk -rx 'module reload res_ari.so'", p.ARI.User))
	case strings.HasPrefix(a.message, "Resource not found"):
		return one(Fail, what, "ARI has no channels", "asterisk -rx 'module load res_ari_channels.so'; modules.conf: load = res_ari_channels.so")
	case a.status != http.StatusNotFound:
		return one(Warn, what, "a request about a channel that does not exist gives "+a.String(), "")
	}
	return []Finding{ok(what, "granted")}
}

// needed are the modules without which calls fail, useful those without which
// something smaller does. Local channels are part of Asterisk's core.
var (
	needed = []string{
		"res_http_websocket", "res_stasis", "res_stasis_answer", "res_stasis_playback", "res_ari", "res_ari_applications",
		"res_ari_asterisk", "res_ari_bridges", "res_ari_channels", "res_ari_events", "res_ari_playbacks", "app_stasis", "app_queue",
		"app_userevent", "bridge_simple", "format_wav", "func_logic", "func_version", "res_musiconhold",
	}
	useful = map[string]string{
		"app_playback":         "the fallback says nothing before it hangs up",
		"bridge_softmix":       "conversations cannot be recorded",
		"res_stasis_recording": "conversations cannot be recorded",
		"res_ari_recordings":   "conversations cannot be recorded",
		"func_config":          "doctor cannot read Asterisk's settings",
	}
)

func checkModules(ctx context.Context, p *patient) []Finding {
	const what = "modules"
	if !p.ariUp {
		return skip(what, "ARI does not answer")
	}
	var out []Finding
	running := 0
	missing := func(status Status, module, meaning string) {
		out = append(out, Finding{
			status, what, module + ".so does not run" + meaning,
			fmt.Sprintf("asterisk -rx 'module load %s.so'; modules.conf: load = %s.so", module, module),
		})
	}
	ask := func(module string) bool {
		a, err := p.ari.get(ctx, "asterisk", "modules", module+".so")
		var info struct {
			Status string `json:"status"`
		}
		if err == nil && a.status == http.StatusOK && json.Unmarshal(a.body, &info) == nil && info.Status == "Running" {
			p.modules[module] = true
			running++
		}
		return p.modules[module]
	}
	must := needed
	if p.ownQueues() {
		must = append(slices.Clone(needed), "res_manager_devicestate") // what agents' phones do
	}
	must = append(slices.Clone(must), p.machineModules()...)
	if p.byHTTP() {
		must = append(must, "res_curl", "res_http_media_cache")
	}
	for _, module := range must {
		if !ask(module) {
			missing(Fail, module, "")
		}
	}
	for _, module := range sorted(useful) {
		if !ask(module) {
			missing(Warn, module, ": "+useful[module])
		}
	}
	if len(out) == 0 {
		return []Finding{ok(what, fmt.Sprintf("all %d that are needed run", running))}
	}
	return out
}

// machineModules are those that tell that a machine answered.
func (p *patient) machineModules() []string {
	if p.Config == nil {
		return nil
	}
	switch p.Config.Callbacks.Machine.Detect {
	case "talk":
		return []string{"func_talkdetect"} // who talks on and on after answering
	case "amd":
		return []string{"app_amd", "app_exec", "func_dialplan", "func_talkdetect"} // the last one tells when a machine's greeting is over
	}
	return nil
}

// checkApplication finds another controller under our application's name.
func checkApplication(ctx context.Context, p *patient) []Finding {
	what := "application " + p.ARI.App
	if !p.ariUp {
		return skip(what, "ARI does not answer")
	}
	a, err := p.ari.get(ctx, "applications", p.ARI.App)
	switch {
	case err != nil:
		return one(Warn, what, err.Error(), "")
	case a.status == http.StatusNotFound:
		if p.running {
			return one(Fail, what, "linekeeper runs, but is not connected", "look into its log")
		}
		return []Finding{ok(what, "nobody holds it: linekeeper may")}
	case a.status != http.StatusOK:
		return one(Warn, what, a.String(), "")
	case p.running:
		return []Finding{ok(what, "held by the linekeeper that answers on "+p.Config.Socket)}
	}
	var app struct {
		Channels []string `json:"channel_ids"`
	}
	_ = json.Unmarshal(a.body, &app) // without the list the answer is the same
	if len(app.Channels) > 0 {
		return one(Warn, what, fmt.Sprintf("%d channels wait in it and no linekeeper answers on %s", len(app.Channels), p.Config.Socket),
			"start linekeeper: it goes on with callers of an earlier run; if another controller holds them, choose another asterisk.ari.app in linekeeper.yaml and in Stasis() of extensions.linekeeper.conf")
	}
	return one(Warn, what, "another controller holds it: no linekeeper answers on "+p.Config.Socket,
		"stop the other one, or choose another asterisk.ari.app in linekeeper.yaml and in Stasis() of extensions.linekeeper.conf")
}

// checkTrunk looks for the endpoint through which customers are called.
func checkTrunk(ctx context.Context, p *patient) []Finding {
	const what = "callback trunk"
	if p.Config.Callbacks.Endpoint == "" {
		return nil
	}
	tech, rest, _ := strings.Cut(p.Config.Callbacks.Endpoint, "/")
	_, trunk, found := strings.Cut(rest, "@")
	switch {
	case !p.ariUp:
		return skip(what, "ARI does not answer")
	case !found || tech == "Local" || strings.Contains(trunk, "{"):
		return skip(what, p.Config.Callbacks.Endpoint+" names no trunk that could be looked up")
	}
	a, err := p.ari.get(ctx, "endpoints", tech, trunk)
	switch {
	case err != nil:
		return one(Warn, what, err.Error(), "")
	case strings.HasPrefix(a.message, "Resource not found"):
		return skip(what, "ARI has no endpoints (res_ari_endpoints.so does not run)")
	case a.status == http.StatusNotFound:
		return one(Fail, what, fmt.Sprintf("Asterisk has no endpoint %s/%s", tech, trunk),
			"define it (pjsip.conf) or correct callbacks.endpoint in linekeeper.yaml")
	case a.status != http.StatusOK:
		return one(Warn, what, a.String(), "")
	}
	return []Finding{ok(what, tech+"/"+trunk+" exists")}
}
