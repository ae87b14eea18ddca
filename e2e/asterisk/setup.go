package asterisk

import (
	"context"
	"fmt"
	"io"

	"github.com/linekeeper/linekeeper/e2e/obtain"
)

// Install is an Asterisk that can be started, and what belongs to it. All
// paths are absolute.
type Install struct {
	Root    string // the folder it is unpacked in, "" when it came with the system
	Bin     string // the program, run like any asterisk
	Modules string // its modules
	DataDir string // documentation and what else Asterisk reads
	Sounds  string // core sounds, in folders en and ru
	Version string // "22.10.1"
	Espeak  string // espeak-ng, which speaks ru and en
	SIPp    string // sipp, only after SetupBench
}

// Setup finds or unpacks Asterisk with demo/setup/asterisk.sh, which needs the
// network the first time and takes milliseconds later; see obtain.Run.
func Setup(ctx context.Context, progress io.Writer) (Install, error) {
	return setup(ctx, progress)
}

// SetupBench is Setup that also obtains sipp, for load tests.
func SetupBench(ctx context.Context, progress io.Writer) (Install, error) {
	return setup(ctx, progress, "bench")
}

func setup(ctx context.Context, progress io.Writer, args ...string) (Install, error) {
	var in Install
	fields := map[string]*string{
		"ASTERISK_ROOT": &in.Root, "ASTERISK_BIN": &in.Bin, "ASTERISK_MODULES": &in.Modules,
		"ASTERISK_DATADIR": &in.DataDir, "ASTERISK_SOUNDS": &in.Sounds, "ASTERISK_VERSION": &in.Version,
		"ESPEAK": &in.Espeak, "SIPP": &in.SIPp,
	}
	if err := obtain.Run(ctx, progress, fields, "asterisk.sh", args...); err != nil {
		return Install{}, fmt.Errorf("obtain asterisk: %w", err)
	}
	if in.Bin == "" || in.Modules == "" || in.DataDir == "" || in.Sounds == "" {
		return Install{}, fmt.Errorf("obtain asterisk: the set-up script printed no complete answer: %+v", in)
	}
	return in, nil
}
