package doctor

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/prompts/voice/share"
	"github.com/linekeeper/linekeeper/telephony/ari"
)

// byHTTP says whether Asterisk fetches its sounds.
func (p *patient) byHTTP() bool {
	return p.Config != nil && p.Config.Voice.Deliver == config.DeliverHTTP
}

// checkSounds has Asterisk fetch a sound that nobody hears, and looks whether it
// came for it.
func checkSounds(ctx context.Context, p *patient) []Finding {
	const what = "sounds over http"
	h := p.Config.Voice.HTTP
	switch {
	case !p.byHTTP():
		return nil
	case !p.ariUp:
		return skip(what, "ARI does not answer")
	case !p.modules["res_http_media_cache"]:
		return skip(what, "res_http_media_cache.so does not run")
	}
	if !p.running {
		stop, err := serveProbe(h.Listen, p.Links)
		if err != nil {
			return one(Fail, what, fmt.Sprintf("nothing can be given out at %s: %v", h.Listen, err), "choose another voice.http.listen in linekeeper.yaml, or stop what listens there")
		}
		defer stop()
	}
	name := make([]byte, 16)
	_, _ = rand.Read(name) // never fails
	probe, seen := p.Links.Probe(hex.EncodeToString(name), time.Now())
	client, err := ari.New(p.ARI)
	if err != nil {
		return one(Fail, what, err.Error(), "")
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := client.Fetch(ctx, probe); err != nil {
		return one(Fail, what, "Asterisk was asked to fetch a sound: "+err.Error(), "look into Asterisk's log")
	}
	came, err := wasSeen(ctx, h.Listen, seen)
	switch {
	case err != nil:
		return one(Warn, what, fmt.Sprintf("linekeeper gives no answer at %s: %v", h.Listen, err), "restart linekeeper with this configuration")
	case !came:
		return one(Fail, what, "Asterisk does not come for a sound at "+h.URL,
			fmt.Sprintf("on Asterisk's machine: curl -sI %s must answer 403; else correct voice.http.url, or let that machine reach %s; and the folder astcachedir of asterisk.conf must exist and be writable for Asterisk", h.URL, h.Listen))
	}
	return []Finding{ok(what, "Asterisk fetched one from "+h.URL)}
}

// serveProbe gives test sounds out in the daemon's place until stop.
func serveProbe(listen string, links *share.Links) (stop func(), err error) {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, err
	}
	srv := &http.Server{Handler: &share.Server{Links: links}, ReadHeaderTimeout: patience}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(l) // ends with Close
	}()
	return func() {
		_ = srv.Close() // nothing is left to do about an error
		<-done
	}, nil
}

// wasSeen asks who listens whether a test sound was fetched.
func wasSeen(ctx context.Context, listen, path string) (bool, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return false, err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+path, nil)
	if err != nil {
		return false, err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return false, err
	}
	if err := resp.Body.Close(); err != nil {
		return false, err
	}
	switch resp.StatusCode {
	case http.StatusOK:
		return true, nil
	case http.StatusNotFound:
		return false, nil
	}
	return false, errors.New(resp.Status)
}
