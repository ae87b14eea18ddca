package softphone

import (
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"
)

// socket is the phone's SIP socket. The SIP library may close it, but that only ends reading: the port is given
// back by release alone.
type socket struct {
	*net.UDPConn
	muted atomic.Bool
}

func listen(at sip.Uri) (*socket, error) {
	addr, err := net.ResolveUDPAddr("udp", net.JoinHostPort(at.Host, fmt.Sprint(at.Port)))
	if err != nil {
		return nil, fmt.Errorf("resolve bind address: %w", err)
	}
	conn, err := net.ListenUDP("udp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return &socket{UDPConn: conn}, nil
}

func (s *socket) port() int { return s.LocalAddr().(*net.UDPAddr).Port }

// mute drops whatever arrives from now on.
func (s *socket) mute() { s.muted.Store(true) }

// ReadFrom reads the next message that is not dropped.
func (s *socket) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := s.UDPConn.ReadFrom(b)
		if err != nil || !s.muted.Load() {
			return n, from, err
		}
	}
}

// Close wakes the reader for good.
func (s *socket) Close() error { return s.SetReadDeadline(time.Unix(1, 0)) }

// release gives the port back.
func (s *socket) release() error { return s.UDPConn.Close() }
