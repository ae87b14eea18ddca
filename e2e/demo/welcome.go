package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

// entry is a row of the table in demo/callers.md.
type entry struct {
	name, number, account, pin, language string
}

// readPeople reads that table, the only place where the PINs stand in clear.
func readPeople(file string) ([]entry, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read the callers of the demo: %w", err)
	}
	defer f.Close()
	var people []entry
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "|")
		if len(cells) < 7 || !strings.Contains(cells[2], "+") {
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		people = append(people, entry{
			name: cells[1], number: strings.NewReplacer(" ", "", "-", "").Replace(cells[2]),
			account: cells[3], pin: cells[4], language: cells[5],
		})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the callers of the demo: %w", err)
	}
	if len(people) == 0 {
		return nil, errors.New("read the callers of the demo: no table in " + file)
	}
	return people, nil
}

// welcome tells how to call and how to look inside.
func welcome(n *narrator, root string, s *stage.Stage, people []entry) error {
	numbers, err := hotlineNumbers(s, root)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nAsterisk %s and linekeeper run. SIP is at %s (UDP, this machine only).\n", s.Asterisk.Version, s.Asterisk.SIPAddr)
	section := func(title string, rows ...string) {
		fmt.Fprintf(&b, "\n%s\n", n.paint(bold, title))
		w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		for _, row := range rows {
			fmt.Fprintf(w, "  %s\n", row) // a Builder takes everything
		}
		_ = w.Flush()
	}
	section("Numbers to dial. Any phone may call, registered or not; without an account it is a stranger.", numbers...)
	section("Operators: register a phone (digest) and wait for it to ring.",
		"USER\tPASSWORD\tNAME",
		fmt.Sprintf("%s\t%s\t%s", operatorAccount, password(operatorAccount), operatorName),
		fmt.Sprintf("%s\t%s\t%s", colleagueID, password(colleagueID), colleague))
	rows := []string{"USER\tPASSWORD\tACCOUNT\tPIN\tLANGUAGE\tNAME"}
	for _, p := range people {
		rows = append(rows, strings.Join([]string{p.number, password(p.account), p.account, p.pin, p.language, p.name}, "\t"))
	}
	section("Callers who are known: by number with a phone of their own, by account and PIN from any other.", rows...)
	section("Customers are called back at", fmt.Sprintf("sip:NUMBER@127.0.0.1:%d\twhatever phone listens there, without registration", s.Asterisk.TrunkPort))
	section("Look inside",
		command(root, s, "queue watch support"), command(root, s, "call list"), command(root, s, "callback list"),
		command(root, s, "journal --follow"))
	fmt.Fprintf(&b, "\nlogs: %s\nCtrl-C ends everything.\n\n", s.LogFile)
	n.print("%s", b.String())
	return nil
}

// hotlineNumbers lists the numbers of the demo's hotlines.
func hotlineNumbers(s *stage.Stage, root string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(root, "demo", "hotlines", "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("list the hotlines: %w", err)
	}
	var rows []string
	for _, file := range files {
		if strings.HasSuffix(file, ".test.yaml") {
			continue // conversations with the hotline beside it
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read a hotline: %w", err)
		}
		doc, err := dialplan.Parse(filepath.Base(file), source)
		if err != nil {
			return nil, fmt.Errorf("read a hotline: %w", err)
		}
		for _, number := range doc.Numbers {
			rows = append(rows, fmt.Sprintf("sip:%s@%s\t%s\t%s", number, s.Asterisk.SIPAddr, doc.Hotline, doc.SpokenTitle("en")))
		}
	}
	return rows, nil
}
