package ami

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The limits of what is read, in bytes: a peer that exceeds them is not
// Asterisk, and memory must not be its to fill. The longest messages are the
// output of commands.
const (
	lineLimit    = 1 << 20
	messageLimit = 32 << 20
)

var errTooLong = errors.New("line or message is too long")

// parser reads messages from a stream.
type parser struct{ r *bufio.Reader }

func newParser(r io.Reader) *parser { return &parser{bufio.NewReaderSize(r, 16<<10)} }

// banner reads the greeting, "Asterisk Call Manager/11.0.0", and gives the
// version in it.
func (p *parser) banner() (string, error) {
	line, err := p.line()
	if err != nil {
		return "", err
	}
	product, version, ok := strings.Cut(line, "/")
	if !ok || !strings.HasSuffix(product, "Call Manager") {
		return "", fmt.Errorf("peer greets with %.60q, which is not Asterisk", line)
	}
	return version, nil
}

// next reads one message; blank lines before it are skipped. A line without a
// colon is kept as a value without a key.
func (p *parser) next() (Message, error) {
	var m Message
	size := 0
	for {
		line, err := p.line()
		switch {
		case err == io.EOF && len(m) > 0:
			return nil, io.ErrUnexpectedEOF
		case err != nil:
			return nil, err
		case line == "" && len(m) > 0:
			return m, nil
		case line == "":
			continue
		}
		// A header costs memory beyond its text.
		if size += len(line) + 64; size > messageLimit {
			return nil, errTooLong
		}
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			key, value = "", line
		}
		m = append(m, Header{Key: key, Value: strings.TrimPrefix(value, " ")})
	}
}

// line reads one line without its end, which may be LF alone.
func (p *parser) line() (string, error) {
	var b []byte
	for {
		part, err := p.r.ReadSlice('\n')
		b = append(b, part...)
		switch {
		case len(b) > lineLimit:
			return "", errTooLong
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && len(b) > 0:
			return "", io.ErrUnexpectedEOF
		case err != nil:
			return "", err
		}
		b = b[:len(b)-1]
		if n := len(b); n > 0 && b[n-1] == '\r' {
			b = b[:n-1]
		}
		return string(b), nil
	}
}
