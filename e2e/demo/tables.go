package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// show runs the commands of linekeeper that look inside, as anybody would, and
// writes what programs read to the folder out.
func (p *playing) show(ctx context.Context, out string) error {
	var errs []error
	tables := [][]string{{"call", "list"}, {"queue", "show", "support"}, {"callback", "list"}}
	for _, ev := range p.journal.story() {
		if ev.Type == "callback.asked" {
			tables = append(tables, []string{"callback", "why", ev.Callback})
		}
	}
	for _, args := range tables {
		text, err := p.linekeeper(ctx, append(args, "--output", "table")...)
		errs = append(errs, err)
		p.tell.print("\n%s\n%s", p.tell.paint(bold, "$ linekeeper "+strings.Join(args, " ")), text)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return errors.Join(append(errs, fmt.Errorf("make the folder for results: %w", err))...)
	}
	for _, file := range []struct {
		name string
		args []string
	}{
		{"calls.json", []string{"call", "list"}},
		{"callbacks.json", []string{"callback", "list"}},
		{"journal.jsonl", []string{"journal"}},
	} {
		text, err := p.linekeeper(ctx, append(file.args, "--output", "json")...)
		if err == nil {
			err = os.WriteFile(filepath.Join(out, file.name), text, 0o644)
		}
		errs = append(errs, err)
	}
	p.tell.print("\nWritten: demo/out/calls.json, demo/out/callbacks.json, demo/out/journal.jsonl\n")
	return errors.Join(errs...)
}

// linekeeper runs one command against the daemon of the play.
func (p *playing) linekeeper(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, p.stage.Program(), append([]string{"--socket", p.stage.Socket}, args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("linekeeper %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return stdout.Bytes(), nil
}
