package csvfile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/linekeeper/linekeeper/callers"
	"golang.org/x/text/language"
)

const maxAccount = 32 // digits

// row reads one record. All its faults are noted, not only the first.
func (p *parser) row(line int, fields []string) {
	if len(fields) != len(p.header) {
		p.fault(line, "", fmt.Errorf("%d fields, but the first line names %d columns", len(fields), len(p.header)))
		return
	}
	value := map[string]string{}
	for i, name := range p.header {
		value[name] = fields[i]
	}
	record := callers.Record{
		Account: value["account"], PINHash: value["pin_hash"], Name: value["name"],
	}
	note := func(column string, err error) {
		if err != nil {
			p.fault(line, column, err)
		}
	}
	var err error
	note("account", p.checkAccount(line, record.Account))
	if record.PINHash != "" {
		note("pin_hash", callers.CheckHash(record.PINHash))
	}
	record.Number, err = p.number(value["number"])
	note("number", err)
	record.Language, err = base(value["language"])
	note("language", err)
	record.TimeZone, err = zone(value["time_zone"])
	note("time_zone", err)
	record.Balance, err = p.balance(value["balance"], value["currency"])
	note("balance", err)
	record.VIP, err = yes(value["vip"])
	note("vip", err)
	p.add(record)
}

func (p *parser) add(record callers.Record) {
	index := len(p.table.records)
	p.table.records = append(p.table.records, record)
	p.table.byAccount[record.Account] = index
	if record.Number != "" {
		p.table.byNumber[record.Number] = append(p.table.byNumber[record.Number], index)
	}
}

func (p *parser) checkAccount(line int, account string) error {
	if account == "" || len(account) > maxAccount || strings.Trim(account, "0123456789") != "" {
		return fmt.Errorf("%q is not 1 to %d digits", account, maxAccount)
	}
	if first, taken := p.lines[account]; taken {
		return fmt.Errorf("account %s is in line %d already", account, first)
	}
	p.lines[account] = line
	return nil
}

func (p *parser) number(raw string) (string, error) {
	if raw == "" {
		return "", nil
	}
	e164, ok := callers.Normalize(raw, p.region)
	if !ok {
		return "", fmt.Errorf("%q is not a phone number", raw)
	}
	return e164, nil
}

func (p *parser) balance(amount, currency string) (*callers.Money, error) {
	if amount == "" {
		return nil, nil
	}
	if currency == "" {
		return nil, errors.New("an amount without a currency")
	}
	if p.comma == ';' {
		amount = strings.Replace(amount, ",", ".", 1)
	}
	money, err := callers.ParseMoney(amount, currency)
	if err != nil {
		return nil, err
	}
	return &money, nil
}

// base gives the language of a tag without script and region.
func base(tag string) (string, error) {
	if tag == "" {
		return "", nil
	}
	parsed, err := language.Parse(tag)
	if err != nil {
		return "", fmt.Errorf("%q is not a language tag such as ru or en", tag)
	}
	code, _ := parsed.Base()
	return code.String(), nil
}

// zone checks the name of a time zone.
func zone(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	if _, err := callers.LoadZone(name); err != nil {
		return "", fmt.Errorf("%w; write its IANA name, such as Europe/Moscow", err)
	}
	return name, nil
}

func yes(s string) (bool, error) {
	switch strings.ToLower(s) {
	case "yes", "true", "1":
		return true, nil
	case "no", "false", "0", "":
		return false, nil
	}
	return false, fmt.Errorf("%q is neither yes nor no", s)
}
