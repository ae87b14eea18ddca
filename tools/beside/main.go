// Command beside runs commands at the same time, as one.
//
//	beside COMMAND...   each with its arguments in one word, separated by blanks
//
// What they print comes line by line, none broken by another's. It exits 0 when all
// commands did, after the last of them, and 1 otherwise. A signal from the keyboard
// reaches the commands by itself: they stay in the terminal's group.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
)

func main() {
	signal.Notify(make(chan os.Signal, 1), os.Interrupt) // the commands end by it, and are waited for
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "beside:", err)
		os.Exit(1)
	}
}

// run gives the errors of all commands.
func run(commands []string, stdout, stderr io.Writer) error {
	if len(commands) == 0 {
		return errors.New("no command is given")
	}
	var all sync.WaitGroup
	var out, complaints sync.Mutex
	errs := make([]error, len(commands))
	for i, words := range commands {
		all.Go(func() {
			if err := one(strings.Fields(words), &lines{stdout, &out}, &lines{stderr, &complaints}); err != nil {
				errs[i] = fmt.Errorf("%s: %w", words, err)
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

func one(words []string, stdout, stderr *lines) error {
	if len(words) == 0 {
		return errors.New("the command is empty")
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stderr = stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	return errors.Join(stdout.copy(pipe), cmd.Wait())
}

// lines passes on what is printed by several commands.
type lines struct {
	to io.Writer
	mu *sync.Mutex
}

// Write passes on what there is.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(p)
}

// copy passes whole lines on.
func (l *lines) copy(from io.Reader) error {
	for in := bufio.NewReader(from); ; {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			if _, err := l.Write(line); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}
