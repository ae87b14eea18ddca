// Package controller is the daemon: it owns calls, queues and promises, carries
// out what the pure engines decide, and survives restarts.
//
// Each call, each queue and the set of promises has one goroutine that owns its
// state (a mailbox of tasks); the others send it tasks and never touch the state
// itself. A step is: the engine decides, the new state and the journal entries
// are committed to the store, and only then the switch is asked. So whatever the
// switch was asked to do stands on disk, and a restart can go on from there.
package controller
