package csvfile

import (
	"context"
	"os"
	"time"
)

// look is how often the file is looked at.
const look = time.Second

// stamp tells a file that was written anew.
type stamp struct {
	at   time.Time
	size int64
}

func stampOf(path string) (stamp, error) {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}, err
	}
	return stamp{info.ModTime(), info.Size()}, nil
}

// Run reads the file again whenever it was written, until ctx ends; then it
// returns nil. Told gets what became of it: nil when the new records are in use,
// else why the old ones stay. A file that is missing is told once.
//
// A file is read when it looks the same twice, a second apart, so that one that is
// just being written is not read by halves.
func (d *Directory) Run(ctx context.Context, told func(error)) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	seen, missing := d.read, false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		now, err := stampOf(d.path)
		switch {
		case err != nil && missing:
		case err != nil:
			missing = true
			told(err)
		case now != seen: // it may be written still
			seen, missing = now, false
		case now != d.read || missing:
			d.read, missing = now, false
			told(d.Reload())
		}
	}
}
