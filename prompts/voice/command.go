package voice

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	defaultTimeout = 20 * time.Second
	maxOutput      = 64 << 20 // bytes of a WAV file: 12 minutes at 44100 Hz stereo
	maxComplaint   = 400      // bytes of standard error that an error repeats
)

// Command is the Engine that runs a text-to-speech program once for each text.
type Command struct {
	// Argv is the program and its arguments, run without a shell. In the arguments
	// {lang} stands for the language, {voice} for its voice, {text} for the text and
	// {out} for a file that the program writes. Without {text} the text goes to its
	// standard input; without {out} the WAV is read from its standard output.
	Argv []string

	// Voices names the voice of a language, for {voice}: a voice or a model file
	// of the program. A language that is missing is its own voice.
	Voices map[string]string

	// Timeout is the longest that one text may take; 0 means 20 s.
	Timeout time.Duration
}

// Espeak is the Command for espeak-ng, a small synthesiser with both languages.
// Program is its name or path; "" means espeak-ng on PATH.
func Espeak(program string) Command {
	if program == "" {
		program = "espeak-ng"
	}
	// 150 words a minute instead of 175: a telephone takes the edge off consonants.
	return Command{Argv: []string{program, "-v", "{voice}", "-s", "150", "-w", "{out}", "--stdin"}}
}

// Check says what is missing before a text can be spoken; nil means that the
// program is there.
func (c Command) Check() error {
	if len(c.Argv) == 0 || c.Argv[0] == "" {
		return errors.New("no speech command is configured")
	}
	_, err := exec.LookPath(c.Argv[0])
	return c.explain(err)
}

// Identity names the program with its arguments and the voice.
func (c Command) Identity(lang string) string {
	return fmt.Sprintf("command 2 %q %q", c.Argv, voiceOf(c.Voices, lang))
}

// voiceOf is the voice of a language: the language itself where none is named.
func voiceOf(voices map[string]string, lang string) string {
	if v := voices[lang]; v != "" {
		return v
	}
	return lang
}

// Render runs the program. Its error repeats the beginning of what the program
// said on standard error.
func (c Command) Render(ctx context.Context, lang, text string) (Sound, error) {
	if err := c.Check(); err != nil {
		return Sound{}, err
	}
	timeout := c.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, fmt.Errorf("no answer within %v", timeout))
	defer cancel()
	data, err := c.run(ctx, lang, text)
	if err != nil {
		return Sound{}, fmt.Errorf("run the speech command %s: %w", c.Argv[0], err)
	}
	sound, err := decodeWAV(data)
	if err != nil {
		return Sound{}, fmt.Errorf("read what the speech command %s gave: %w", c.Argv[0], err)
	}
	return sound, nil
}

// run gives the WAV file that the program made.
func (c Command) run(ctx context.Context, lang, text string) ([]byte, error) {
	out := ""
	if c.uses("{out}") {
		dir, err := os.MkdirTemp("", "linekeeper-voice-*")
		if err != nil {
			return nil, err
		}
		defer func() { _ = os.RemoveAll(dir) }() // a leftover in the temporary folder harms nobody
		out = filepath.Join(dir, "out.wav")
	}
	cmd := exec.CommandContext(ctx, c.Argv[0], c.args(lang, text, out)...)
	cmd.WaitDelay = time.Second // a grandchild may hold the pipes open after the kill
	stdout, stderr := &limited{max: maxOutput}, &limited{max: maxComplaint}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	if !c.uses("{text}") {
		cmd.Stdin = strings.NewReader(text + "\n")
	}
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if said := strings.TrimSpace(stderr.buf.String()); said != "" {
			return nil, fmt.Errorf("%w: %s", c.explain(err), said)
		}
		return nil, c.explain(err)
	}
	if out == "" {
		return stdout.buf.Bytes(), nil
	}
	file, err := os.Open(out)
	if err != nil {
		return nil, fmt.Errorf("it wrote no file: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	return io.ReadAll(io.LimitReader(file, maxOutput))
}

func (c Command) uses(placeholder string) bool {
	return strings.Contains(strings.Join(c.Argv[1:], "\x00"), placeholder)
}

func (c Command) args(lang, text, out string) []string {
	if strings.HasPrefix(text, "-") {
		text = " " + text // it must not pass for an option
	}
	fill := strings.NewReplacer("{lang}", lang, "{voice}", voiceOf(c.Voices, lang), "{text}", text, "{out}", out)
	args := make([]string, 0, len(c.Argv)-1)
	for _, arg := range c.Argv[1:] {
		args = append(args, fill.Replace(arg))
	}
	return args
}

// explain adds what to do to the error of a program that is not there.
func (c Command) explain(err error) error {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("the speech command %q was not found: install it (the package espeak-ng has the default one) "+
			"or configure another: %w", c.Argv[0], err)
	}
	return err
}

// limited keeps the first max bytes and passes over the rest.
type limited struct {
	buf bytes.Buffer
	max int
}

// Write never fails, so that the program is not stopped by a full buffer.
func (l *limited) Write(p []byte) (int, error) {
	l.buf.Write(p[:min(len(p), l.max-l.buf.Len())])
	return len(p), nil
}
