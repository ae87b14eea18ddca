package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
)

// tick is the unit of processor times in /proc, 1/100 s on every Linux (USER_HZ).
const tick = 10 * time.Millisecond

// usage is what a process has used so far.
type usage struct {
	cpu    time.Duration // in user and kernel mode, all threads
	memory int64         // bytes resident now
}

// usageOf reads /proc/PID/stat (proc_pid_stat(5)).
func usageOf(pid int) (usage, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return usage{}, fmt.Errorf("read processor time: %w", err)
	}
	return parseStat(text)
}

// parseStat takes utime, stime and rss: the fields 14, 15 and 24. The second, the
// name in parentheses, may hold anything.
func parseStat(text []byte) (usage, error) {
	end := bytes.LastIndexByte(text, ')')
	fields := bytes.Fields(text[end+1:])
	if end < 0 || len(fields) < 22 {
		return usage{}, fmt.Errorf("read processor time: %q is no stat of a process", text)
	}
	var n [3]int64
	for i, field := range []int{14, 15, 24} {
		v, err := strconv.ParseInt(string(fields[field-3]), 10, 64)
		if err != nil {
			return usage{}, fmt.Errorf("read processor time: %w", err)
		}
		n[i] = v
	}
	return usage{cpu: time.Duration(n[0]+n[1]) * tick, memory: n[2] * int64(os.Getpagesize())}, nil
}

// ownCPU is the processor time of this process, which is the phones.
func ownCPU() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, fmt.Errorf("read processor time: %w", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}

// meter measures spans of time one after the other.
type meter struct {
	daemon, asterisk int // process ids
	began            time.Time
	last             [3]time.Duration
}

// span is what the processes used in one phase.
type span struct {
	name                     string
	took                     time.Duration
	daemon, asterisk, phones time.Duration
	daemonMem, asteriskMem   int64 // at its end
}

func (m *meter) read() (s span, err error) {
	d, err := usageOf(m.daemon)
	if err != nil {
		return span{}, err
	}
	a, err := usageOf(m.asterisk)
	if err != nil {
		return span{}, err
	}
	own, err := ownCPU()
	return span{daemon: d.cpu, asterisk: a.cpu, phones: own, daemonMem: d.memory, asteriskMem: a.memory}, err
}

// next ends the span before and gives it a name; the first call only begins.
func (m *meter) next(name string) (span, error) {
	s, err := m.read()
	if err != nil {
		return span{}, err
	}
	now := [3]time.Duration{s.daemon, s.asterisk, s.phones}
	s.name, s.took = name, time.Since(m.began)
	s.daemon, s.asterisk, s.phones = now[0]-m.last[0], now[1]-m.last[1], now[2]-m.last[2]
	m.last, m.began = now, time.Now()
	return s, nil
}

// share is linekeeper's processor time as a part of Asterisk's.
func (s span) share() float64 {
	if s.asterisk <= 0 {
		return 0
	}
	return float64(s.daemon) / float64(s.asterisk)
}
