package remote

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/sources"
)

// answer is a source that gives the same rows to everybody.
type answer struct {
	inputs []string
	rows   []map[string]string
	err    error
	asked  map[string]string
}

func (a *answer) Fetch(_ context.Context, in map[string]string) ([]map[string]string, error) {
	a.asked = in
	return a.rows, a.err
}
func (a *answer) Inputs() []string { return a.inputs }
func (a *answer) Fields() []string { return nil }

func TestRecordsOfRows(t *testing.T) {
	t.Parallel()
	crm := &answer{inputs: []string{"digits"}, rows: []map[string]string{
		{"id": "1002", "full_name": "Анна", "secret": "x"},
		{"id": "1001", "full_name": "Иван", "amount": "1523.5000", "cur": "RUB", "is_vip": "true", "tariff": "gold", "dob": "31121990", "lang": "ru_RU"},
	}}
	var troubles []string
	d, err := New(Options{
		Name: "crm", ByNumber: crm, Region: "RU",
		Columns: map[string]string{
			"account": "id", "name": "full_name", "balance": "amount", "currency": "cur", "vip": "is_vip", "language": "lang",
			"field.tariff": "tariff", "answer.birth_date": "dob", "time_zone": "tz",
		},
		Trouble: func(err error) { troubles = append(troubles, err.Error()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	records, err := d.ByNumber(t.Context(), "+79161234501")
	want := []callers.Record{
		{
			Number: "+79161234501", Account: "1001", Name: "Иван", Language: "ru", Balance: &callers.Money{Minor: 152350, Currency: "RUB"}, VIP: true,
			Fields: map[string]string{"tariff": "gold"}, Answers: map[string]string{"birth_date": "31121990"},
		},
		{Number: "+79161234501", Account: "1002", Name: "Анна"},
	}
	if diff := cmp.Diff(want, records); err != nil || diff != "" || len(troubles) > 0 {
		t.Errorf("%v, %v (-want +got):\n%s", err, troubles, diff)
	}
	if diff := cmp.Diff(map[string]string{"number": "+79161234501", "digits": "79161234501"}, crm.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	// What cannot be read is left out and told without the value; the caller is still known.
	crm.rows = []map[string]string{{"id": "1001", "full_name": "Иван", "amount": "lots", "cur": "RUB", "is_vip": "perhaps", "dob": "31 december", "tz": "Omsk"}}
	records, err = d.ByNumber(t.Context(), "+79161234501")
	if err != nil || len(records) != 1 || records[0].Name != "Иван" || records[0].Balance != nil || records[0].Answers != nil {
		t.Errorf("%v, %v", records, err)
	}
	said := strings.Join(troubles, "\n")
	for _, value := range []string{"lots", "perhaps", "december", "1001", "Иван"} {
		if strings.Contains(said, value) {
			t.Errorf("the log would say %s", said)
		}
	}
	if len(troubles) != 4 || !strings.Contains(said, "directory crm: a value is left out of account ****: column vip: it is neither yes nor no") {
		t.Errorf("told:\n%s", said)
	}
}

func TestOneRecordOrNone(t *testing.T) {
	t.Parallel()
	broken := errors.New("the server is away")
	for _, c := range []struct {
		name string
		rows []map[string]string
		err  error
		want string // of the error
		has  bool
	}{
		{name: "none"},
		{name: "one, named like columns", rows: []map[string]string{{"account": "1001", "name": "Иван", "extra": "1"}}, has: true},
		{name: "two", rows: []map[string]string{{"account": "1"}, {"account": "2"}}, want: "2 records have the same account or code"},
		{name: "without an account", rows: []map[string]string{{"account": "x", "name": "Иван"}}, want: "a record has no account"},
		{name: "broken", err: broken, want: "the server is away"},
	} {
		d, err := New(Options{Name: "crm", ByAccount: &answer{inputs: []string{"account"}, rows: c.rows, err: c.err}, ByCode: &answer{inputs: []string{"code"}, rows: c.rows, err: c.err}})
		if err != nil {
			t.Fatal(err)
		}
		for _, find := range []func(context.Context, string) (callers.Record, bool, error){d.ByAccount, d.ByCode} {
			rec, found, err := find(t.Context(), "1001")
			if found != c.has || (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) || found && rec.Name != "Иван" {
				t.Errorf("%s: %v, %v, %v", c.name, rec, found, err)
			}
		}
		if records, err := d.ByNumber(t.Context(), "+79161234501"); records != nil || err != nil {
			t.Errorf("%s: a question that is not there finds %v, %v", c.name, records, err)
		}
	}
}

// An account that the row does not repeat is the one that was asked for.
func TestWhatARowNeedNotRepeat(t *testing.T) {
	t.Parallel()
	d, err := New(Options{Name: "crm", ByAccount: &answer{inputs: []string{"account"}, rows: []map[string]string{{"name": "Иван"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if rec, found, err := d.ByAccount(t.Context(), "1001"); !found || err != nil || rec.Account != "1001" {
		t.Errorf("%v, %v, %v", rec, found, err)
	}
}

func TestInputsOfQuestions(t *testing.T) {
	t.Parallel()
	_, err := New(Options{ByNumber: &answer{inputs: []string{"phone"}}, ByAccount: &answer{}, ByCode: &answer{inputs: []string{"code"}}})
	want := "by number: there is no input \"phone\"; there is number and digits\nby account: it asks for nobody: use the input account"
	if err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}

// A real source, too: SQLite needs no server.
func TestSQLite(t *testing.T) {
	t.Parallel()
	db, err := sources.OpenDatabase(sources.DatabaseOptions{URL: "sqlite:" + makeSQLite(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	question := func(query string) sources.Source {
		q, err := sources.NewSQL(db, sources.SQLOptions{Name: "crm", Query: query})
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	d, err := New(Options{
		Name: "crm", Region: "RU", ByNumber: question("SELECT * FROM customers WHERE number = :number"),
		ByAccount: question("SELECT * FROM customers WHERE account = :account"), ByCode: question("SELECT * FROM customers WHERE code = :code"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := callers.Record{Number: "+79161234501", Account: "1001", Name: "Иван", Balance: &callers.Money{Minor: 152350, Currency: "RUB"}, VIP: true, Fields: map[string]string{"tariff": "gold"}}
	records, err := d.ByNumber(t.Context(), "+79161234501")
	if diff := cmp.Diff([]callers.Record{want}, records); err != nil || diff != "" {
		t.Errorf("by number %v (-want +got):\n%s", err, diff)
	}
	rec, found, err := d.ByCode(t.Context(), "7777")
	if diff := cmp.Diff(want, rec); !found || err != nil || diff != "" {
		t.Errorf("by code %v, %v (-want +got):\n%s", found, err, diff)
	}
	if _, found, err := d.ByAccount(t.Context(), "1001' OR '1'='1"); found || err != nil {
		t.Errorf("an account that is no account: %v, %v", found, err)
	}
}
