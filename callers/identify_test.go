package callers

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shelf is a directory of a few records, which counts how often it was asked.
type shelf struct {
	records map[string]Record
	codes   map[string]string
	asked   int
}

func (s *shelf) ByNumber(context.Context, string) ([]Record, error) {
	return nil, errors.New("not asked in these tests")
}

func (s *shelf) ByAccount(_ context.Context, account string) (Record, bool, error) {
	s.asked++
	if account == "broken" {
		return Record{}, false, errBroken
	}
	r, ok := s.records[account]
	return r, ok, nil
}

func (s *shelf) ByCode(_ context.Context, code string) (Record, bool, error) {
	s.asked++
	if code == "13131313" {
		return Record{}, false, errors.New("no row for code 13131313")
	}
	r, ok := s.records[s.codes[code]]
	return r, ok, nil
}

var errBroken = errors.New("the shelf is broken")

func newShelf(t *testing.T) *shelf {
	return &shelf{
		records: map[string]Record{
			"1001": {Account: "1001", Name: "Иван", PINHash: mustHash(t, "2580", cheap), Answers: map[string]string{
				"birth_date": "02031984", "pet": mustHash(t, "77", cheap),
			}},
			"1002": {Account: "1002"},
			"1003": {Account: "1003", PINHash: "$argon2id$nonsense"},
			"1004": {Account: "1004", PINHash: "2580"}, // a PIN must be a hash
		},
		codes: map[string]string{"12345678": "1001"},
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	dir := newShelf(t)
	for _, c := range []struct {
		name   string
		claim  Claim
		refuse bool
		want   string // account
	}{
		{"right", Claim{Account: "1001", Digits: "2580"}, false, "1001"},
		{"right and refused", Claim{Account: "1001", Digits: "2580"}, true, ""},
		{"wrong", Claim{Account: "1001", Digits: "0000"}, false, ""},
		{"none", Claim{Account: "1001"}, false, ""},
		{"no PIN", Claim{Account: "1002", Digits: "2580"}, false, ""},
		{"no PIN and none", Claim{Account: "1002"}, false, ""},
		{"unknown", Claim{Account: "9999", Digits: "2580"}, false, ""},
		{"nothing", Claim{}, false, ""},
		{"plain answer", Claim{Account: "1001", Question: "birth_date", Digits: "02031984"}, false, "1001"},
		{"plain answer, refused", Claim{Account: "1001", Question: "birth_date", Digits: "02031984"}, true, ""},
		{"wrong plain answer", Claim{Account: "1001", Question: "birth_date", Digits: "02031985"}, false, ""},
		{"hashed answer", Claim{Account: "1001", Question: "pet", Digits: "77"}, false, "1001"},
		{"PIN as an answer", Claim{Account: "1001", Question: "pet", Digits: "2580"}, false, ""},
		{"unknown question", Claim{Account: "1001", Question: "car", Digits: "2580"}, false, ""},
		{"unknown question, no digits", Claim{Account: "1001", Question: "car"}, false, ""},
		{"code", Claim{Code: "12345678"}, false, "1001"},
		{"code, refused", Claim{Code: "12345678"}, true, ""},
		{"wrong code", Claim{Code: "12345679"}, false, ""},
	} {
		got, ok, err := Identifier{Directory: dir}.Check(t.Context(), c.claim, c.refuse)
		if ok != (c.want != "") || err != nil {
			t.Errorf("%s: %v, %v", c.name, ok, err)
		}
		if diff := cmp.Diff(dir.records[c.want], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestCheckErrors(t *testing.T) {
	t.Parallel()
	dir := newShelf(t)
	check := func(c Claim) error {
		_, ok, err := Identifier{Directory: dir}.Check(t.Context(), c, false)
		if ok || err == nil {
			t.Errorf("%v: ok=%v, %v", c, ok, err)
		}
		if err != nil && strings.Contains(err.Error(), "13131313") {
			t.Errorf("the error repeats the code: %v", err)
		}
		return err
	}
	if err := check(Claim{Account: "broken", Digits: "2580"}); !errors.Is(err, errBroken) || errors.Is(err, ErrHash) {
		t.Errorf("broken directory: %v", err)
	}
	for _, account := range []string{"1003", "1004"} {
		if err := check(Claim{Account: account, Digits: "2580"}); !errors.Is(err, ErrHash) || !strings.Contains(err.Error(), account) {
			t.Errorf("broken hash: %v", err)
		}
	}
	check(Claim{Code: "13131313"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, ok, err := (Identifier{Directory: dir}).Check(ctx, Claim{Account: "1001", Digits: "2580"}, false); ok || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v, %v", ok, err)
	}
}

// TestCheckCostsTheSame: whatever is wrong about a claim, the directory is asked
// once and one hash is made, with the parameters of a real one.
func TestCheckCostsTheSame(t *testing.T) {
	t.Parallel()
	dir := newShelf(t)
	var hashes []HashParams
	id := Identifier{Directory: dir, Verify: func(hash, digits string) (bool, error) {
		h, err := parseHash(hash)
		if err != nil {
			return false, err
		}
		hashes = append(hashes, h.params)
		return digits == "2580", nil
	}}
	dir.records["1001"] = Record{Account: "1001", PINHash: mustHash(t, "2580", DefaultHashParams), Answers: map[string]string{
		"birth_date": "02031984", "pet": mustHash(t, "77", DefaultHashParams),
	}}
	for _, question := range []string{"", "birth_date", "pet", "car"} {
		for _, account := range []string{"1001", "1002", "9999"} {
			for _, digits := range []string{"2580", "02031984", "77", "0000"} {
				for _, refuse := range []bool{false, true} {
					hashes, dir.asked = nil, 0
					_, _, err := id.Check(t.Context(), Claim{Account: account, Question: question, Digits: digits}, refuse)
					if diff := cmp.Diff([]HashParams{DefaultHashParams}, hashes); err != nil || diff != "" || dir.asked != 1 {
						t.Errorf("%s %q %s %v: %v, asked %d times, hashes (-want +got):\n%s", account, question, digits, refuse, err, dir.asked, diff)
					}
				}
			}
		}
	}
}
