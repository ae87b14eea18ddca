package web

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/linekeeper/linekeeper/callback"
)

// TestExamplesOfTheDocument runs the commands that docs/web-callbacks.md shows, one
// after the other, against a server on a real socket.
func TestExamplesOfTheDocument(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	doc, err := os.ReadFile("../../docs/web-callbacks.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^<!-- run -->\n```\n(.*?)^```$").FindAllStringSubmatch(string(doc), -1)
	if len(blocks) != 3 {
		t.Fatalf("the document has %d examples to run", len(blocks))
	}
	ask, cancel, confirm := blocks[0][1], blocks[1][1], blocks[2][1]

	sent := make(chan Code, 1)
	p := open(t, func(o *Options) {
		o.Confirm = callback.VerifyByCode
		o.SendCode = func(_ context.Context, c Code) error { sent <- c; return nil }
	})
	env := append(os.Environ(), "WEB="+p.srv.URL)
	run := func(script string) (answer struct{ Status, Token string }) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "sh", "-c", script)
		cmd.Env = env
		out, err := cmd.CombinedOutput()
		if err != nil || json.Unmarshal(out, &answer) != nil {
			t.Fatalf("%s gives %s, %v", script, out, err)
		}
		return answer
	}
	first := run(ask)
	env = append(env, "TOKEN="+first.Token, "CODE="+(<-sent).Code)
	if again := run(ask); again.Token != first.Token || len(p.house.asked) != 1 {
		t.Errorf("asked twice: %+v, then %+v", first, again)
	}
	if n := p.house.asked[0]; n.Number != "+79161234567" || n.Name != "Ivan" || !strings.Contains(n.Question, "parcel") {
		t.Errorf("asked %+v", n)
	}
	if got := run(confirm); got.Status != "confirmed" || len(p.house.verified) != 1 {
		t.Errorf("confirmed: %+v", got)
	}
	if got := run(cancel); got.Status != "cancelled" || len(p.house.cancelled) != 1 {
		t.Errorf("cancelled: %+v", got)
	}
}
