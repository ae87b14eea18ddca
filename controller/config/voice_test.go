package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestVoiceDefaults(t *testing.T) {
	t.Parallel()
	cfg, err := Parse("lk.yaml", []byte(webBase))
	if err != nil {
		t.Fatal(err)
	}
	want := Voice{
		Engine: "command", Cache: "prompts", Timeout: 10 * time.Second, Wait: 3 * time.Second, LeadIn: 200 * time.Millisecond, Deliver: "folder",
		Keep: VoiceKeep{Age: 2160 * time.Hour, Megabytes: 1000}, HTTP: VoiceHTTP{Valid: 720 * time.Hour},
	}
	if diff := cmp.Diff(want, cfg.Voice); diff != "" {
		t.Error(diff)
	}
}

func TestVoiceService(t *testing.T) {
	t.Parallel()
	cfg, err := Parse("lk.yaml", []byte(webBase+`
voice:
  engine: http
  service:
    url: "https://tts.example.com/v1/audio/speech"
    headers: {Authorization: "Bearer {secret}"}
    secret: s
    body: '{"input": "{text}", "voice": "{voice}"}'
    answer: pcm
    rate: 24000
  voices: {ru: alloy, en: echo}
  recordings: recorded
  formats: [ulaw, alaw, wav16]
  keep: {age: 0s, megabytes: 0}
  deliver: http
  http: {listen: ":9157", url: "http://10.0.0.5:9157", valid: 24h}
recordings: {folder: /var/spool/asterisk/recording, keep: 2160h}
`))
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Voice.Service.Rate != 24000 || cfg.Voice.Voices["en"] != "echo" || cfg.Voice.HTTP.Valid != 24*time.Hour || cfg.Recordings.Keep != 2160*time.Hour {
		t.Errorf("read %+v", cfg.Voice)
	}
}

func TestFaultsOfVoice(t *testing.T) {
	t.Parallel()
	const service = `voice: {engine: http, service: {url: "http://a.b/{text}", `
	for text, want := range map[string]string{
		"voice: {engine: festival}":                                  `voice.engine: there is no engine "festival"`,
		"voice: {engine: http}":                                      `voice.service.url: "" is no address`,
		"voice: {service: {url: \"http://a.b\"}}":                    "voice.service: a service is described and not used",
		"voice: {command: [\"\"]}":                                   "voice.command: name the program",
		"voice: {engine: http, command: [x]}":                        "voice.command: with \"engine: http\" no program is run",
		"voice: {voices: {rus: a}}":                                  `voice.voices.rus: there is no language "rus"`,
		"voice: {formats: [mp3]}":                                    `voice.formats: there is no format "mp3" (one of wav, ulaw, alaw, wav16)`,
		"voice: {wait: 1m}":                                          "voice.wait: 1m0s is outside of 100ms to 10s",
		"voice: {timeout: 0s}":                                       "voice.timeout: 0s is outside",
		"voice: {keep: {age: 1h}}":                                   "voice.keep.age: 1h0m0s is too short",
		"voice: {keep: {megabytes: -1}}":                             "voice.keep.megabytes: -1 is negative",
		"voice: {deliver: ftp}":                                      `voice.deliver: there is no way "ftp"`,
		"voice: {http: {listen: \":1\"}}":                            "voice.http: sounds are not given out",
		"voice: {deliver: http}":                                     `voice.http.listen: "" is no host:port`,
		"voice: {deliver: http, http: {listen: \":1\"}}":             `voice.http.url: "" is no address`,
		"voice: {deliver: http, http: {url: \"http://a/?b\"}}":       "voice.http.url: write only scheme, host, port and path",
		"voice: {deliver: http, http: {url: \"http://a/b,c\"}}":      "voice.http.url: Asterisk takes a comma",
		"voice: {deliver: http, http: {valid: 1m}}":                  "voice.http.valid: 1m0s is outside",
		"voice: {deliver: http, http: {secret: \"env:LK_NOT_SET\"}}": "LK_NOT_SET is not set",
		`voice: {engine: http, service: {url: "http://a.b/"}}`:       "voice.service.body: the text is sent nowhere",
		service + `secret: x}}`:                                      "voice.service.headers: the secret is sent nowhere",
		service + `headers: {A: "{secret}"}}}`:                       "voice.service.secret: a header has {secret}",
		service + `answer: mp3}}`:                                    `voice.service.answer: there is no answer "mp3"`,
		service + `answer: pcm}}`:                                    "voice.service.rate: 0 is outside",
		service + `rate: 8000}}`:                                     "voice.service.rate: a WAV file tells its rate",
		"recordings: {keep: 1h, folder: x}":                          "recordings.keep: 1h0m0s is too short",
		"recordings: {keep: 48h}":                                    "recordings.folder: name the switch's folder",
		"recordings: {folder: x}":                                    "recordings.keep: say how long",
	} {
		_, err := Parse("lk.yaml", []byte(webBase+text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives\n%v\nwant %s", text, err, want)
		}
	}
}
