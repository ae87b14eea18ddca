package csvfile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/linekeeper/linekeeper/callers"
)

const hash = "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAAAAAAAAAAAAAAAAAA"

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "callers.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t *testing.T, content string) *Directory {
	t.Helper()
	d, err := Load(write(t, content), "RU")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func byNumber(t *testing.T, d *Directory, number string) (callers.Record, bool) {
	t.Helper()
	records, err := d.ByNumber(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return callers.Sole(records)
}

func byAccount(t *testing.T, d *Directory, account string) (callers.Record, bool) {
	t.Helper()
	record, found, err := d.ByAccount(t.Context(), account)
	if err != nil {
		t.Fatal(err)
	}
	return record, found
}

var ivan = callers.Record{
	Number: "+79161234501", Account: "1001", PINHash: hash, Name: "Иван Петров", Language: "ru", TimeZone: "Asia/Omsk",
	Balance: &callers.Money{Minor: 152350, Currency: "RUB"}, VIP: true,
}

func TestSpellings(t *testing.T) {
	t.Parallel()
	quoted := `"` + hash + `"`
	for name, content := range map[string]string{
		"plain":       "number,account,pin_hash,name,language,time_zone,balance,currency,vip\n+79161234501,1001," + quoted + ",Иван Петров,ru,Asia/Omsk,1523.50,RUB,yes\n",
		"other order": "vip,name,account,currency,balance,language,pin_hash,time_zone,number\nTRUE,Иван Петров,1001,RUB,1523.5,ru-RU," + quoted + ",Asia/Omsk,8 (916) 123-45-01",
		"spreadsheet": "\ufeffnumber;account;pin_hash;name;language;time_zone;balance;currency;vip\r\n89161234501;1001;" + hash + ";Иван Петров;RU;Asia/Omsk;1523,50;RUB;1\r\n\r\n",
		"blanks":      "number, account, pin_hash, name, language, time_zone, balance, currency, vip\n\n+79161234501 , 1001 , " + quoted + ", Иван Петров , ru, Asia/Omsk, 1523.50, RUB, yes\n",
	} {
		d := load(t, content)
		if d.Len() != 1 {
			t.Errorf("%s: %d records", name, d.Len())
		}
		record, found := byNumber(t, d, "+79161234501")
		if diff := cmp.Diff(ivan, record); !found || diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if other, found := byAccount(t, d, "1001"); !found || !cmp.Equal(record, other) {
			t.Errorf("%s: by account %v, %v", name, other, found)
		}
	}
}

func TestStrangers(t *testing.T) {
	t.Parallel()
	d := load(t, "number,account\n+79161234501,1001\n+79161234502,1002\n8 916 123 45 02,1003\n79161234502,1004\n,1005\n,1006\n")
	for _, number := range []string{"+79161234502", "+79161234509", "", "anonymous", "101"} {
		if record, found := byNumber(t, d, number); found {
			t.Errorf("%q finds %v", number, record)
		}
	}
	shared, err := d.ByNumber(t.Context(), "+79161234502")
	if err != nil || len(shared) != 3 || shared[0].Account != "1002" || shared[2].Account != "1004" {
		t.Errorf("a number that three have gives %v, %v", shared, err)
	}
	for _, account := range []string{"1", "", "01001", "1001 "} {
		if record, found := byAccount(t, d, account); found {
			t.Errorf("%q finds %v", account, record)
		}
	}
	for account, number := range map[string]string{"1001": "+79161234501", "1003": "+79161234502", "1006": ""} {
		if record, found := byAccount(t, d, account); !found || record.Number != number {
			t.Errorf("%s: %v, %v", account, record, found)
		}
	}
}

func TestEveryFaultIsNamed(t *testing.T) {
	t.Parallel()
	path := write(t, strings.Join([]string{
		"number,account,pin_hash,name,language,balance,currency,vip",
		"+79161234501,1001,,Иван,ru,1.00,RUB,no",
		"12,10a,$argon2id$v=19$m=999999999,Иван,r,1.005,RUB,maybe",
		`12,10a,"$argon2id$v=19$m=999999999",Иван,r,1.005,RUB,maybe`,
		"+79161234502,1001,,,,,,",
		`,1002,,"two`,
		`lines",,,,`,
		",1003,,,,5,,",
		",1004,,,,5,rub,",
		`,1005,a"b,,,,,`,
		"never,reached",
	}, "\n"))
	_, err := Load(path, "RU")
	if err == nil {
		t.Fatal("no error")
	}
	got := strings.Split(strings.ReplaceAll(err.Error(), path, "callers.csv"), "\n")
	want := []string{
		`callers.csv:3: column account: "10a" is not 1 to 32 digits`,
		`callers.csv:3: column pin_hash: not a PHC string of argon2id ($argon2id$v=19$m=...,t=...,p=...$salt$key)`,
		`callers.csv:3: column number: "12" is not a phone number`,
		`callers.csv:3: column language: "r" is not a language tag such as ru or en`,
		`callers.csv:3: column balance: "1.005" has more than the 2 decimals of RUB`,
		`callers.csv:3: column vip: "maybe" is neither yes nor no`,
		`callers.csv:4: column account: "10a" is not 1 to 32 digits`,
		`callers.csv:4: column pin_hash: not a PHC string of argon2id ($argon2id$v=19$m=...,t=...,p=...$salt$key)`,
		`callers.csv:4: column number: "12" is not a phone number`,
		`callers.csv:4: column language: "r" is not a language tag such as ru or en`,
		`callers.csv:4: column balance: "1.005" has more than the 2 decimals of RUB`,
		`callers.csv:4: column vip: "maybe" is neither yes nor no`,
		`callers.csv:5: column account: account 1001 is in line 2 already`,
		`callers.csv:8: column balance: an amount without a currency`,
		`callers.csv:9: column balance: "rub" is not a currency code of ISO 4217`,
		`callers.csv:10: bare " in non-quoted-field`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var fault *Fault
	if !errors.As(err, &fault) || fault.Line != 3 || fault.Column != "account" {
		t.Errorf("the first fault is %#v", fault)
	}
}

func TestBadFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ content, region, want string }{
		{"", "RU", "callers.csv:1: the file is empty"},
		{"\ufeff\n\n", "RU", "callers.csv:1: the file is empty"},
		{"number,name\n", "RU", "callers.csv:1: column account: the column is missing"},
		{"account,acount,account\n1,1,1\n", "RU", "callers.csv:1: column acount: there is no such column; known are number, account"},
		{"account,acount,account\n1,1,1\n", "RU", "callers.csv:1: column account: the column is there twice"},
		{"account,name\n1001\n", "RU", "callers.csv:2: 1 fields, but the first line names 2 columns"},
		{"account,name\n1001,ok\n1002,\xc8\xe2\xe0\xed\n", "RU", "callers.csv:3: not UTF-8"},
		{"account\n1001\n", "Russia", `"Russia" is not a region`},
	} {
		_, err := Load(write(t, c.content), c.region)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.content, err, c.want)
		}
	}
	if d, err := Load(filepath.Join(t.TempDir(), "none.csv"), "RU"); d != nil || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v, %v", d, err)
	}
}

func TestReload(t *testing.T) {
	t.Parallel()
	d := load(t, "account,name\n1001,Иван\n")
	if err := os.WriteFile(d.path, []byte("account,name\nx,y\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.Reload(); err == nil {
		t.Error("a faulty file is taken")
	}
	if record, found := byAccount(t, d, "1001"); !found || record.Name != "Иван" {
		t.Errorf("after a failed reload: %v, %v", record, found)
	}
	if err := os.WriteFile(d.path, []byte("account,name\n1001,Пётр\n1002,Анна\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.Reload(); err != nil {
		t.Fatal(err)
	}
	if record, _ := byAccount(t, d, "1001"); record.Name != "Пётр" || d.Len() != 2 {
		t.Errorf("after a reload: %v of %d", record, d.Len())
	}
}

// Readers while the file is reloaded: run with -race.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	d := load(t, "number,account,balance,currency\n+79161234501,1001,5,RUB\n")
	done := make(chan error)
	go func() {
		var err error
		for range 50 {
			err = errors.Join(err, d.Reload())
		}
		done <- err
	}()
	for range 200 {
		record, found := byNumber(t, d, "+79161234501")
		if !found || record.Balance.Minor != 500 {
			t.Errorf("got %v, %v", record, found)
		}
		record.Balance.Minor = 0 // the directory's own must not change
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// The directory of the demo is sound, and its PINs are those in callers.md.
func TestDemoDirectory(t *testing.T) {
	t.Parallel()
	d, err := Load(filepath.Join("..", "..", "demo", "callers.csv"), "RU")
	if err != nil {
		t.Fatal(err)
	}
	for account, want := range map[string]struct{ pin, name, number, balance string }{
		"1001": {"2580", "Иван Петров", "+79161234501", "1523.50 RUB"},
		"1002": {"4711", "Мария Соколова", "+79161234502", "-240.01 RUB"},
		"1003": {"1357", "John Smith", "+442079460003", "80.00 GBP"},
		"1004": {"8642", "Ольга Ким", "+79161234504", "12045.00 RUB"},
	} {
		record, ok, err := callers.Identifier{Directory: d}.Check(t.Context(), callers.Claim{Account: account, Digits: want.pin}, false)
		if !ok || err != nil || record.Name != want.name || record.Balance.String() != want.balance || record.VIP != (account == "1003") {
			t.Errorf("%s: %+v, %v, %v", account, record, ok, err)
		}
		if known, found := byNumber(t, d, want.number); !found || known.Account != account {
			t.Errorf("%s: %+v, %v", want.number, known, found)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("number,account,balance,currency,vip\n+79161234501,1001,5.00,RUB,yes\n"))
	f.Add([]byte("\ufeffaccount;name\r\n1;\"a\"\"b\"\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := parse("f", data, "RU")
		if (got == nil) == (err == nil) {
			t.Fatalf("table %v, error %v", got, err)
		}
		if err != nil {
			return
		}
		if len(got.byAccount) != len(got.records) {
			t.Fatalf("%d records, %d accounts", len(got.records), len(got.byAccount))
		}
		for number, same := range got.byNumber {
			for _, i := range same {
				if got.records[i].Number != number {
					t.Fatalf("%s leads to %+v", number, got.records[i])
				}
			}
		}
	})
}

func TestTimeZones(t *testing.T) {
	t.Parallel()
	d := load(t, "account,time_zone\n1001,America/St_Johns\n1002,\n")
	for account, zone := range map[string]string{"1001": "America/St_Johns", "1002": ""} {
		if record, found := byAccount(t, d, account); !found || record.TimeZone != zone {
			t.Errorf("%s: %v, %v", account, record, found)
		}
	}
	path := write(t, "account,time_zone\n1001,Omsk\n1002,Local\n1003,Europe/Moscow\n1004,MSK+3\n")
	_, err := Load(path, "RU")
	want := `callers.csv:2: column time_zone: there is no time zone "Omsk"; write its IANA name, such as Europe/Moscow
callers.csv:3: column time_zone: there is no time zone "Local"; write its IANA name, such as Europe/Moscow
callers.csv:5: column time_zone: there is no time zone "MSK+3"; write its IANA name, such as Europe/Moscow`
	if err == nil || strings.ReplaceAll(err.Error(), path, "callers.csv") != want {
		t.Errorf("finds\n%v\nwant\n%s", err, want)
	}
}

func TestCodesFieldsAndAnswers(t *testing.T) {
	t.Parallel()
	d := load(t, "account,code,field.tariff,field.city,answer.birth_date\n1001,7777,gold,,31121990\n1002,,,,\n")
	want := callers.Record{Account: "1001", Fields: map[string]string{"tariff": "gold"}, Answers: map[string]string{"birth_date": "31121990"}}
	rec, found, err := d.ByCode(t.Context(), "7777")
	if diff := cmp.Diff(want, rec); !found || err != nil || diff != "" {
		t.Errorf("%v, %v (-want +got):\n%s", found, err, diff)
	}
	for _, code := range []string{"", "7778"} {
		if rec, found, err := d.ByCode(t.Context(), code); found || err != nil {
			t.Errorf("%q finds %v, %v", code, rec, err)
		}
	}
	path := write(t, "account,code,field.Tariff,answer.pin\n")
	if _, err := Load(path, "RU"); err == nil || !strings.Contains(err.Error(), `callers.csv:1: column field.Tariff: write a word`) {
		t.Errorf("a bad name: %v", err)
	}
	path = write(t, "account,code,answer.pin\n1001,77,12a4\n1002,77,$argon2id$x\n1003,7x7,\n")
	_, err = Load(path, "RU")
	want2 := `callers.csv:2: column answer.pin: neither 1 to 32 digits nor a PHC string of argon2id
callers.csv:3: column answer.pin: not a PHC string of argon2id ($argon2id$v=19$m=...,t=...,p=...$salt$key)
callers.csv:3: column code: this code is in line 2 already
callers.csv:4: column code: not 1 to 32 digits`
	if err == nil || strings.ReplaceAll(err.Error(), path, "callers.csv") != want2 {
		t.Errorf("finds\n%v\nwant\n%s", err, want2)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	rows, refused, err := List("f.csv", []byte("\ufeffaccount;name;balance\n1001;Ivan;1,5\nx;;\n1002;too;many;fields\n"))
	want := []Row{{2, map[string]string{"account": "1001", "name": "Ivan", "balance": "1.5"}}, {3, map[string]string{"account": "x", "name": "", "balance": ""}}}
	if diff := cmp.Diff(want, rows); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if len(refused) != 1 || refused[0].Error() != "f.csv:4: 4 fields, but the first line names 3 columns" {
		t.Errorf("refused %v", refused)
	}
	for content, want := range map[string]string{
		"": "f.csv:1: the file is empty", "name\nIvan\n": "column account: the column is missing", "account\n\xff\n": "f.csv:2: not UTF-8",
	} {
		if rows, _, err := List("f.csv", []byte(content)); err == nil || rows != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %v, %v", content, rows, err)
		}
	}
}
