package doctor

import (
	"context"
	"fmt"
	"time"
)

// checkDirectories asks each directory of callers. One that is away makes callers
// strangers, but fails no call.
func checkDirectories(ctx context.Context, p *patient) []Finding {
	var found []Finding
	for _, d := range p.Directories {
		what := "callers " + d.Name
		began := time.Now()
		within, cancel := context.WithTimeout(ctx, patience)
		detail, err := d.Try(within)
		cancel()
		if err != nil {
			found = append(found, Finding{Warn, what, err.Error(), "callers are strangers to this directory until it answers; see Directories of callers in docs/deployer.md"})
			continue
		}
		found = append(found, ok(what, fmt.Sprintf("%s, in %d ms", detail, time.Since(began).Milliseconds())))
	}
	return found
}
