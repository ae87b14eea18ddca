package prompts

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/queues"
)

func TestPieces(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 18, 5, 0, 0, time.UTC)
	about := queues.Quote{Kind: queues.QuoteAbout, Low: 3, High: 3}
	few := queues.Quote{Kind: queues.QuoteRange, Low: 2, High: 4}
	for _, c := range []struct{ lang, text, want string }{
		{"en", Message("en", KeyQueuePosition, 0), "queue-youarenext"},
		{"en", Message("en", KeyQueuePosition, 21), "queue-thereare digits/20 digits/2"},
		{"en", Message("en", KeyQueuePosition, 4) + " " + WaitQuote("en", about), "queue-thereare digits/5 queue-holdtime digits/3 minutes"},
		{"en", WaitQuote("en", few), "queue-holdtime queue-less-than digits/4 minutes"},
		{"en", Message("en", KeyGoodbye), "vm-goodbye"},
		{"en", Message("en", KeyConfirmNumber, "+442079460003"), "vm-num-i-have letters/plus digits/4 digits/4 digits/2 digits/0 digits/7 digits/9 digits/4 digits/6 " +
			"digits/0 digits/0 digits/0 digits/3 if-correct-press digits/1 vm-calldiffnum"},
		{"en", Date("en", at, DateForm{Weekday: true, Year: true}), "digits/day-3 digits/mon-10 digits/20 digits/h-5 digits/20 digits/20 digits/6"},
		{"en", Clock("en", at, Nominative), "digits/6 digits/oh digits/5 digits/p-m"},
		{"en", "At nine a.m. Thank you. Goodbye!", "digits/at digits/9 digits/a-m auth-thankyou vm-goodbye"},
		{"en", Code("en", "AB-12"), "letters/a letters/b letters/dash digits/1 digits/2"},
		{"en", Number("en", -1_002_003, Form{}), "digits/minus digits/1 digits/million digits/2 digits/thousand digits/3"},
		{"en", Ordinal("en", 1023, Form{}), "digits/1 digits/thousand digits/20 digits/h-3"},
		{"en", Duration("en", 62*time.Second, Nominative), "digits/1 minute digits/2 seconds"},
		{"ru", Message("ru", KeyQueuePosition, 0), "queue-youarenext"},
		{"ru", Message("ru", KeyQueuePosition, 21), "queue-thereare digits/20 digits/h-2"},
		{"ru", WaitQuote("ru", about), "queue-holdtime digits/3 queue-minutes"},
		{"ru", WaitQuote("ru", few), "queue-holdtime queue-less-than digits/4 queue-minutes"},
		{"ru", WaitQuote("ru", queues.Quote{Kind: queues.QuoteAbout, Low: 1, High: 1}), "queue-holdtime digits/1 queue-minute"},
		{"ru", Message("ru", KeyConfirmOwnNumber, "+79162003007"), "vm-num-i-have digits/8 digits/9 digits/1 digits/6 digits/2 digits/0 digits/0 digits/30 " +
			"digits/0 digits/7 if-correct-press digits/1"},
		{"ru", Date("ru", at, DateForm{When: true, Weekday: true}), "digits/day-3 digits/20 digits/h-5 digits/mon-10"},
		{"ru", Clock("ru", at, Accusative), "digits/18 hours digits/5 queue-minutes"},
		{"ru", Number("ru", 121, Form{Gender: Neuter}), "digits/hundred digits/20 digits/1n"},
		{"ru", Code("ru", "X9"), "letters/x digits/9"},
		{"ru", Ordinal("ru", 43, Form{Gender: Feminine, Case: Genitive}), "digits/40 digits/h-3"},
		{"ru", "Здравствуйте! Спасибо, до свидания.", "hello auth-thankyou vm-goodbye"},
	} {
		got, ok := Pieces(c.lang, c.text)
		if strings.Join(got, " ") != c.want || !ok {
			t.Errorf("%q:\n got %q, %v\nwant %q", c.text, got, ok, c.want)
		}
	}
}

func TestPiecesSayAllOrNothing(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"en", ""}, {"en", " .! "}, {"en", "Your balance is five."}, {"en", "Five. Your balance."}, {"en", "пять"}, {"en", "You are number five hundred rubles in line."},
		{"ru", "five"}, {"ru", "двести рублей"}, {"ru", Number("ru", 1200, Form{})}, {"ru", "двести пять шесть"}, {"ru", "двести двадцать пять шесть"}, {"ru", "Ваше место в очереди: никакое."},
	} {
		if got, ok := Pieces(c[0], c[1]); ok || got != nil {
			t.Errorf("%s %q: %q", c[0], c[1], got)
		}
	}
}

// TestSayable: what is said to be sayable is, and nothing that has no recording
// has slipped in by chance.
func TestSayable(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		var can []Key
		for _, key := range Keys() {
			if _, ok := Pieces(lang, Message(lang, key, examples[key]...)); ok {
				can = append(can, key)
			}
		}
		if diff := cmp.Diff(Sayable(lang), can); diff != "" || len(can) < 20 {
			t.Errorf("%s (-said to be +are):\n%s", lang, diff)
		}
	}
}

// TestSoundsExist holds the names to the list of what the packages install.
func TestSoundsExist(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		list, err := os.ReadFile("testdata/core-sounds-" + lang + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		installed := strings.Fields(string(list))
		for _, sound := range Sounds(lang) {
			if !slices.Contains(installed, sound) {
				t.Errorf("%s has no sound %q", lang, sound)
			}
		}
	}
}

// TestPiecesOfNumbers: English says every number below a trillion, Russian
// those below 200, and the digits of any telephone number are heard.
func TestPiecesOfNumbers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-999_999_999_999, 999_999_999_999).Draw(t, "n")
		if _, ok := Pieces("en", Number("en", n, Form{})); !ok {
			t.Fatalf("en cannot say %d", n)
		}
		small := rapid.Int64Range(-199, 199).Draw(t, "small")
		form := Form{Gender(rapid.IntRange(0, 2).Draw(t, "gender")), Case(rapid.IntRange(0, 5).Draw(t, "case"))}
		if _, ok := Pieces("ru", Number("ru", small, form)); !ok {
			t.Fatalf("ru cannot say %d", small)
		}
		number := "+7" + rapid.StringMatching(`9[0-9]{9}`).Draw(t, "number")
		for _, lang := range Languages() {
			sounds, ok := Pieces(lang, Phone(lang, number))
			if !ok {
				t.Fatalf("%s cannot say %s", lang, number)
			}
			if want := lang == English; want != (sounds[0] == "letters/plus") {
				t.Fatalf("%s begins with %s", number, sounds[0])
			}
		}
	})
}
