package asterisk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// folderPrefix is short because the path of Asterisk's control socket, which
// is below, must stay under 108 bytes.
const folderPrefix = "lk-ast-"

const socketPathMax = 107

// newRunFolder makes a private folder and locks it for as long as this process
// lives. It first removes folders whose process was killed: their lock is free.
func newRunFolder(parent string) (dir string, lock *os.File, err error) {
	if parent == "" {
		parent = os.TempDir()
	}
	if parent, err = filepath.Abs(parent); err != nil {
		return "", nil, fmt.Errorf("make a run folder: %w", err)
	}
	if err := sweep(parent); err != nil {
		return "", nil, err
	}
	if dir, err = os.MkdirTemp(parent, folderPrefix); err != nil {
		return "", nil, fmt.Errorf("make a run folder: %w", err)
	}
	if len(filepath.Join(dir, "run", "asterisk.ctl")) > socketPathMax {
		return "", nil, errors.Join(
			fmt.Errorf("make a run folder: %s is too long for a control socket; set TMPDIR to a shorter folder", dir),
			os.Remove(dir))
	}
	if lock, err = os.Create(filepath.Join(dir, "lock")); err != nil {
		return "", nil, fmt.Errorf("lock the run folder: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return "", nil, errors.Join(fmt.Errorf("lock the run folder %s: %w", dir, err), lock.Close())
	}
	return dir, lock, nil
}

// sweepAge spares folders that another process has made but not locked yet.
const sweepAge = time.Minute

func sweep(parent string) error {
	old, err := filepath.Glob(filepath.Join(parent, folderPrefix+"*", "lock"))
	if err != nil {
		return fmt.Errorf("look for left run folders: %w", err)
	}
	for _, path := range old {
		lock, err := os.Open(path)
		if err != nil {
			continue // removed meanwhile, or not ours to open
		}
		info, statErr := lock.Stat()
		stale := statErr == nil && time.Since(info.ModTime()) > sweepAge &&
			syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
		if stale {
			err = os.RemoveAll(filepath.Dir(path))
		}
		if err := errors.Join(err, lock.Close()); err != nil {
			return fmt.Errorf("remove a left run folder: %w", err)
		}
	}
	return nil
}
