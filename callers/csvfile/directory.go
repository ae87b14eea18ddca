package csvfile

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"

	"github.com/linekeeper/linekeeper/callers"
)

// Directory holds the records of a file in memory. It is safe for concurrent use.
type Directory struct {
	path   string
	region string
	now    atomic.Pointer[table]
}

var _ callers.Directory = (*Directory)(nil)

// table is the parsed file.
type table struct {
	records   []callers.Record
	byAccount map[string]int
	byNumber  map[string]int // only numbers that one record has
}

// Load reads a file. Region (ISO 3166, "RU") is that of numbers without a country
// code. The error names every fault of the file with its line and column; see Fault.
func Load(path, region string) (*Directory, error) {
	d := &Directory{path: path, region: region}
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

// ByNumber finds the record with a number. It finds none when several have it.
func (d *Directory) ByNumber(ctx context.Context, number string) (callers.Record, bool, error) {
	e164, ok := callers.Normalize(number, d.region)
	if !ok {
		return callers.Record{}, false, ctx.Err()
	}
	t := d.now.Load()
	i, found := t.byNumber[e164]
	return t.at(ctx, i, found)
}

// ByAccount finds the record with an account.
func (d *Directory) ByAccount(ctx context.Context, account string) (callers.Record, bool, error) {
	t := d.now.Load()
	i, found := t.byAccount[account]
	return t.at(ctx, i, found)
}

func (t *table) at(ctx context.Context, i int, found bool) (callers.Record, bool, error) {
	if err := ctx.Err(); err != nil || !found {
		return callers.Record{}, false, err
	}
	record := t.records[i]
	if record.Balance != nil {
		balance := *record.Balance // the table's own must not change under other readers
		record.Balance = &balance
	}
	return record, true, nil
}
