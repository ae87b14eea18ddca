package hotline_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/prompts/marks"
)

// What is pressed in the vault. No file has these digits, and but for the dates they
// are too many to be anywhere by chance.
const (
	vaultCode      = "73904418265093371846"
	vaultWrongCode = "30582917460038271959"
	vaultBirth     = "29021948"
	vaultWrongDay  = "31101937"
	vaultWord      = "58102039447716620385"
	vaultPIN       = "904417263358"
	vaultWrongPIN  = "218830594706"
)

// keysTold finds a key by itself, as an event of the switch tells it.
var keysTold = regexp.MustCompile(`(?i)(digit|dtmf)["'=: ]+["']?[0-9*#]["'\s,}]`)

// whatIsPressedIsNowhere has somebody press secrets right and wrong, before and after
// a talk with an agent that is recorded, and then looks for them everywhere.
func whatIsPressedIsNowhere(r *rig) {
	const number, hasCode = "+79160000053", "+79160000054"
	anna := r.onDuty("anna", softphone.Ignore())
	c := r.calls(number, vault)
	c.hears("Enter your code")
	c.presses(vaultWrongCode)
	c.hears("does not match our records.")
	c.presses("##") // the first one may end the code
	c.hears("Enter your account number")
	c.presses("1001#" + vaultWrongDay)
	c.hears("does not match our records.")
	c.presses("1001#" + vaultBirth)
	c.hears("Enter the secret number.")
	c.presses(vaultWord)
	atAnna := anna.answer()
	begun := time.Now()
	r.talk(c, atAnna)
	recorded := time.Since(begun)
	atAnna.hangsUp()
	c.hears("Enter your PIN")
	begun = time.Now()
	c.Talk(true)
	c.presses(vaultWrongPIN)
	c.hears("is wrong.")
	c.hears("Enter your account number")
	c.presses("1001#" + vaultPIN)
	c.Talk(false)
	resting := time.Since(begun)
	c.hears("You are in.")
	begun = time.Now()
	c.Talk(true)
	c.hears("The end.")
	recorded += time.Since(begun)
	c.letGo()
	call := r.result(number, "agent")
	if call.Assurance != "pin" {
		r.Errorf("the call is %+v", call)
	}
	heard := r.heardInRecording(call.ID, c.tone)
	r.Logf("recorded are %v of the %v in talk; the %v with PINs are not", heard, recorded.Round(time.Millisecond), resting.Round(time.Millisecond))
	if heard < time.Second || heard > recorded+time.Second || resting < 2*time.Second {
		r.Errorf("recorded are %v of the %v in talk; the recording rested for %v", heard, recorded, resting)
	}

	c = r.calls(hasCode, vault)
	c.hears("Enter your code")
	c.presses(vaultCode)
	c.hears("Enter the secret number.")
	c.hangsUp()
	if got := r.result(hasCode, "ivr"); got.Account != "1001" {
		r.Errorf("the call is %+v", got)
	}
	shown := r.everyAnswer(call.ID, number)
	for _, secret := range []string{vaultCode, vaultWrongCode, vaultBirth, vaultWrongDay, vaultWord, vaultPIN, vaultWrongPIN} {
		r.isNowhere(secret)
		for path, text := range shown {
			if strings.Contains(text, secret) {
				r.Errorf("%s shows what was pressed", path)
			}
		}
	}
	log, err := os.ReadFile(r.LogFile)
	r.must(err)
	if found := keysTold.FindString(string(log)); found != "" {
		r.Errorf("the daemon's log tells a key: %q", found)
	}
}

// everyAnswer is what the daemon tells about a call and everything else, by path.
func (r *rig) everyAnswer(call, number string) map[string]string {
	r.Helper()
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", r.Socket)
		},
	}}
	shown := map[string]string{}
	for _, path := range []string{
		"/metrics", "/v1/calls", "/v1/calls/" + call, "/v1/calls/" + call + "/card", "/v1/journal", "/v1/callers", "/v1/callers/1001",
		"/v1/callers/" + number, "/v1/callers/locks", "/v1/agents", "/v1/queues", "/v1/callbacks", "/v1/messages", "/v1/hotlines",
	} {
		req, err := http.NewRequestWithContext(r.soon(), http.MethodGet, "http://daemon"+path, nil)
		r.must(err)
		resp, err := client.Do(req)
		r.must(err)
		text, err := io.ReadAll(resp.Body)
		r.must(err)
		r.must(resp.Body.Close())
		if resp.StatusCode != http.StatusOK || len(text) == 0 {
			r.Errorf("%s answers %s", path, resp.Status)
		}
		shown[path] = string(text)
	}
	return shown
}

// heardInRecording is how long a tone is heard in the only recording of a call.
func (r *rig) heardInRecording(call string, tone float64) time.Duration {
	r.Helper()
	files, err := filepath.Glob(filepath.Join(r.Asterisk.RecordingsDir, "*"+call+"*"))
	r.must(err)
	if len(files) != 1 {
		r.Fatalf("recordings of call %s: %q, want one", call, files)
	}
	sound, err := os.ReadFile(files[0])
	r.must(err)
	const header, step = 44, marks.Rate / 10
	samples := make([]int16, max(0, len(sound)-header)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(sound[header+2*i:]))
	}
	steps := 0
	for at := 0; at+step <= len(samples); at += step {
		if marks.Detect(samples[at:at+step], tone) {
			steps++
		}
	}
	return time.Duration(steps) * 100 * time.Millisecond
}
