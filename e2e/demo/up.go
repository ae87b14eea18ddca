package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

// sipPort is where phones expect a SIP server (RFC 3261, 19.1.2).
const sipPort = 5060

// up sets everything up with a speaking voice and stays until a signal comes,
// which is the ordinary end and no error.
func up(ctx context.Context, root string, n *narrator, keep bool) (err error) {
	port, err := freePort()
	if err != nil {
		return err
	}
	people, err := readPeople(filepath.Join(root, "demo", "callers.md"))
	if err != nil {
		return err
	}
	n.print("Setting up Asterisk with a voice that speaks ...\n")
	s, dir, err := set(ctx, root, n, stage.Options{
		Voice: "command", Asterisk: asterisk.Options{SIPPort: port, TrunkPort: trunkPort(port), Callers: accounts(people)},
	})
	if dir != "" {
		defer func() { err = errors.Join(err, clear(dir, keep || err != nil, n)) }()
	}
	if err == nil {
		defer func() { err = errors.Join(err, s.Close()) }()
		err = welcome(n, root, s, people)
	}
	if err == nil {
		err = watch(ctx, s, n)
	}
	if signalled(ctx) {
		n.print("\nstopping\n")
		return nil
	}
	return err
}

// freePort is SIP_PORT or 5060, which nobody else must have.
func freePort() (int, error) {
	port := sipPort
	if text := os.Getenv("SIP_PORT"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 65535 {
			return 0, fmt.Errorf("SIP_PORT is %q; write a port from 1 to 65535, such as SIP_PORT=5070", text)
		}
		port = n
	}
	if err := try(port); err != nil {
		return 0, fmt.Errorf("UDP port %d on 127.0.0.1 cannot be used (%w); end the program that has it, or choose another: SIP_PORT=%d make up",
			port, err, port+10)
	}
	return port, nil
}

// trunkPort is beside the SIP port, so that it can be set in a phone once for all; 0
// (any) when somebody has it.
func trunkPort(sip int) int {
	if sip == 65535 || try(sip+1) != nil {
		return 0
	}
	return sip + 1
}

func try(port int) error {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	if err != nil {
		return err
	}
	return conn.Close()
}

// accounts lets the people of the directory register phones as themselves.
func accounts(people []entry) []asterisk.Account {
	list := make([]asterisk.Account, 0, len(people))
	for _, p := range people {
		list = append(list, asterisk.Account{Name: p.number, Password: password(p.account)})
	}
	return list
}

func password(account string) string { return "secret" + account }

// watch tells what linekeeper decides until ctx ends or a part of the stage does.
func watch(ctx context.Context, s *stage.Stage, n *narrator) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	n.begin()
	t := newTeller()
	var following sync.WaitGroup
	following.Go(func() {
		end(newJournal().follow(ctx, s.Client, func(ev api.Event) {
			if text := t.tell(ev); text != "" {
				n.say(ev.At, keeper, "%s", text)
			}
		}))
	})
	defer following.Wait()
	select {
	case <-s.Asterisk.Done():
		end(errors.New("asterisk ended by itself"))
	case <-s.DaemonDone():
		end(errors.New("linekeeper ended by itself"))
	case <-ctx.Done():
	}
	return context.Cause(ctx)
}

// command shows how a command is typed to look inside.
func command(root string, s *stage.Stage, args string) string {
	program := s.Program()
	if here, err := os.Getwd(); err == nil && here == root {
		if short, err := filepath.Rel(root, program); err == nil && !strings.HasPrefix(short, "..") {
			program = short
		}
	}
	return program + " --socket " + s.Socket + " " + args
}
