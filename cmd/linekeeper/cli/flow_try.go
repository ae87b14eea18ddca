package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/linekeeper/linekeeper/callers/csvfile"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/dialplan/flowtest"
	"github.com/linekeeper/linekeeper/prompts"
)

type tryOptions struct{ caller, at, language, accounts, called, given, config string }

func (e *env) flowTryCmd() *cobra.Command {
	var o tryOptions
	cmd := &cobra.Command{
		Use: "try FILE | HOTLINE", Short: "Walk through a hotline document in the terminal", Args: exactly("a FILE or HOTLINE"),
		Long: `Walk through a hotline document in the terminal: what a caller would hear is
printed, and keys are typed. Time passes only as far as what is done needs it.

  12#       presses keys
  (Enter)   listens to the end; where a question waits, answers nothing; in line, waits 10 s
  ?         lists what else can happen: "agent_answers Olga", "queue_ends full", "wait 30s"
  state     tells where the call stands
  quit      hangs up

People, queues and promises are those of "given" in NAME.test.yaml beside the
file, or in the file named with --given. A HOTLINE is one of those of --config, or
of the daemon; with --config its file of callers counts, too.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			n, err := e.document(cmd.Context(), args[0], o.config)
			if err != nil {
				return err
			}
			p, err := o.player(cmd.Context(), n)
			if err != nil {
				return err
			}
			return e.walk(cmd.Context(), p, bufio.NewScanner(cmd.InOrStdin()))
		},
	}
	withConfig(cmd, &o.config)
	cmd.Flags().StringVar(&o.caller, "caller", "", "number of the caller, or an account of the directory (default withheld)")
	cmd.Flags().StringVar(&o.at, "at", "", "time of the call, like \"2026-11-23 12:00\" by the clock of the hotline (default now)")
	cmd.Flags().StringVar(&o.language, "language", "", "language of the caller: "+strings.Join(prompts.Languages(), ", "))
	cmd.Flags().StringVar(&o.accounts, "accounts", "", "file of callers (CSV), as the daemon reads it")
	cmd.Flags().StringVar(&o.called, "called", "", "number that was called (default the hotline's first)")
	cmd.Flags().StringVar(&o.given, "given", "", "file of conversations whose \"given\" counts")
	return cmd
}

// player prepares the call that the flags describe.
func (o tryOptions) player(ctx context.Context, n named) (*flowtest.Player, error) {
	doc := n.doc
	w, err := o.world(n.file, doc)
	if err != nil {
		return nil, err
	}
	if o.accounts == "" && n.cfg != nil {
		o.accounts = n.cfg.Callers.CSV
	}
	if o.accounts != "" {
		if w.Accounts, err = csvfile.Load(o.accounts, doc.Country); err != nil {
			return nil, err
		}
	}
	switch {
	case o.at != "":
		if w.Now, err = flowtest.ReadTime(o.at, flowtest.Zone(doc)); err != nil {
			return nil, usagef("--at: %w", err)
		}
	case w.Now.IsZero():
		w.Now = time.Now().In(flowtest.Zone(doc))
	}
	if o.language != "" {
		if w.Language = o.language; !strings.Contains(" "+strings.Join(prompts.Languages(), " ")+" ", " "+o.language+" ") {
			return nil, usagef("--language %q is none of %s", o.language, strings.Join(prompts.Languages(), ", "))
		}
	}
	if o.called != "" {
		w.Dialled = o.called
	}
	if o.caller != "" {
		if w.Number, err = numberOf(ctx, o.caller, w, doc); err != nil {
			return nil, usagef("--caller: %w", err)
		}
	}
	return flowtest.New(doc, w), nil
}

// world is what a file of conversations gives; without --given there may be none.
func (o tryOptions) world(file string, doc *dialplan.Document) (flowtest.World, error) {
	given := o.given
	if given == "" {
		ext := filepath.Ext(file)
		given = strings.TrimSuffix(file, ext) + ".test" + ext
	}
	src, err := os.ReadFile(given)
	if errors.Is(err, fs.ErrNotExist) && o.given == "" {
		return flowtest.World{}, nil
	}
	if err != nil {
		return flowtest.World{}, fmt.Errorf("read the file of conversations: %w", err)
	}
	f, err := flowtest.Read(given, src)
	if err != nil {
		return flowtest.World{}, err
	}
	return f.World(doc)
}

// numberOf is the number of an account of the directory, or else the number itself.
func numberOf(ctx context.Context, caller string, w flowtest.World, doc *dialplan.Document) (string, error) {
	for _, one := range w.Directory {
		if one.Account == caller {
			return one.Number, nil
		}
	}
	if w.Accounts != nil {
		if rec, found, err := w.Accounts.ByAccount(ctx, caller); err == nil && found {
			return rec.Number, nil
		}
	}
	return flowtest.ReadNumber(caller, doc)
}

// walk plays a call with whoever types.
func (e *env) walk(ctx context.Context, p *flowtest.Player, in *bufio.Scanner) error {
	who := p.World.Number
	if who == "" {
		who = "withheld"
	}
	t := &trail{e: e, p: p}
	if err := t.print("hotline %s, caller %s, %s", p.Doc.Hotline, who, p.Now().Format("Mon 2006-01-02 15:04 MST")); err != nil {
		return err
	}
	p.Start()
	for ctx.Err() == nil {
		if err := t.show(); err != nil {
			return err
		}
		if p.Over() {
			break
		}
		if e.tty {
			_, _ = fmt.Fprintf(e.stdout, "[%s] ", p.State().Node)
		}
		if !in.Scan() {
			p.HangUp()
			continue
		}
		line := strings.TrimSpace(in.Text())
		if strings.HasPrefix(line, "//") {
			continue // a remark in a script
		}
		if !e.tty {
			if err := t.print("> %s", line); err != nil {
				return err
			}
		}
		if err := t.obey(line); err != nil {
			return err
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("read what is typed: %w", err)
	}
	s := p.State()
	return t.print("the call is over: %s, %s, by %s", orDash(s.Result), human(p.Now().Sub(p.World.Now).Seconds()), strings.Join(s.Path, " "))
}

// trail prints what happens to a caller.
type trail struct {
	e       *env
	p       *flowtest.Player
	heard   int
	done    int
	unknown int
}

func (t *trail) print(format string, args ...any) error {
	_, err := fmt.Fprintln(t.e.stdout, clean(fmt.Sprintf(format, args...)))
	return err
}

// show prints what is new. What is said without a question is listened to.
func (t *trail) show() error {
	for {
		for t.heard < len(t.p.Heard) || t.done < len(t.p.Done) {
			if t.done < len(t.p.Done) && t.p.Done[t.done].After <= t.heard {
				d := t.p.Done[t.done]
				t.done++
				if err := t.print("%6s  * the caller %s", human(d.At.Seconds()), d.Text); err != nil {
					return err
				}
				continue
			}
			h := t.p.Heard[t.heard]
			t.heard++
			if err := t.print("%6s  %s: %s", human(h.At.Seconds()), h.Node, h.Text); err != nil {
				return err
			}
		}
		for ; t.unknown < len(t.p.Unknown); t.unknown++ {
			if err := t.print("        ! the hotline asks for something that cannot be tried yet: %s", t.p.Unknown[t.unknown]); err != nil {
				return err
			}
		}
		phase := t.p.State().Phase
		if phase != dialplan.PhaseSpeaking && phase != dialplan.PhaseLeaving || !t.p.Listen() {
			return nil
		}
	}
}

// obey does what was typed.
func (t *trail) obey(line string) error {
	verb, value, _ := strings.Cut(line, " ")
	verb, value = strings.TrimSuffix(verb, ":"), strings.TrimSpace(value)
	switch {
	case line == "":
		return t.nothing()
	case strings.Trim(line, "0123456789*# ") == "":
		verb, value = "press", strings.ReplaceAll(line, " ", "")
	case line == "?" || line == "help":
		return t.help()
	case line == "state":
		s := t.p.State()
		return t.print("        node %s, phase %s, language %s, assurance %s, queue %s", s.Node, s.Phase, s.Language, s.Caller.Assurance, orDash(s.Queue))
	case line == "quit":
		verb, value = "hang_up", ""
	}
	if err := t.p.Do(verb, value); err != nil {
		return t.print("        ! %v; ? lists what can happen", err)
	}
	return nil
}

// nothing lets time pass as far as something happens.
func (t *trail) nothing() error {
	p := t.p
	switch phase := p.State().Phase; {
	case p.Speaking():
		p.Listen()
	case phase == dialplan.PhaseWaiting || phase == dialplan.PhaseConnected:
		p.Wait(10 * time.Second)
		return t.print("        (10 s pass)")
	case p.Silence():
	default:
		p.Wait(10 * time.Second)
	}
	return nil
}

func (t *trail) help() error {
	for _, v := range flowtest.Verbs() {
		if err := t.print("        %-40s %s", strings.TrimSpace(v.Name+" "+v.Value), v.About); err != nil {
			return err
		}
	}
	return nil
}
