package hotline_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
)

// gate asks who is calling in every way but by the number.
const gate = "644"

// What is pressed here and is in no file that the tests begin with.
const (
	wrongCode = "61730592"
	wrongDate = "29081971"
)

func byCode(r *rig) {
	const number = "+79160000041"
	c := r.calls(number, gate)
	c.hears("Enter your code")
	c.presses(wrongCode)
	c.hears("What you entered does not match our records.")
	c.presses("58203947")
	c.hears("Welcome inside.")
	c.hangsUp()
	if got := r.result(number, "ivr"); got.Account != "1005" || got.Assurance != "answer" {
		r.Errorf("the call is %+v", got)
	}
	r.isNowhere(wrongCode)
}

func byQuestion(r *rig) {
	const number = "+79160000042"
	c := r.calls(number, gate)
	c.hears("Enter your code")
	c.presses("#")
	c.hears("Enter your account number")
	c.presses("1005#")
	c.hears("Enter your date of birth")
	c.presses("31022000")
	c.hears("That is not a date.")
	c.presses(wrongDate)
	c.hears("What you entered does not match our records.")
	c.presses("1005#17081963")
	c.hears("Welcome inside.")
	c.hangsUp()
	if got := r.result(number, "ivr"); got.Account != "1005" || got.Assurance != "answer" {
		r.Errorf("the call is %+v", got)
	}
	r.isNowhere(wrongDate)
}

// lockedOut uses an account that nobody has: it is locked as any other.
func lockedOut(r *rig) {
	const number, account, wrong = "+79160000043", "770077", "The account number or the PIN is wrong."
	c := r.calls(number, gate)
	c.hears("Enter your code")
	c.presses("#")
	c.hears("Enter your account number")
	c.presses("#")
	for range 5 {
		c.hears("Enter your account number")
		c.presses(account + "#0000")
		c.hears(wrong)
	}
	locked := func() bool {
		locks, err := r.Client.CallerLocks(r.soon())
		r.must(err)
		for _, l := range locks {
			if l.Key == account {
				return l.Until != nil && l.Failures == 5
			}
		}
		return false
	}
	r.until("the account is locked", locked)
	done, err := r.Client.UnlockAccount(r.soon(), account)
	r.must(err)
	if done.Already || locked() {
		r.Errorf("unlocked: %+v", done)
	}
	c.hears("Enter your account number")
	c.presses("1005#4711")
	c.hears("Welcome inside.")
	c.hangsUp()
	if got := r.result(number, "ivr"); got.Account != "1005" || got.Assurance != "pin" {
		r.Errorf("the call is %+v", got)
	}
}

func byNobody(r *rig) {
	c := r.calls("anonymous", gate)
	c.hears("Enter your code")
	c.presses("#")
	c.hears("Enter your account number")
	c.presses("##")
	c.hears("We do not know you.")
	c.hangsUp()
}

// isNowhere looks for digits in every file of the daemon and of Asterisk.
func (r *rig) isNowhere(digits string) {
	r.Helper()
	files := 0
	for _, dir := range []string{r.Dir, r.Asterisk.Dir} {
		r.must(filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return nil // a file that was there a moment ago
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return nil // likewise
			}
			files++
			if bytes.Contains(content, []byte(digits)) {
				r.Errorf("%s has what was pressed", entry.Name())
			}
			return nil
		}))
	}
	if files < 5 {
		r.Errorf("only %d files were looked at", files)
	}
}
