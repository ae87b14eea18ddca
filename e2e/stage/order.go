package stage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/linekeeper/linekeeper/e2e/softphone"
)

// CLI runs a command of linekeeper's command line against the daemon and gives
// what it prints. The error of one that fails has what it complains about.
func (s *Stage) CLI(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, s.program, append([]string{"--socket", s.Socket}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, bytes.TrimSpace(exit.Stderr))
		}
		return string(out), fmt.Errorf("linekeeper %s: %w", strings.Join(args, " "), err)
	}
	return string(out), nil
}

// LogIn puts an agent of linekeeper's own distribution on duty.
func (s *Stage) LogIn(ctx context.Context, agent string) error {
	_, err := s.CLI(ctx, "agent", "login", agent)
	return err
}

// Code dials an agent's code from the agent's phone, waits for the words that
// come back, and for the end of the call.
func (s *Stage) Code(ctx context.Context, p *softphone.Phone, code string) (words string, err error) {
	c, err := p.Call(ctx, code)
	if err != nil {
		return "", fmt.Errorf("dial %s from %s: %w", code, p.User(), err)
	}
	heard, err := c.WaitHear(ctx, func(softphone.Prompt) bool { return true })
	if err != nil {
		return "", fmt.Errorf("dial %s from %s: %w", code, p.User(), err)
	}
	if _, err := c.WaitEnded(ctx); err != nil {
		return heard.Text, fmt.Errorf("dial %s from %s: %w", code, p.User(), err)
	}
	return heard.Text, nil
}
