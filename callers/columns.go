package callers

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// The beginnings of columns of which there may be any number: "field.tariff" is
// the field "tariff", "answer.birth_date" what answers the question "birth_date".
const (
	FieldColumn  = "field."
	AnswerColumn = "answer."
)

// Columns are the other names under which directories give what a record is made
// of. Only account is needed.
var Columns = []string{"number", "account", "pin_hash", "name", "language", "time_zone", "balance", "currency", "vip", "code"}

// The limits of what a record holds.
const (
	MaxAccount = 32  // digits, of accounts and of codes
	MaxText    = 500 // characters of a name or a field
	maxName    = 40  // of a field or a question
)

// ColumnFault says what is wrong with one value. Its text repeats no code, answer
// or PIN.
type ColumnFault struct {
	Column string
	Err    error
}

// Error names the column.
func (f *ColumnFault) Error() string { return "column " + f.Column + ": " + f.Err.Error() }

// Unwrap gives what is wrong.
func (f *ColumnFault) Unwrap() error { return f.Err }

// CheckColumn says what is wrong with the name of a column.
func CheckColumn(name string) error {
	for _, prefix := range []string{FieldColumn, AnswerColumn} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			if !columnWord(rest) {
				return fmt.Errorf("write a word of a-z, 0-9 and _ that begins with a letter, of at most %d, after %q", maxName, prefix)
			}
			return nil
		}
	}
	if !slices.Contains(Columns, name) {
		return fmt.Errorf("there is no such column; known are %s, %sNAME and %sNAME", strings.Join(Columns, ", "), FieldColumn, AnswerColumn)
	}
	return nil
}

func columnWord(s string) bool {
	return s != "" && len(s) <= maxName && s[0] >= 'a' && s[0] <= 'z' && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// ReadRecord makes a record of values by column, as people and databases write
// them: any spelling of a number that Normalize reads in this region, a language
// tag with its country, yes, true or 1. Columns that CheckColumn does not know and
// "code" are passed over. It gives all faults, sorted by the order of Columns; the
// values at fault are left out of the record.
func ReadRecord(row map[string]string, region string) (Record, []*ColumnFault) {
	rec := Record{Account: row["account"]}
	var faults []*ColumnFault
	note := func(column string, err error) bool {
		if err != nil {
			faults = append(faults, &ColumnFault{column, err})
		}
		return err == nil
	}
	if !note("account", CheckAccount(rec.Account)) {
		rec.Account = ""
	}
	if hash := row["pin_hash"]; hash != "" && note("pin_hash", CheckHash(hash)) {
		rec.PINHash = hash
	}
	if raw := row["number"]; raw != "" {
		e164, ok := Normalize(raw, region)
		if rec.Number = e164; !ok {
			note("number", fmt.Errorf("%q is not a phone number", raw))
		}
	}
	var err error
	if note("name", checkText(row["name"])) {
		rec.Name = row["name"]
	}
	rec.Language, err = baseLanguage(row["language"])
	note("language", err)
	if zone := row["time_zone"]; zone != "" {
		if _, err := LoadZone(zone); err != nil {
			note("time_zone", fmt.Errorf("%w; write its IANA name, such as Europe/Moscow", err))
		} else {
			rec.TimeZone = zone
		}
	}
	rec.Balance, err = readBalance(row["balance"], row["currency"])
	note("balance", err)
	rec.VIP, err = readYes(row["vip"])
	note("vip", err)
	if code := row["code"]; code != "" {
		note("code", CheckCode(code))
	}
	for _, column := range slices.Sorted(maps.Keys(row)) {
		value := row[column]
		if value == "" || CheckColumn(column) != nil {
			continue
		}
		if name, is := strings.CutPrefix(column, FieldColumn); is && note(column, checkText(value)) {
			rec.Fields = with(rec.Fields, name, value)
		}
		if name, is := strings.CutPrefix(column, AnswerColumn); is && note(column, checkAnswer(value)) {
			rec.Answers = with(rec.Answers, name, value)
		}
	}
	return rec, faults
}

// CheckAccount says what is wrong with an account number.
func CheckAccount(account string) error {
	if account == "" || len(account) > MaxAccount || !onlyDigits(account) {
		return fmt.Errorf("%.40q is not 1 to %d digits", account, MaxAccount)
	}
	return nil
}

// CheckCode says what is wrong with a code, without repeating it.
func CheckCode(code string) error {
	if code == "" || len(code) > MaxAccount || !onlyDigits(code) {
		return fmt.Errorf("not 1 to %d digits", MaxAccount)
	}
	return nil
}

func checkAnswer(answer string) error {
	if strings.HasPrefix(answer, "$") {
		return CheckHash(answer)
	}
	if len(answer) > MaxAccount || !onlyDigits(answer) {
		return fmt.Errorf("neither 1 to %d digits nor a PHC string of argon2id", MaxAccount)
	}
	return nil
}

func checkText(s string) error {
	if n := utf8.RuneCountInString(s); n > MaxText {
		return fmt.Errorf("%d characters; shorten it to %d", n, MaxText)
	}
	return nil
}

// readBalance passes over zeros at the end, of which databases give any number.
func readBalance(amount, code string) (*Money, error) {
	if amount == "" {
		return nil, nil
	}
	if code == "" {
		return nil, errors.New("an amount without a currency")
	}
	if whole, fraction, has := strings.Cut(amount, "."); has && len(fraction) > 2 && onlyDigits(fraction) {
		amount = whole + "." + fraction[:2] + strings.TrimRight(fraction[2:], "0")
	}
	money, err := ParseMoney(amount, code)
	if err != nil {
		return nil, err
	}
	return &money, nil
}

// baseLanguage is the language of a tag without script and region.
func baseLanguage(tag string) (string, error) {
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

func readYes(s string) (bool, error) {
	switch strings.ToLower(s) {
	case "yes", "true", "t", "1":
		return true, nil
	case "no", "false", "f", "0", "":
		return false, nil
	}
	return false, fmt.Errorf("%q is neither yes nor no", s)
}

func with(m map[string]string, key, value string) map[string]string {
	if m == nil {
		m = map[string]string{}
	}
	m[key] = value
	return m
}
