package donotcall

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linekeeper/linekeeper/callback"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAListThatChanges(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "do-not-call.txt")
	write(t, path, "\ufeff# asked by letter\n+7 916 123-45-67\n\n8 (495) 123-45-67 # head office\r\n")
	synctest.Test(t, func(t *testing.T) {
		var trouble []string
		l, err := Open(path, "RU", func(err error) { trouble = append(trouble, err.Error()) })
		if err != nil {
			t.Fatal(err)
		}
		if l.Len() != 2 || !l.Has("+79161234567") || !l.Has("+74951234567") || l.Has("+79031112233") {
			t.Fatalf("reads %v", l.numbers)
		}
		write(t, path, "+79031112233\n")
		if l.Has("+79031112233") {
			t.Error("the file was looked at again at once")
		}
		time.Sleep(every)
		if !l.Has("+79031112233") || l.Has("+79161234567") {
			t.Errorf("a changed file is not read: %v", l.numbers)
		}
		write(t, path, "+79161234567\nnobody at all\n")
		time.Sleep(every)
		if !l.Has("+79161234567") || !l.Has("+79031112233") {
			t.Errorf("with a slip in the file the list is %v, want the old numbers and the good new one", l.numbers)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			time.Sleep(every)
			if !l.Has("+79161234567") {
				t.Error("the list is gone with the file")
			}
		}
		write(t, path, "+74951234567")
		time.Sleep(every)
		if !l.Has("+74951234567") || l.Has("+79161234567") {
			t.Errorf("a repaired file is not read: %v", l.numbers)
		}
		if len(trouble) != 2 || !strings.Contains(trouble[0], `do-not-call.txt:2: "nobody at all" is no phone number`) ||
			!strings.Contains(trouble[1], "stays as it was") {
			t.Errorf("tells %q", trouble)
		}
	})
}

func TestOpenNamesEveryFault(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "list")
	if _, err := Open(path, "RU", nil); err == nil || !strings.Contains(err.Error(), "do-not-call list") {
		t.Errorf("a missing file gives %v", err)
	}
	write(t, path, "112\n+79161234567\nPJSIP/x\n")
	_, err := Open(path, "RU", nil)
	for _, want := range []string{`list:1: "112" is no phone number`, `list:3: "PJSIP/x" is no phone number`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in:\n%v", want, err)
		}
	}
}

func FuzzList(f *testing.F) {
	f.Add([]byte("\ufeff# asked by letter\n+7 916 123-45-67\n8 (495) 123-45-67 # head office\r\n"))
	f.Add([]byte("+79161234567@trunk\n\x00\n+7916#1234567"))
	f.Fuzz(func(t *testing.T, src []byte) {
		numbers, err := (&List{path: "list", region: "RU"}).parse(src)
		for number := range numbers {
			if !callback.ValidNumber(number) {
				t.Fatalf("%q is on the list", number)
			}
		}
		if lines := bytes.Count(src, []byte("\n")) + 1; len(numbers) > lines {
			t.Fatalf("%d numbers in %d lines", len(numbers), lines)
		}
		if again, err2 := (&List{path: "list", region: "RU"}).parse(src); len(again) != len(numbers) || (err == nil) != (err2 == nil) {
			t.Fatal("reads another list the second time")
		}
	})
}
