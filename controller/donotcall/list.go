// Package donotcall reads the list of numbers that are never called: a text file
// with one number a line. A changed file is read anew without a restart.
package donotcall

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
)

// every is how often the file is looked at.
const every = time.Second

// List is a file of numbers in memory. It is safe for concurrent use.
type List struct {
	path, region string
	trouble      func(error)

	mu      sync.Mutex
	numbers map[string]bool
	read    stamp
	looked  time.Time
	broken  string // the trouble that was told last
}

// stamp tells a file that was written anew.
type stamp struct {
	at   time.Time
	size int64
}

// Open reads a list. Region (ISO 3166, "RU") is that of numbers without a country
// code. Lines that are empty or begin with # are passed over, and so is what
// follows a # in a line. The error names every line that is no number.
//
// Later trouble with the file (unreadable, a line that is no number) is told to
// trouble, once each; nil for nobody. The numbers known before stay on the list
// then, and those that could be read are added: nobody is called because of a
// slip in a file. Trouble is called by Has and must not call the list.
func Open(path, region string, trouble func(error)) (*List, error) {
	l := &List{path: path, region: region, trouble: trouble}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the do-not-call list: %w", err)
	}
	numbers, err := l.load()
	if err != nil {
		return nil, err
	}
	l.numbers, l.read, l.looked = numbers, stampOf(info), time.Now()
	return l, nil
}

func stampOf(info fs.FileInfo) stamp { return stamp{info.ModTime(), info.Size()} }

// Has says whether a number in E.164 is on the list. It looks at the file at most
// once a second.
func (l *List) Has(number string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); now.Sub(l.looked) >= every || now.Before(l.looked) {
		l.looked = now
		l.refresh()
	}
	return l.numbers[number]
}

// Len is how many numbers are on the list.
func (l *List) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.numbers)
}

// refresh reads the file if it was written since.
func (l *List) refresh() {
	info, err := os.Stat(l.path)
	if err != nil {
		l.tell(fmt.Errorf("read the do-not-call list, which stays as it was: %w", err))
		return
	}
	if stampOf(info) == l.read {
		return
	}
	l.read = stampOf(info)
	numbers, err := l.load()
	if err == nil {
		l.numbers, l.broken = numbers, ""
		return
	}
	for number := range numbers {
		l.numbers[number] = true
	}
	l.tell(err)
}

func (l *List) tell(err error) {
	if l.trouble != nil && err.Error() != l.broken {
		l.trouble(err)
	}
	l.broken = err.Error()
}

// load gives the numbers of the file, and with an error those that are good.
func (l *List) load() (map[string]bool, error) {
	src, err := os.ReadFile(l.path)
	if err != nil {
		return nil, fmt.Errorf("read the do-not-call list: %w", err)
	}
	return l.parse(src)
}

func (l *List) parse(src []byte) (map[string]bool, error) {
	numbers := map[string]bool{}
	var errs []error
	scan := bufio.NewScanner(bytes.NewReader(bytes.TrimPrefix(src, []byte("\ufeff"))))
	for n := 1; scan.Scan(); n++ {
		written, _, _ := strings.Cut(scan.Text(), "#")
		if written = strings.TrimSpace(written); written == "" {
			continue
		}
		number, ok := written, callback.ValidNumber(written) // at once: a list may be long
		if !ok {
			number, ok = callers.Normalize(written, l.region)
		}
		if !ok {
			errs = append(errs, fmt.Errorf("%s:%d: %q is no phone number; write it with + and the country code", l.path, n, written))
			continue
		}
		numbers[number] = true
	}
	if err := scan.Err(); err != nil {
		errs = append(errs, fmt.Errorf("read the do-not-call list %s: %w", l.path, err))
	}
	return numbers, errors.Join(errs...)
}
