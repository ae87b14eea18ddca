package csvfile

import (
	"context"
	"fmt"
	"maps"
	"os"
	"sync/atomic"

	"github.com/linekeeper/linekeeper/callers"
)

// Directory holds the records of a file in memory. It is safe for concurrent use.
type Directory struct {
	path   string
	region string
	now    atomic.Pointer[table]
	read   stamp // of the file as Load read it, or Run last
}

var _ callers.Directory = (*Directory)(nil)

// table is the parsed file.
type table struct {
	records   []callers.Record
	byAccount map[string]int
	byNumber  map[string][]int // sorted by account
	byCode    map[string]int
}

// Load reads a file. Region (ISO 3166, "RU") is that of numbers without a country
// code. The error names every fault of the file with its line and column; see Fault.
func Load(path, region string) (*Directory, error) {
	d := &Directory{path: path, region: region}
	d.read, _ = stampOf(path) // a file that cannot be looked at cannot be read either
	if err := d.Reload(); err != nil {
		return nil, err
	}
	return d, nil
}

// Reload reads the file again. Look-ups under way see the old records or the
// new ones, never a mixture; with an error the old ones stay.
func (d *Directory) Reload() error {
	data, err := os.ReadFile(d.path)
	if err != nil {
		return fmt.Errorf("read the callers: %w", err)
	}
	t, err := parse(d.path, data, d.region)
	if err != nil {
		return err
	}
	d.now.Store(t)
	return nil
}

// Len is the number of records.
func (d *Directory) Len() int { return len(d.now.Load().records) }

// ByNumber finds the records with a number.
func (d *Directory) ByNumber(ctx context.Context, number string) ([]callers.Record, error) {
	e164, ok := callers.Normalize(number, d.region)
	if !ok {
		return nil, ctx.Err()
	}
	t := d.now.Load()
	var found []callers.Record
	for _, i := range t.byNumber[e164] {
		found = append(found, t.record(i))
	}
	return found, ctx.Err()
}

// ByAccount finds the record with an account.
func (d *Directory) ByAccount(ctx context.Context, account string) (callers.Record, bool, error) {
	t := d.now.Load()
	i, found := t.byAccount[account]
	return t.found(ctx, i, found)
}

// ByCode finds the record with a code.
func (d *Directory) ByCode(ctx context.Context, code string) (callers.Record, bool, error) {
	t := d.now.Load()
	i, found := t.byCode[code]
	return t.found(ctx, i, found)
}

func (t *table) found(ctx context.Context, i int, found bool) (callers.Record, bool, error) {
	if err := ctx.Err(); err != nil || !found {
		return callers.Record{}, false, err
	}
	return t.record(i), true, nil
}

// record is a copy: the table's own must not change under other readers.
func (t *table) record(i int) callers.Record {
	record := t.records[i]
	if record.Balance != nil {
		balance := *record.Balance
		record.Balance = &balance
	}
	record.Fields, record.Answers = maps.Clone(record.Fields), maps.Clone(record.Answers)
	return record
}
