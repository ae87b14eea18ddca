package prompts

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/queues"
)

// TestSentences holds every sentence that linekeeper says by itself to a file that
// was read aloud in both languages. With -update the file is written anew.
func TestSentences(t *testing.T) {
	t.Parallel()
	const path = "testdata/sentences.txt"
	var b strings.Builder
	b.WriteString("# What linekeeper says by itself, read aloud and found natural in both languages; see TestSentences.\n")
	told := func(name string, say func(lang string) string) {
		b.WriteString("\n" + name + "\n")
		for _, lang := range Languages() {
			b.WriteString("  " + lang + ": " + say(lang) + "\n")
		}
	}
	for _, key := range Keys() {
		told(string(key), func(lang string) string { return Message(lang, key, examples[key]...) })
	}
	quotes := []queues.Quote{
		{Kind: queues.QuoteLessThanMinute}, {Kind: queues.QuoteAbout, Low: 1, High: 1}, {Kind: queues.QuoteAbout, Low: 21, High: 21},
		{Kind: queues.QuoteRange, Low: 1, High: 2}, {Kind: queues.QuoteRange, Low: 15, High: 20}, {Kind: queues.QuoteRange, Low: 21, High: 31},
		{Kind: queues.QuoteRange, Low: 0, High: 4}, {Kind: queues.QuoteMoreThan, Low: 30},
	}
	for _, q := range quotes {
		told("wait_quote", func(lang string) string { return WaitQuote(lang, q) })
	}
	now := time.Date(2026, 3, 2, 12, 30, 0, 0, time.FixedZone("MSK", 3*3600))
	for _, reason := range []string{"in_line", "abandoned", "web", "import"} {
		told("greeting "+reason, func(lang string) string {
			return Greeting(lang, "Анна", "Ромашка", Asked{Reason: reason, At: now.Add(-25 * time.Hour), Now: now})
		})
	}
	brief := Brief{Title: "поддержка", Name: "Ольга Ким", Number: "+79161234501", Reason: "in_line", Assurance: callers.AssurancePIN,
		Waited: 4 * time.Minute, Path: []string{"menu", "help"}, Question: true, Message: true}
	told("brief calling", brief.Calling)
	told("brief preview", brief.Preview)
	told("brief whisper", brief.Whisper)
	live := Brief{Title: "поддержка", Waited: 4 * time.Minute}
	told("brief whisper, live", live.Whisper)
	told("brief agreed", Agreed)
	told("brief released", Released)
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("sentences differ from %s (-was read +is); read them aloud, then run with -update:\n%s", path, diff)
	}
}
