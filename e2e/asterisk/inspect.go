package asterisk

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

// CLI runs one command of Asterisk's command line and returns what it prints.
// It blocks until the command is done or ctx ends it.
func (a *Asterisk) CLI(ctx context.Context, command string) (string, error) {
	out, err := exec.CommandContext(ctx, a.bin, "-C", a.ConfFile, "-r", "-x", command).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("asterisk command %q: %w: %s", command, err, strings.TrimSpace(string(out)))
	}
	return string(out), nil
}

var problemLine = regexp.MustCompile(`^\[[^]]*\] (WARNING|ERROR)\[`)

// Problems returns the warnings and errors in Asterisk's log so far, oldest
// first, one line each.
func (a *Asterisk) Problems() ([]string, error) {
	text, err := os.ReadFile(a.LogFile)
	if err != nil {
		return nil, fmt.Errorf("read asterisk's log: %w", err)
	}
	var problems []string
	for line := range strings.Lines(string(text)) {
		if problemLine.MatchString(line) {
			problems = append(problems, strings.TrimSpace(line))
		}
	}
	return problems, nil
}

var errPortTaken = errors.New("a port was taken by another program meanwhile")

// classify adds errPortTaken to err when the log says that a port could not be
// bound. Asterisk goes on without it, so err may be nil.
func (a *Asterisk) classify(err error) error {
	problems, logErr := a.Problems()
	if err != nil && logErr != nil {
		return err // it ended before there was a log
	}
	for _, problem := range problems {
		if strings.Contains(strings.ToLower(problem), "address already in use") {
			return errors.Join(err, logErr, fmt.Errorf("%w: %s", errPortTaken, problem))
		}
	}
	return errors.Join(err, logErr)
}

// tail is for the error of a failed start: the last things Asterisk said.
func (a *Asterisk) tail(output string) string {
	const most = 2000
	var text []byte
	for _, file := range []string{a.LogFile, output} {
		if part, err := os.ReadFile(file); err == nil && len(part) > 0 {
			text = append(text, part[max(0, len(part)-most):]...)
		}
	}
	if len(text) == 0 {
		return ""
	}
	return "; asterisk said last:\n" + string(text)
}
