package sources

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"time"
)

// ClientOptions say how an HTTP server is reached.
type ClientOptions struct {
	CA        string // path of a PEM file with the authorities that are trusted; "": those of the system
	Cert, Key string // paths of PEM files, for servers that ask who calls; "" for none
	MaxConns  int    // at a time; 0 stands for DefaultMaxConns. Further requests wait, up to their time-out
}

// Client keeps the connections to a server. Several sources may share it.
type Client struct{ transport *http.Transport }

// NewClient reads the files that are named. TLS is 1.2 or newer, and certificates are
// always checked.
func NewClient(o ClientOptions) (*Client, error) {
	conf, err := tlsConfig(o.CA, o.Cert, o.Key)
	if err != nil {
		return nil, err
	}
	conns := o.MaxConns
	if conns <= 0 {
		conns = DefaultMaxConns
	}
	return &Client{&http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		TLSClientConfig:     conf,
		MaxConnsPerHost:     conns,
		MaxIdleConnsPerHost: conns,
		IdleConnTimeout:     90 * time.Second,
		ForceAttemptHTTP2:   true,
	}}, nil
}

// Close closes idle connections. Sources that use the client end theirs by themselves.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

func tlsConfig(ca, cert, key string) (*tls.Config, error) {
	conf := &tls.Config{MinVersion: tls.VersionTLS12}
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return nil, fmt.Errorf("read the certificates of the authorities: %w", err)
		}
		conf.RootCAs = x509.NewCertPool()
		if !conf.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("read the certificates of the authorities: %s has no certificate in PEM form", ca)
		}
	}
	if cert != "" || key != "" {
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			return nil, fmt.Errorf("read the client's certificate and key: %w", err)
		}
		conf.Certificates = []tls.Certificate{pair}
	}
	return conf, nil
}
