package stage

import "runtime"

// lockThread runs f on a thread that lives as long as f: the kernel sends
// Pdeathsig when the thread that started a process ends, not the program.
func lockThread(f func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	f()
}
