package doctor

import (
	"context"
	"fmt"
	"strconv"
)

// Limits that Asterisk has by itself, and what linekeeper wants instead.
const (
	defaultSessions = 100
	enoughSessions  = 200
	defaultWriteMS  = 100
	enoughWriteMS   = 1000
)

// checkSettings reads the two settings whose defaults hurt under load.
func checkSettings(ctx context.Context, p *patient) []Finding {
	return []Finding{
		atLeast(ctx, p, limit{
			what: "http sessions", file: "http.conf", key: "sessionlimit", normal: defaultSessions, enough: enoughSessions, advise: 1000,
			means: "%d connections at once; a request beyond that is refused and its call hangs",
		}),
		atLeast(ctx, p, limit{
			what: "websocket write timeout", file: "ari.conf", key: "websocket_write_timeout", normal: defaultWriteMS, enough: enoughWriteMS, advise: 5000,
			means: "a reader that pauses for %d ms is cut off",
		}),
	}
}

// limit is a setting in [general] of a file.
type limit struct {
	what, file, key        string
	normal, enough, advise int
	means                  string
}

func atLeast(ctx context.Context, p *patient, l limit) Finding {
	remedy := fmt.Sprintf("%s, [general]: %s = %d; then asterisk -rx 'core reload'", l.file, l.key, l.advise)
	value, known := p.setting(ctx, l.file, "general", l.key)
	if !known {
		return Finding{Skip, l.what, "cannot be read (it takes AMI with write = agent,reporting and func_config.so)", remedy + ", unless it is set already"}
	}
	n, where := l.normal, "the default, "
	if value != "" {
		var err error
		if n, err = strconv.Atoi(value); err != nil {
			return Finding{Warn, l.what, fmt.Sprintf("%s = %q in %s is no number", l.key, value, l.file), remedy}
		}
		where = ""
	}
	if n < l.enough {
		return Finding{Warn, l.what, where + fmt.Sprintf(l.means, n), remedy}
	}
	return ok(l.what, fmt.Sprintf("%s = %d", l.key, n))
}
