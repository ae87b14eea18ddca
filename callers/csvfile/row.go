package csvfile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/linekeeper/linekeeper/callers"
)

// values are the fields of a row by column.
func (p *parser) values(fields []string) map[string]string {
	value := map[string]string{}
	for i, name := range p.header {
		value[name] = fields[i]
	}
	if p.comma == ';' && value["balance"] != "" {
		value["balance"] = strings.Replace(value["balance"], ",", ".", 1)
	}
	return value
}

// row reads one record. All its faults are noted, not only the first.
func (p *parser) row(line int, value map[string]string) {
	record, faults := callers.ReadRecord(value, p.region)
	for _, f := range faults {
		p.fault(line, f.Column, f.Err)
	}
	if record.Account != "" {
		p.once(p.accounts, line, "account", "account "+record.Account, record.Account)
	}
	if code := value["code"]; code != "" && callers.CheckCode(code) == nil {
		p.once(p.codes, line, "code", "this code", code)
	}
	p.add(record, value["code"])
}

func (p *parser) add(record callers.Record, code string) {
	index := len(p.table.records)
	p.table.records = append(p.table.records, record)
	p.table.byAccount[record.Account] = index
	if record.Number != "" {
		p.table.byNumber[record.Number] = append(p.table.byNumber[record.Number], index)
	}
	if code != "" {
		p.table.byCode[code] = index
	}
}

// once notes a value that another line has already.
func (p *parser) once(lines map[string]int, line int, column, what, value string) {
	if first, taken := lines[value]; taken {
		p.fault(line, column, fmt.Errorf("%s is in line %d already", what, first))
		return
	}
	lines[value] = line
}

func (p *parser) setHeader(line int, names []string) {
	p.header = names
	seen, account := map[string]bool{}, false
	for _, name := range names {
		if err := callers.CheckColumn(name); err != nil {
			p.fault(line, name, err)
		} else if seen[name] {
			p.fault(line, name, errors.New("the column is there twice"))
		}
		seen[name], account = true, account || name == "account"
	}
	if !account {
		p.fault(line, "account", errors.New("the column is missing"))
	}
}
