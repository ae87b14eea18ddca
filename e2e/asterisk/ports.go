package asterisk

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
)

// Ports for sound come from below the range from which systems take the ports
// of outgoing connections. Asterisk skips those that are taken.
const (
	rtpLowest  = 10000
	rtpHighest = 32000
)

// claim fills the ports of c, holding each until release is called, just
// before Asterisk binds them, so that parallel runs get different ones.
func (c *Config) claim(o Options) (release func() error, err error) {
	var held []io.Closer
	release = func() error {
		var errs []error
		for _, one := range held {
			errs = append(errs, one.Close())
		}
		return errors.Join(errs...)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, release())
		}
	}()
	for _, port := range []struct {
		to    *int
		fixed int
	}{{&c.SIPPort, o.SIPPort}, {&c.TrunkPort, o.TrunkPort}} {
		if *port.to = port.fixed; port.fixed != 0 {
			continue
		}
		conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			return nil, fmt.Errorf("find a free UDP port: %w", err)
		}
		held = append(held, conn)
		*port.to = conn.LocalAddr().(*net.UDPAddr).Port
	}
	for _, port := range []*int{&c.HTTPPort, &c.AMIPort} {
		listener, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			return nil, fmt.Errorf("find a free TCP port: %w", err)
		}
		held = append(held, listener)
		*port = listener.Addr().(*net.TCPAddr).Port
	}
	if o.RTPPorts < 4 || o.RTPPorts > rtpHighest-rtpLowest {
		return nil, fmt.Errorf("choose ports for sound: %d is not within 4 to %d", o.RTPPorts, rtpHighest-rtpLowest)
	}
	c.RTPFirst = rtpLowest + 2*rand.IntN((rtpHighest-rtpLowest-o.RTPPorts)/2+1)
	c.RTPLast = c.RTPFirst + o.RTPPorts - 1
	return release, nil
}
