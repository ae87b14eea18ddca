package config

import (
	"fmt"
	"os"
	"strings"
)

// Secret is a password as written in the configuration: the text itself, or
// "env:NAME" for an environment variable, or "file:/path" for the first line of
// a file. It prints as stars.
type Secret string

// String hides the secret.
func (Secret) String() string { return "***" }

// GoString hides the secret.
func (Secret) GoString() string { return `"***"` }

// Reveal gives the password itself. The error names the variable or file that
// is missing, never a password.
func (s Secret) Reveal() (string, error) {
	if name, ok := strings.CutPrefix(string(s), "env:"); ok {
		v, set := os.LookupEnv(name)
		if !set {
			return "", fmt.Errorf("the environment variable %s is not set", name)
		}
		return v, nil
	}
	if path, ok := strings.CutPrefix(string(s), "file:"); ok {
		b, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("read the password file: %w", err)
		}
		line, _, _ := strings.Cut(string(b), "\n")
		return strings.TrimRight(line, "\r"), nil
	}
	return string(s), nil
}
