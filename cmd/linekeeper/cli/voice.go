package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/prompts/voice"
	sounds "github.com/linekeeper/linekeeper/prompts/voice/share"
	"github.com/linekeeper/linekeeper/telephony"
)

// speech is the daemon's voice and how its sounds reach the switch.
type speech struct {
	cache    *voice.Cache
	delivery *sounds.Delivery // nil when the switch sees the folder
	server   *sounds.Server   // likewise
	listen   string
	requests *prometheus.CounterVec
}

// openSpeech puts the voice together; fetch makes the switch get a sound.
func openSpeech(cfg *config.Config, fetch func(context.Context, telephony.Media) error, log *zap.Logger) (*speech, error) {
	cache, err := openVoice(cfg, func(err error) { log.Warn("a recorded text is not used", zap.Error(err)) })
	if err != nil {
		return nil, err
	}
	s := &speech{cache: cache}
	if cfg.Voice.Deliver != config.DeliverHTTP {
		return s, nil
	}
	links, err := soundLinks(cfg.Voice)
	if err != nil {
		return nil, errors.Join(err, cache.Close())
	}
	s.requests = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "linekeeper_voice_http_requests_total", Help: "Requests of the switch for sounds, by result.",
	}, []string{"result"})
	s.listen = cfg.Voice.HTTP.Listen
	s.server = &sounds.Server{Dir: cache.Dir, Links: links, Count: func(result string) { s.requests.WithLabelValues(result).Inc() }}
	s.delivery = sounds.NewDelivery(cache, links, fetch, func(err error) {
		log.Debug("a sound is fetched when it is played", zap.Error(err))
	})
	return s, nil
}

// openVoice makes the cache of sounds that the configuration describes.
func openVoice(cfg *config.Config, faulty func(error)) (*voice.Cache, error) {
	o := voice.Options{
		Dir: cfg.Voice.Cache, Faulty: faulty,
		Keep: voice.Keep{Age: cfg.Voice.Keep.Age, Size: int64(cfg.Voice.Keep.Megabytes) << 20},
	}
	var err error
	if o.Engine, err = engine(cfg.Voice); err != nil {
		return nil, err
	}
	if cfg.Voice.Recordings != "" {
		if o.Recordings, err = voice.OpenRecordings(cfg.Voice.Recordings); err != nil {
			return nil, err
		}
	}
	for _, f := range cfg.Voice.Formats {
		o.Formats = append(o.Formats, voice.Format(f))
	}
	return voice.NewCache(o)
}

// soundLinks makes the addresses of sounds. Their key is kept beside the sounds,
// so that addresses outlive a restart, unless the configuration has one.
func soundLinks(v config.Voice) (*sounds.Links, error) {
	secret, err := v.HTTP.Secret.Reveal()
	if err != nil {
		return nil, fmt.Errorf("configuration: voice.http.secret: %w", err)
	}
	key := []byte(secret)
	if secret == "" {
		if err := os.MkdirAll(v.Cache, 0o755); err != nil {
			return nil, fmt.Errorf("make the sound folder: %w", err)
		}
		if key, err = sounds.Key(filepath.Join(v.Cache, ".key")); err != nil {
			return nil, err
		}
	}
	return sounds.NewLinks(v.HTTP.URL, key, v.HTTP.Valid), nil
}

// engine is what speaks.
func engine(c config.Voice) (voice.Engine, error) {
	switch c.Engine {
	case "marks":
		return voice.Marks{}, nil
	case "http":
		secret, err := c.Service.Secret.Reveal()
		if err != nil {
			return nil, fmt.Errorf("configuration: voice.service.secret: %w", err)
		}
		return voice.Service{
			URL: c.Service.URL, Method: strings.ToUpper(c.Service.Method), Headers: c.Service.Headers, Secret: secret, Body: c.Service.Body,
			Answer: c.Service.Answer, Rate: c.Service.Rate, Field: c.Service.Field, Voices: c.Voices, Timeout: c.Timeout,
		}, nil
	}
	command := voice.Espeak("")
	if len(c.Command) > 0 {
		command = voice.Command{Argv: c.Command}
	}
	command.Voices, command.Timeout = c.Voices, c.Timeout
	return command, nil
}

// voice is what the controller speaks with.
func (s *speech) voice() controller.Voice {
	if s.delivery != nil {
		return s.delivery
	}
	return s.cache
}

func (s *speech) close() error { return s.cache.Close() }

// fetchRetry is the pause before a sound is offered to a switch again that did
// not take it: mostly it is not there yet.
const fetchRetry = 5 * time.Second

// warm makes texts, and has the switch fetch them, before a caller needs them. It
// blocks until all are done or ctx ends.
func (s *speech) warm(ctx context.Context, texts []voice.Text, log *zap.Logger) {
	var names []string
	err := s.cache.Warm(ctx, texts, func(_ voice.Text, name string, err error) {
		if err == nil {
			names = append(names, name)
		}
	})
	if err != nil && ctx.Err() == nil {
		log.Error("texts cannot be spoken; callers hear Asterisk's own words instead, or nothing", zap.Error(err))
	}
	if s.delivery == nil {
		return
	}
	for _, name := range names {
		for !s.delivery.Prepare(ctx, name) {
			select {
			case <-time.After(fetchRetry):
			case <-ctx.Done():
				return
			}
		}
	}
}

// addSpeech adds what belongs to the voice to the parts of the daemon.
func (d *daemon) addSpeech(parts map[string]func(context.Context) error, where *string) error {
	registry := d.controller.Metrics().Registry
	for _, c := range d.speech.collectors() {
		if err := registry.Register(c); err != nil {
			return fmt.Errorf("register the voice's metrics: %w", err)
		}
	}
	parts["sweep of sounds"] = func(ctx context.Context) error {
		d.speech.cache.Run(ctx, func(err error) { d.log.Warn("the sound folder", zap.Error(err)) })
		return nil
	}
	if d.speech.server == nil {
		return nil
	}
	l, err := net.Listen("tcp", d.speech.listen)
	if err != nil {
		return fmt.Errorf("listen for the switch that fetches sounds: %w", err)
	}
	*where += ", sounds " + l.Addr().String()
	parts["sounds"] = func(ctx context.Context) error { return api.Serve(ctx, l, d.speech.server) }
	return nil
}

func (s *speech) collectors() []prometheus.Collector {
	gauge := func(name, help string, of func(voice.Stats) float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return of(s.cache.Stats()) })
	}
	counter := func(name, help string, of func(voice.Stats) float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return of(s.cache.Stats()) })
	}
	all := []prometheus.Collector{
		counter("linekeeper_voice_rendered_total", "Texts that the voice spoke.", func(v voice.Stats) float64 { return float64(v.Rendered) }),
		counter("linekeeper_voice_failed_total", "Texts that the voice was asked for and did not speak.", func(v voice.Stats) float64 { return float64(v.Failed) }),
		counter("linekeeper_voice_swept_total", "Sounds that were removed from the folder.", func(v voice.Stats) float64 { return float64(v.Swept) }),
		gauge("linekeeper_voice_sounds", "Sounds in the folder, when it was last swept.", func(v voice.Stats) float64 { return float64(v.Sounds) }),
		gauge("linekeeper_voice_bytes", "Size of these sounds.", func(v voice.Stats) float64 { return float64(v.Bytes) }),
		gauge("linekeeper_voice_resting", "1 while the voice failed too often and is not asked.", func(v voice.Stats) float64 {
			if v.Resting {
				return 1
			}
			return 0
		}),
	}
	if s.requests != nil {
		all = append(all, s.requests)
	}
	return all
}
