package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/prompts/voice"
	"github.com/linekeeper/linekeeper/telephony/ami"
	"github.com/linekeeper/linekeeper/telephony/ami/amitest"
	"github.com/linekeeper/linekeeper/telephony/ari"
	"github.com/linekeeper/linekeeper/telephony/ari/aritest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a healthy Asterisk, scripted, that tests make ill.
type bench struct {
	ari  *aritest.Server
	ami  *amitest.Server
	vars map[string]string // what Getvar evaluates
	opts Options
}

func newBench(t *testing.T) *bench {
	b := &bench{ari: aritest.New(t), ami: amitest.New(t), vars: map[string]string{
		"LINEKEEPER_FALLBACK_QUEUE":                            "support",
		"AST_CONFIG(manager.conf,lk,read)":                     "agent,call,user",
		"AST_CONFIG(manager.conf,lk,eventfilter,0)":            wantFilter,
		"AST_CONFIG(http.conf,general,sessionlimit)":           "1000",
		"AST_CONFIG(ari.conf,general,websocket_write_timeout)": "5000",
		"AST_CONFIG(queues.conf,support,joinempty)":            "paused,unavailable",
	}}
	b.ari.Handle("GET /ari/asterisk/info", aritest.Answer(http.StatusOK, `{"system":{"version":"22.10.1+dfsg","entity_id":"x"}}`))
	b.ari.Handle("DELETE /ari/channels/linekeeper-doctor", aritest.Answer(http.StatusNotFound, `{"message":"Channel not found"}`))
	b.ari.Handle("GET /ari/asterisk/modules/{name}", aritest.Answer(http.StatusOK, `{"status":"Running"}`))
	b.ari.Handle("GET /ari/applications/linekeeper", aritest.Answer(http.StatusNotFound, `{"message":"Application not found"}`))
	b.ari.Handle("GET /ari/endpoints/PJSIP/trunk", aritest.Answer(http.StatusOK, `{}`))
	b.ami.Handle("ListCommands", func(amitest.Request) []string {
		return []string{amitest.Message("Response: Success", "QueuePause: Makes a queue member unavailable.", "CoreSettings: Show settings.")}
	})
	b.ami.Handle("Getvar", func(r amitest.Request) []string {
		return []string{amitest.Message("Response: Success", "Value: "+b.vars[r.Get("Variable")])}
	})
	b.ami.Handle("ShowDialPlan", func(amitest.Request) []string {
		return []string{
			amitest.Message("Response: Success", "EventList: start"),
			amitest.Message("Event: ListDialplan", "Extension: _*2[2-6]", "Application: Stasis", "AppData: linekeeper,hotline,${EXTEN}"),
			amitest.Message("Event: ShowDialPlanComplete", "EventList: Complete"),
		}
	})
	b.queues("support", "billing")
	dir := t.TempDir()
	open(t, dir)
	b.opts = Options{
		Config: &config.Config{
			Socket: "lk.sock", Store: config.Store{SQLite: filepath.Join(dir, "data", "lk.db")}, Voice: config.Voice{Cache: filepath.Join(dir, "prompts")},
			Callbacks: config.Callbacks{Endpoint: "PJSIP/{number}@trunk"},
		},
		ARI:    ari.Options{BaseURL: b.ari.URL, User: aritest.User, Password: aritest.Password, App: "linekeeper"},
		AMI:    ami.Options{Addr: b.ami.Addr, User: amitest.User, Secret: amitest.Secret, Events: "off"},
		Queues: []string{"support"}, Languages: []string{"en", "ru"}, Engine: voice.Marks{},
		Hostname:   func() (string, error) { return "pbx", nil },
		LookupHost: func(context.Context, string) ([]string, error) { return []string{"127.0.1.1"}, nil },
	}
	return b
}

// open lets everybody enter a folder of a test and those above it.
func open(t *testing.T, dir string) {
	for at := dir; at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
		if err := os.Chmod(at, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func (b *bench) queues(names ...string) {
	b.ami.Handle("QueueSummary", func(amitest.Request) []string {
		out := []string{amitest.Message("Response: Success", "EventList: start")}
		for _, n := range names {
			out = append(out, amitest.Message("Event: QueueSummary", "Queue: "+n, "LoggedIn: 2", "Callers: 1"))
		}
		return append(out, amitest.Message("Event: QueueSummaryComplete", "EventList: Complete"))
	})
}

func denied(amitest.Request) []string {
	return []string{amitest.Message("Response: Error", "Message: Permission denied")}
}

// examine gives all findings that are not ok, a line each.
func (b *bench) examine(t *testing.T) []string {
	t.Helper()
	var lines []string
	oks := 0
	worst, err := Run(t.Context(), b.opts, func(f Finding) {
		if f.Status == OK {
			oks++
			if f.Remedy != "" {
				t.Errorf("%s is ok and has a remedy", f.What)
			}
			return
		}
		line := fmt.Sprintf("%s %s: %s", f.Status, f.What, f.Detail)
		if f.Remedy != "" {
			line += " -> " + f.Remedy
		}
		lines = append(lines, line)
	})
	if err != nil {
		t.Fatal(err)
	}
	if text := strings.Join(lines, "\n"); strings.Contains(text, "fail ") != (worst == Fail) {
		t.Errorf("the worst is %s of\n%s", worst, text)
	}
	return lines
}

func TestHealthy(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if diff := cmp.Diff([]string(nil), b.examine(t)); diff != "" {
		t.Errorf("found:\n%s", diff)
	}
	for _, r := range b.ari.Requests() {
		if r.Method != http.MethodGet && r.Path != "/channels/linekeeper-doctor" {
			t.Errorf("doctor sent %s %s", r.Method, r.Path)
		}
	}
	for _, r := range b.ami.Requests() {
		switch r.Get("Action") {
		case "Challenge", "Login", "ListCommands", "Getvar", "ShowDialPlan", "QueueSummary":
		default:
			t.Errorf("doctor sent %s", r.Get("Action"))
		}
	}
}

func TestIlls(t *testing.T) {
	t.Parallel()
	answer := func(pattern string, status int, body string) func(*bench) {
		return func(b *bench) { b.ari.Handle(pattern, aritest.Answer(status, body)) }
	}
	setting := func(name, value string) func(*bench) { return func(b *bench) { b.vars[name] = value } }
	version := func(v string) func(*bench) {
		return answer("GET /ari/asterisk/info", 200, fmt.Sprintf(`{"system":{"version":%q}}`, v))
	}
	for _, c := range []struct {
		name string
		ill  func(*bench)
		want []string // beginnings of the lines that are not ok
	}{
		{"wrong ARI password", func(b *bench) { b.opts.ARI.Password = "x" }, []string{
			`fail ari: user "lk" or the password is not accepted -> ari.conf: [lk] type = user, read_only = no, password = `,
			"skip version:", "skip ari write access:", "skip modules:", "skip application linekeeper:", "skip callback trunk:",
			"skip ami events: which events", "skip http sessions:", "skip websocket write timeout:",
		}},
		{"no ARI under the HTTP server", answer("GET /ari/asterisk/info", 404, `<html>Not Found</html>`), []string{
			"fail ari: the HTTP server at ", "skip version:", "skip ari write access:", "skip modules:", "skip application linekeeper:", "skip callback trunk:",
			"skip ami events: which events", "skip http sessions:", "skip websocket write timeout:",
		}},
		{"no res_ari_asterisk", func(b *bench) {
			answer("GET /ari/asterisk/info", 404, `{"message":"Resource not found"}`)(b)
		}, []string{"fail ari: ARI answers, but not about Asterisk itself -> asterisk -rx 'module load res_ari_asterisk.so'", "skip version:"}},
		{"old", version("18.26.4"), []string{"fail version: Asterisk 18.26.4 is older than 20 -> update to Asterisk 22.10.1 or later"}},
		{"open holes", version("22.9.0+dfsg"), []string{"warn version: Asterisk 22.9.0+dfsg has open holes: GHSA-vrfp-mg3q-3959"}},
		{"open holes, the last", version("22.10.0"), []string{"warn version: Asterisk 22.10.0 has open holes"}},
		{"fixed", version("22.11.0-rc1"), nil},
		{"another branch", version("certified-20.7-cert9"), []string{"warn version: Asterisk certified-20.7-cert9: compare with GHSA-"}},
		{"own build", version("abc"), []string{`warn version: "abc" cannot be read`}},
		{"read-only account", answer("DELETE /ari/channels/linekeeper-doctor", 403, `{"message":"Write access denied"}`),
			[]string{"fail ari write access: user lk may only read -> ari.conf, [lk]: read_only = no"}},
		{"a module is missing", answer("GET /ari/asterisk/modules/app_queue.so", 404, `{"message":"Module could not be found in running modules"}`),
			[]string{"fail modules: app_queue.so does not run -> asterisk -rx 'module load app_queue.so'; modules.conf: load = app_queue.so"}},
		{"recording is missing", answer("GET /ari/asterisk/modules/res_ari_recordings.so", 200, `{"status":"Not Running"}`),
			[]string{"warn modules: res_ari_recordings.so does not run: conversations cannot be recorded -> "}},
		{"another controller", answer("GET /ari/applications/linekeeper", 200, `{"channel_ids":[]}`),
			[]string{"warn application linekeeper: another controller holds it: no linekeeper answers on lk.sock -> stop the other one, or choose"}},
		{"callers of an earlier run", answer("GET /ari/applications/linekeeper", 200, `{"channel_ids":["1","2"]}`),
			[]string{"warn application linekeeper: 2 channels wait in it"}},
		{"our daemon runs", func(b *bench) {
			answer("GET /ari/applications/linekeeper", 200, `{}`)(b)
			b.opts.Running = func(context.Context) bool { return true }
		}, nil},
		{"our daemon is not connected", func(b *bench) { b.opts.Running = func(context.Context) bool { return true } },
			[]string{"fail application linekeeper: linekeeper runs, but is not connected"}},
		{"no trunk", answer("GET /ari/endpoints/PJSIP/trunk", 404, `{"message":"Endpoint not found"}`),
			[]string{"fail callback trunk: Asterisk has no endpoint PJSIP/trunk -> define it"}},
		{"no trunk in the template", func(b *bench) { b.opts.Config.Callbacks.Endpoint = "Local/{number}@out/n" }, []string{"skip callback trunk:"}},
		{"wrong AMI password", func(b *bench) { b.opts.AMI.Secret = "x" }, []string{
			`fail ami: user "lk", the password, or this machine's address is not accepted -> manager.conf: [lk] secret = `,
			"skip ami permissions:", "skip ami events:", "skip dialplan:", "skip fallback:", "skip queues:", "skip http sessions:", "skip websocket write timeout:",
		}},
		{"AMI account may write nothing", func(b *bench) {
			b.ami.Handle("ListCommands", func(amitest.Request) []string { return []string{amitest.Message("Response: Success")} })
			b.ami.Handle("Getvar", denied)
			b.ami.Handle("ShowDialPlan", denied)
		}, []string{
			`warn ami permissions: user lk may not write "agent" -> manager.conf, [lk]: write = agent,reporting`,
			`warn ami permissions: user lk may not write "reporting"`, "skip ami events:",
			"skip dialplan:", "skip fallback:", "skip http sessions:", "skip websocket write timeout:",
		}},
		{"AMI account hears nothing", setting("AST_CONFIG(manager.conf,lk,read)", "system, user"),
			[]string{"fail ami events: user lk gets no events of queues (read = system, user) -> manager.conf, [lk]: read = agent,call,user"}},
		{"AMI account hears no phones, and need not", setting("AST_CONFIG(manager.conf,lk,read)", "agent,user"), nil},
		{"AMI account hears no phones", own(setting("AST_CONFIG(manager.conf,lk,read)", "agent,user")),
			[]string{"fail ami events: user lk is not told what agents' phones do (read = agent,user) -> manager.conf, [lk]: read = agent,call,user"}},
		{"no event filter", setting("AST_CONFIG(manager.conf,lk,eventfilter,0)", ""),
			[]string{"warn ami events: every event of every call is sent, of which few are of use -> manager.conf, [lk]: eventfilter = ^Event: (Queue|Agent|DeviceStateChange|UserEvent)"}},
		{"a filter without queues", setting("AST_CONFIG(manager.conf,lk,eventfilter,0)", "^Event: DeviceState"),
			[]string{"fail ami events: eventfilter leaves out the events of queues -> "}},
		{"a filter without phones, and none are needed", setting("AST_CONFIG(manager.conf,lk,eventfilter,0)", "!DeviceState"), nil},
		{"a filter without phones", own(func(b *bench) {
			setting("AST_CONFIG(manager.conf,lk,eventfilter,1)", "!Device: PJSIP")(b)
		}), []string{"fail ami events: eventfilter leaves out what agents' phones do (DeviceStateChange) -> "}},
		{"a filter that cannot be read", setting("AST_CONFIG(manager.conf,lk,eventfilter,0)", "Event: ("),
			[]string{`warn ami events: eventfilter "Event: (" cannot be read: `}},
		{"no module for phones, and none is needed", answer("GET /ari/asterisk/modules/res_manager_devicestate.so", 404, `{"message":"x"}`), nil},
		{"no module for phones", own(answer("GET /ari/asterisk/modules/res_manager_devicestate.so", 404, `{"message":"x"}`)),
			[]string{"fail modules: res_manager_devicestate.so does not run -> asterisk -rx 'module load res_manager_devicestate.so'"}},
		{"no AMD, and none is needed", answer("GET /ari/asterisk/modules/app_amd.so", 404, `{"message":"x"}`), nil},
		{"no AMD", func(b *bench) {
			b.opts.Config.Callbacks.Machine.Detect = "amd"
			answer("GET /ari/asterisk/modules/app_amd.so", 404, `{"message":"x"}`)(b)
		}, []string{"fail modules: app_amd.so does not run -> asterisk -rx 'module load app_amd.so'"}},
		{"no context for AMD", func(b *bench) {
			b.opts.Config.Callbacks.Machine.Detect = "amd"
			plan := []string{
				amitest.Message("Response: Success", "EventList: start"),
				amitest.Message("Event: ListDialplan", "Extension: s", "Application: Stasis", "AppData: linekeeper,hotline,${EXTEN}"),
				amitest.Message("Event: ShowDialPlanComplete", "EventList: Complete"),
			}
			b.ami.Handle("ShowDialPlan", func(r amitest.Request) []string {
				if r.Get("Context") == "linekeeper-machine" {
					return []string{amitest.Message("Response: Error", "Message: Did not find context x")}
				}
				return plan
			})
		}, []string{"fail dialplan: there is no context linekeeper-machine -> copy extensions.linekeeper.conf"}},
		{"own distribution", own(func(*bench) {}), nil},
		{"an agent without a phone", own(answer("GET /ari/endpoints/PJSIP/102", 404, `{"message":"Endpoint not found"}`)),
			[]string{"fail agents: olga: Asterisk has no phone PJSIP/102 -> define it (pjsip.conf), or correct agents.olga.phone in linekeeper.yaml"}},
		{"a code that goes nowhere", own(func(b *bench) { b.opts.Config.AgentCodes.Pause = "*71" }),
			[]string{"warn dialplan: linekeeper-agent does not take *71, which is agent_codes.pause -> extensions.linekeeper.conf, [linekeeper-agent]: exten => *71,1,Stasis(linekeeper,agent,${EXTEN})"}},
		{"no stub", func(b *bench) {
			b.ami.Handle("ShowDialPlan", func(amitest.Request) []string {
				return []string{amitest.Message("Response: Error", "Message: Did not find context x")}
			})
		}, []string{
			"fail dialplan: there is no context linekeeper-hotline -> copy extensions.linekeeper.conf", "fail dialplan: there is no context linekeeper-queue ",
			"fail dialplan: there is no context linekeeper-queue-left", "fail dialplan: there is no context linekeeper-fallback",
		}},
		{"another application in the stub", func(b *bench) {
			b.opts.ARI.App = "lk2"
			answer("GET /ari/applications/lk2", 404, `{"message":"Application not found"}`)(b)
		},
			[]string{`fail dialplan: linekeeper-hotline sends calls to the application "linekeeper", linekeeper is "lk2" -> linekeeper.yaml: asterisk: {ari: {app: linekeeper}}`}},
		{"fallback to nowhere", setting("LINEKEEPER_FALLBACK_QUEUE", "sales"),
			[]string{`warn fallback: without linekeeper calls go to the queue "sales" (LINEKEEPER_FALLBACK_QUEUE), which Asterisk does not have -> extensions.conf, [globals]: LINEKEEPER_FALLBACK_QUEUE=NAME with one of billing, support`}},
		{"fallback to the default", setting("LINEKEEPER_FALLBACK_QUEUE", ""), nil},
		{"a queue is missing", func(b *bench) { b.opts.Queues = []string{"sales", "support"} },
			[]string{`fail queues: Asterisk has no queue "sales"; it has: billing, support -> queues.conf: [sales]`}},
		{"a short name", func(b *bench) { b.opts.Queues = []string{"q"}; b.queues("q", "support") },
			[]string{`fail queues: the name "q" is too short`}},
		{"everybody may join", setting("AST_CONFIG(queues.conf,support,joinempty)", "yes"),
			[]string{"warn queues: support: callers join although nobody can answer (joinempty = yes) -> queues.conf, [support]: joinempty = paused,unavailable,invalid,unknown"}},
		{"few sessions", setting("AST_CONFIG(http.conf,general,sessionlimit)", ""),
			[]string{"warn http sessions: the default, 100 connections at once; a request beyond that is refused and its call hangs -> http.conf, [general]: sessionlimit = 1000"}},
		{"no number", setting("AST_CONFIG(http.conf,general,sessionlimit)", "many"), []string{`warn http sessions: sessionlimit = "many" in http.conf is no number`}},
		{"impatient", setting("AST_CONFIG(ari.conf,general,websocket_write_timeout)", "200"),
			[]string{"warn websocket write timeout: a reader that pauses for 200 ms is cut off"}},
		{"no func_config", answer("GET /ari/asterisk/modules/func_config.so", 404, `{"message":"Module could not be found in running modules"}`), []string{
			"warn modules: func_config.so", "skip ami events:",
			"skip http sessions: cannot be read (it takes AMI with write = agent,reporting and func_config.so) -> http.conf, [general]: sessionlimit = 1000",
			"skip websocket write timeout:",
		}},
		{"host name", func(b *bench) {
			b.opts.LookupHost = func(context.Context, string) ([]string, error) { return nil, errors.New("no such host") }
		}, []string{"fail host name: pbx does not resolve, which delays every SIP answer by seconds -> echo '127.0.1.1 pbx' >> /etc/hosts"}},
		{"no voice", func(b *bench) { b.opts.Engine = voice.Command{Argv: []string{"no-such-program-here"}} },
			[]string{`fail voice: nothing can be spoken in "en": the speech command "no-such-program-here" was not found`}},
		{"no place for the database", func(b *bench) { b.opts.Config.Store.SQLite = "/proc/nowhere/lk.db" }, []string{"fail database: /proc cannot be written: "}},
		{"no place for sounds", func(b *bench) { b.opts.Config.Voice.Cache = "/proc/nowhere" }, []string{"fail voice cache: /proc cannot be written: "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			c.ill(b)
			lines := b.examine(t)
			for i := range max(len(lines), len(c.want)) {
				switch {
				case i >= len(lines):
					t.Errorf("missing: %s", c.want[i])
				case i >= len(c.want):
					t.Errorf("too much: %s", lines[i])
				case !strings.HasPrefix(lines[i], c.want[i]):
					t.Errorf("got  %s\nwant %s", lines[i], c.want[i])
				}
			}
		})
	}
}

// own makes linekeeper itself give calls to agents, of which Asterisk knows the
// phones, before something is done to the bench.
func own(ill func(*bench)) func(*bench) {
	return func(b *bench) {
		b.opts.Config.Queues = map[string]config.Queue{"claims": {Engine: config.EngineLinekeeper}}
		b.opts.Config.Agents = map[string]config.Agent{"ivan": {Phone: "PJSIP/101"}, "olga": {Phone: "PJSIP/102"}, "home": {Phone: "Local/7@out"}}
		b.opts.Config.AgentCodes = config.AgentCodes{LogIn: "*22", LogOut: "*23", Pause: "*24", Unpause: "*25", Ready: "*26"}
		b.opts.Queues = []string{"claims", "support"}
		b.ari.Handle("GET /ari/endpoints/PJSIP/101", aritest.Answer(http.StatusOK, `{"state":"online"}`))
		b.ari.Handle("GET /ari/endpoints/PJSIP/102", aritest.Answer(http.StatusOK, `{"state":"offline"}`))
		ill(b)
	}
}

func TestDials(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		extension string
		takes     []string
		refuses   []string
	}{
		{"*22", []string{"*22"}, []string{"*23", "*2", "*222", ""}},
		{"_*2[2-6]", []string{"*22", "*26"}, []string{"*21", "*27", "*2", "*222"}},
		{"_*2X", []string{"*20", "*29"}, []string{"*2a", "22"}},
		{"_*NZ", []string{"*21", "*99"}, []string{"*11", "*20"}},
		{"_*[37a-c]!", []string{"*3", "*7", "*b", "*312"}, []string{"*", "*4"}},
		{"_*.", []string{"*2", "*222"}, []string{"*", "2"}},
		{"_*-7-1", []string{"*71"}, []string{"*-7-1"}},
		{"_*[2", nil, []string{"*2"}},
		{"s", nil, []string{"*22"}},
	} {
		for _, number := range c.takes {
			if !dials(c.extension, number) {
				t.Errorf("%s does not take %s", c.extension, number)
			}
		}
		for _, number := range c.refuses {
			if dials(c.extension, number) {
				t.Errorf("%s takes %s", c.extension, number)
			}
		}
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.opts.ARI.BaseURL = "http://127.0.0.1:1/ari" // the port of tcpmux, which nobody serves
	b.opts.AMI.Addr = "127.0.0.1:1"
	text := strings.Join(b.examine(t), "\n")
	for _, want := range []string{
		"fail ari: http://127.0.0.1:1/ari does not answer: ", "bindport = 1;",
		"fail ami: 127.0.0.1:1: ", "manager.conf, [general]: enabled = yes, bindaddr = 127.0.0.1, port = 1;",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestFoldersThatOthersMayNotEnter(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	dir := t.TempDir()
	open(t, dir)
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	b.opts.Config.Voice.Cache = filepath.Join(dir, "prompts")
	want := []string{fmt.Sprintf("warn voice cache: Asterisk can read %s only as the same user or group: others may not enter %s -> chmod o+x %s; "+
		"or choose a voice.cache such as /var/lib/linekeeper/prompts; nothing to do if both run as one user", b.opts.Config.Voice.Cache, dir, dir)}
	if diff := cmp.Diff(want, b.examine(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDatabaseThatExists(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.opts.Config.Store.SQLite = filepath.Join(t.TempDir(), "lk.db")
	if err := os.Mkdir(b.opts.Config.Store.SQLite, 0o700); err != nil { // a folder in its place
		t.Fatal(err)
	}
	lines := b.examine(t)
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "fail database: ") {
		t.Errorf("found %q", lines)
	}
}

func TestDirectoriesOfCallers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.opts.Directories = []Directory{
		{"crm", func(context.Context) (string, error) { return "", errors.New("by number: no answer in time") }},
		{"file", func(context.Context) (string, error) { return "4 callers in callers.csv", nil }},
	}
	lines := b.examine(t)
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "warn callers crm: by number: no answer in time") {
		t.Errorf("found %q", lines)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	_, err := Run(ctx, b.opts, func(Finding) { n++; cancel() })
	if !errors.Is(err, context.Canceled) || n != 1 {
		t.Errorf("%d findings after the end, %v", n, err)
	}
}
