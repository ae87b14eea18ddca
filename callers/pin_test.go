package callers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cheap keeps the tests fast; it is the least that the format allows.
var cheap = HashParams{MemoryKiB: 8, Passes: 1, Lanes: 1}

var salt = []byte("0123456789abcdef")

func mustHash(t *testing.T, pin string, params HashParams) string {
	t.Helper()
	hash, err := HashPIN(pin, params, salt)
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

func TestHashAndVerify(t *testing.T) {
	t.Parallel()
	for _, params := range []HashParams{cheap, DefaultHashParams, {MemoryKiB: 64, Passes: 3, Lanes: 4}} {
		hash := mustHash(t, "2580", params)
		if err := CheckHash(hash); err != nil {
			t.Errorf("%s: %v", hash, err)
		}
		for pin, want := range map[string]bool{"2580": true, "2581": false, "": false, "25800": false} {
			if got, err := VerifyPIN(hash, pin); got != want || err != nil {
				t.Errorf("VerifyPIN(%s, %q) = %v, %v", hash, pin, got, err)
			}
		}
	}
}

// The hash is a test vector of the reference implementation (src/test.c of
// phc-winner-argon2: 2 passes, 2^16 KiB, "password", "somesalt").
func TestVerifyForeignHash(t *testing.T) {
	t.Parallel()
	const hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if ok, err := VerifyPIN(hash, "password"); !ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
}

func TestHashPINRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, pin string
		params    HashParams
		salt      []byte
	}{
		{"no PIN", "", cheap, salt},
		{"short salt", "1", cheap, salt[:7]},
		{"long salt", "1", cheap, make([]byte, 65)},
		{"no passes", "1", HashParams{MemoryKiB: 8, Lanes: 1}, salt},
		{"no lanes", "1", HashParams{MemoryKiB: 8, Passes: 1}, salt},
		{"little memory", "1", HashParams{MemoryKiB: 31, Passes: 1, Lanes: 4}, salt},
		{"much memory", "1", HashParams{MemoryKiB: 256*1024 + 1, Passes: 1, Lanes: 1}, salt},
	} {
		if hash, err := HashPIN(c.pin, c.params, c.salt); err == nil || hash != "" {
			t.Errorf("%s: got %q, %v", c.name, hash, err)
		}
	}
}

func TestCheckHashRefuses(t *testing.T) {
	t.Parallel()
	good := mustHash(t, "2580", cheap)
	for _, c := range []struct{ from, to, want string }{
		{"argon2id", "argon2i", "not a PHC string"},
		{"v=19", "v=16", "version"},
		{"m=8", "m=7", "m=7 is not in"},
		{"m=8", "m=4294967295", "is not in"},
		{"m=8", "m=99999999999", "not a plain number"},
		{"m=8", "m=+8", "not a plain number"},
		{"m=8", "m=08", "not a plain number"},
		{"t=1", "t=11", "t=11 is not in"},
		{"t=1", "t=0", "t=0 is not in"},
		{"p=1", "p=0", "p=0 is not in"},
		{"p=1", "p=257", "p=257 is not in"},
		{",p=1", "", "parameters are not"},
		{",p=1", ",p=1,x=1", "parameters are not"},
		{"m=8,t=1", "t=1,m=8", "not a plain number"},
		{"$MDEyMzQ1Njc4OWFiY2RlZg$", "$MDEy$", "salt: 3 bytes"},
		{"$MDEyMzQ1Njc4OWFiY2RlZg$", "$MDEyMzQ1Njc4OWFiY2RlZg==$", "salt: not base64"},
		{"$MDEyMzQ1Njc4OWFiY2RlZg$", "$MDEyMzQ1Njc4\nOWFiY2RlZg$", "salt: "},
		{good[strings.LastIndex(good, "$"):], "$AAAA", "key: 3 bytes"},
		{good[strings.LastIndex(good, "$"):], "", "not a PHC string"},
		{good, "", "not a PHC string"},
	} {
		hash := strings.Replace(good, c.from, c.to, 1)
		err := CheckHash(hash)
		if hash == good || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("CheckHash(%q) = %v, want %q", hash, err, c.want)
		}
		if ok, err := VerifyPIN(hash, "2580"); ok || err == nil {
			t.Errorf("VerifyPIN(%q) = %v, %v", hash, ok, err)
		}
	}
}

// Whatever is accepted is within the limits and has only one spelling.
func FuzzParseHash(f *testing.F) {
	f.Add(strangerHash)
	f.Add("$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, hash string) {
		h, err := parseHash(hash)
		if err != nil {
			return
		}
		if err := h.params.check(); err != nil {
			t.Fatalf("accepted, although %v", err)
		}
		if len(h.salt) < minSalt || len(h.salt) > maxSalt || len(h.key) < minKey || len(h.key) > maxKey {
			t.Fatalf("salt of %d bytes, key of %d", len(h.salt), len(h.key))
		}
		if !strings.HasSuffix(hash, "$"+phcBase64.EncodeToString(h.salt)+"$"+phcBase64.EncodeToString(h.key)) {
			t.Fatalf("%q has another spelling", hash)
		}
	})
}

// A stranger's check costs what a real one costs, because it has the same parameters.
func TestStrangerHashHasDefaultCost(t *testing.T) {
	t.Parallel()
	stranger, err := parseHash(strangerHash)
	if err != nil {
		t.Fatal(err)
	}
	usual, err := parseHash(mustHash(t, "2580", DefaultHashParams))
	if err != nil {
		t.Fatal(err)
	}
	if stranger.params != usual.params || len(stranger.salt) != len(usual.salt) || len(stranger.key) != len(usual.key) {
		t.Errorf("stranger %+v, real %+v", stranger.params, usual.params)
	}
}

func TestRecordCaller(t *testing.T) {
	t.Parallel()
	balance := &Money{Minor: 152350, Currency: "RUB"}
	r := Record{Number: "+79161234501", Account: "1001", PINHash: "secret", Name: "Иван", Language: "ru", TimeZone: "Asia/Omsk", Balance: balance, VIP: true}
	want := Caller{Number: "+442079460003", Account: "1001", Name: "Иван", Language: "ru", TimeZone: "Asia/Omsk", Balance: balance, VIP: true, Assurance: AssurancePIN}
	if diff := cmp.Diff(want, r.Caller("+442079460003", AssurancePIN)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
