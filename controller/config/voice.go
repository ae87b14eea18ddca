package config

import (
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/prompts"
	"github.com/linekeeper/linekeeper/prompts/voice"
)

// Voice says how texts become sound.
type Voice struct {
	Engine     string            `yaml:"engine"`     // "command", "http" or "marks"
	Command    []string          `yaml:"command"`    // for "command"; empty is espeak-ng
	Service    VoiceService      `yaml:"service"`    // for "http"
	Voices     map[string]string `yaml:"voices"`     // of command or service, by language
	Recordings string            `yaml:"recordings"` // folder of recorded texts; "" for none
	Cache      string            `yaml:"cache"`      // folder of sounds; with "folder" the switch can read it
	Formats    []string          `yaml:"formats"`    // of the files, beside wav
	Keep       VoiceKeep         `yaml:"keep"`
	Timeout    time.Duration     `yaml:"timeout"` // of one text
	Wait       time.Duration     `yaml:"wait"`    // that a caller waits for texts which are not rendered
	LeadIn     time.Duration     `yaml:"lead_in"` // from the answer to the first words
	Deliver    string            `yaml:"deliver"` // "folder" or "http"
	HTTP       VoiceHTTP         `yaml:"http"`
}

// VoiceService is a text-to-speech service; see voice.Service.
type VoiceService struct {
	URL     string            `yaml:"url"`
	Method  string            `yaml:"method"`
	Headers map[string]string `yaml:"headers"`
	Secret  Secret            `yaml:"secret"`
	Body    string            `yaml:"body"`
	Answer  string            `yaml:"answer"`
	Rate    int               `yaml:"rate"`
	Field   string            `yaml:"field"`
}

// VoiceKeep says how long rendered texts are kept.
type VoiceKeep struct {
	Age       time.Duration `yaml:"age"`       // since the last use; 0: for ever
	Megabytes int           `yaml:"megabytes"` // 0: without limit
}

// VoiceHTTP is how the switch gets sounds from linekeeper.
type VoiceHTTP struct {
	Listen string        `yaml:"listen"` // host:port
	URL    string        `yaml:"url"`    // of Listen, as the switch sees it
	Secret Secret        `yaml:"secret"` // signs addresses; "" is one of our own making
	Valid  time.Duration `yaml:"valid"`  // how long an address is good, at least
}

// Recordings are conversations and messages, which the switch records.
type Recordings struct {
	Folder string        `yaml:"folder"` // the switch's folder; "" when it is not seen here
	Keep   time.Duration `yaml:"keep"`   // 0: for ever
}

// The ways to bring sounds to the switch.
const (
	DeliverFolder = "folder"
	DeliverHTTP   = "http"
)

func defaultVoice() Voice {
	return Voice{
		Engine: "command", Cache: "prompts", Timeout: 10 * time.Second, Wait: 3 * time.Second, LeadIn: 200 * time.Millisecond, Deliver: DeliverFolder,
		Keep: VoiceKeep{Age: 90 * 24 * time.Hour, Megabytes: 1000},
		HTTP: VoiceHTTP{Valid: 30 * 24 * time.Hour},
	}
}

// voice checks how texts become sound.
func (c *checker) voice() {
	v := c.Voice
	switch v.Engine {
	case "command", "marks":
		if c.wrote("voice.service") {
			c.fail("voice.service", "a service is described and not used; write \"engine: http\", or remove the key")
		}
	case "http":
		c.service(v.Service)
	default:
		c.fail("voice.engine", "%s", unknown("engine", v.Engine, []string{"command", "http", "marks"}))
	}
	if len(v.Command) > 0 && v.Command[0] == "" {
		c.fail("voice.command", "name the program")
	}
	if len(v.Command) > 0 && v.Engine == "http" {
		c.fail("voice.command", "with \"engine: http\" no program is run; remove one of the two")
	}
	for _, lang := range slices.Sorted(maps.Keys(v.Voices)) {
		if !slices.Contains(prompts.Languages(), lang) {
			c.fail("voice.voices."+lang, "%s", unknown("language", lang, prompts.Languages()))
		}
	}
	for _, f := range v.Formats {
		if !slices.Contains(voice.Formats(), voice.Format(f)) {
			c.fail("voice.formats", "%s", unknown("format", f, formats()))
		}
	}
	for key, span := range map[string]struct{ is, least, most time.Duration }{
		"timeout": {v.Timeout, time.Second, 2 * time.Minute}, "wait": {v.Wait, 100 * time.Millisecond, 10 * time.Second},
		"lead_in": {v.LeadIn, 0, time.Second},
	} {
		if span.is < span.least || span.is > span.most {
			c.fail("voice."+key, "%s is outside of %s to %s", span.is, span.least, span.most)
		}
	}
	if v.Keep.Age != 0 && v.Keep.Age < 24*time.Hour {
		c.fail("voice.keep.age", "%s is too short; write 24h or more, or 0s for ever", v.Keep.Age)
	}
	if v.Keep.Megabytes < 0 {
		c.fail("voice.keep.megabytes", "%d is negative; write 0 for no limit", v.Keep.Megabytes)
	}
	c.delivery(v)
}

func formats() []string {
	var names []string
	for _, f := range voice.Formats() {
		names = append(names, string(f))
	}
	return names
}

func (c *checker) service(s VoiceService) {
	const key = "voice.service"
	c.address(key+".url", strings.NewReplacer("{text}", "", "{lang}", "", "{voice}", "").Replace(s.URL))
	c.secret(key+".secret", s.Secret)
	if !strings.Contains(s.URL+s.Body, "{text}") {
		c.fail(key+".body", "the text is sent nowhere; write {text} where it belongs, in body or url")
	}
	used := slices.ContainsFunc(slices.Collect(maps.Values(s.Headers)), func(h string) bool { return strings.Contains(h, "{secret}") })
	switch {
	case s.Secret != "" && !used:
		c.fail(key+".headers", "the secret is sent nowhere; write {secret} in a header, such as Authorization: \"Bearer {secret}\"")
	case s.Secret == "" && used:
		c.fail(key+".secret", "a header has {secret}; write the secret")
	}
	switch s.Answer {
	case "", voice.AnswerWAV:
		if s.Rate != 0 {
			c.fail(key+".rate", "a WAV file tells its rate; remove the key, or write \"answer: pcm\"")
		}
	case voice.AnswerPCM:
		if s.Rate < 8000 || s.Rate > 48000 {
			c.fail(key+".rate", "%d is outside of 8000 to 48000; write how many samples a second the service gives", s.Rate)
		}
	default:
		c.fail(key+".answer", "%s", unknown("answer", s.Answer, []string{voice.AnswerWAV, voice.AnswerPCM}))
	}
}

func (c *checker) delivery(v Voice) {
	switch v.Deliver {
	case DeliverFolder:
		if c.wrote("voice.http") {
			c.fail("voice.http", "sounds are not given out; write \"deliver: http\", or remove the key")
		}
		return
	case DeliverHTTP:
	default:
		c.fail("voice.deliver", "%s", unknown("way", v.Deliver, []string{DeliverFolder, DeliverHTTP}))
		return
	}
	if _, _, err := net.SplitHostPort(v.HTTP.Listen); err != nil {
		c.fail("voice.http.listen", "%q is no host:port; write where the switch asks for sounds, such as \"10.0.0.5:9157\"", v.HTTP.Listen)
	}
	c.address("voice.http.url", v.HTTP.URL)
	if u, err := url.Parse(v.HTTP.URL); err == nil && (u.RawQuery != "" || u.Fragment != "" || u.User != nil) {
		c.fail("voice.http.url", "write only scheme, host, port and path")
	}
	if strings.ContainsAny(v.HTTP.URL, ",&") {
		c.fail("voice.http.url", "Asterisk takes a comma or an ampersand for the end of an address; write one without")
	}
	c.secret("voice.http.secret", v.HTTP.Secret)
	if v.HTTP.Valid < time.Hour || v.HTTP.Valid > 366*24*time.Hour {
		c.fail("voice.http.valid", "%s is outside of 1h to 8784h", v.HTTP.Valid)
	}
}

// recordings checks how long the switch's recordings are kept.
func (c *checker) recordings() {
	r := c.Recordings
	switch {
	case r.Keep < 0 || r.Keep > 0 && r.Keep < 24*time.Hour:
		c.fail("recordings.keep", "%s is too short; write 24h or more, or 0s for ever", r.Keep)
	case r.Keep > 0 && r.Folder == "":
		c.fail("recordings.folder", "name the switch's folder of recordings, such as \"/var/spool/asterisk/recording\"")
	case r.Folder != "" && r.Keep == 0 && !c.wrote("recordings.keep"):
		c.fail("recordings.keep", "say how long recordings are kept, such as 2160h")
	}
}
