package dialplan

import (
	"strconv"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/prompts"
)

// TargetKind is what a caller is put through to.
type TargetKind string

// The targets of a transfer, as their key in the document.
const (
	ToNumber  TargetKind = "number"  // a telephone number
	ToAgent   TargetKind = "agent"   // the phone of an agent of linekeeper.yaml
	ToSIP     TargetKind = "sip"     // a SIP address
	ToContext TargetKind = "context" // another part of the switch's dialplan, and back
)

// Target says where a caller is put through to.
type Target struct {
	Kind     TargetKind
	Number   string      // E.164, for ToNumber without By
	By       *Expression // gives the number
	Agent    string      // id
	Address  string      // "sip:help@example.com"
	Context  string
	Exten    string // "" stands for "s"
	Priority int    // 0 stands for 1
}

// TransferResult is how a transfer ended.
type TransferResult string

// The results of a transfer.
const (
	TransferOver     TransferResult = "over" // they talked
	TransferBusy     TransferResult = "busy"
	TransferNoAnswer TransferResult = "no_answer"
	TransferFailed   TransferResult = "failed" // nobody could be rung, or a rule forbids it
)

const (
	defaultRing   = 30 * time.Second
	transferGrace = 10 * time.Second // from the ring time to its end as the switch should have told it
)

// transfer puts the caller through.
//
//	number, agent, sip:  dialling --answered--> put_through --hung up there--> next
//	                        |--> busy, no_answer, failed
//	context:             lent --came back--> next, or the branch that its dialplan names
//
// The caller hears music while it rings. A hang-up of the caller ends the other leg.
func (c *call) transfer(node *Node) {
	c.quiet()
	c.s.Seq++
	c.s.Dialling, c.s.DialledAt = c.s.Seq, c.now
	t := node.Target
	if t.Kind == ToContext {
		c.note("transfer.lent", map[string]any{"node": c.s.Node, "context": t.Context})
		c.music(false)
		c.outcome(ResultTransferred)
		c.s.Phase = PhaseLent
		c.do(Lend{Seq: c.s.Seq, Context: t.Context, Exten: t.Exten, Priority: t.Priority})
		return
	}
	number := t.Number
	if t.By != nil {
		number, _ = callers.Normalize(c.plain(t.By), c.doc.Country)
		if number == "" {
			c.transferOver(DialOver{Seq: c.s.Seq, Result: TransferFailed, Why: "no_number"})
			return
		}
	}
	to := map[string]any{"node": c.s.Node, "to": string(t.Kind)}
	if t.Agent != "" {
		to["agent"] = t.Agent
	}
	c.note("transfer.dialling", to)
	c.s.Phase = PhaseDialling
	c.music(true)
	c.do(Dial{Seq: c.s.Seq, Kind: t.Kind, Number: Secret(number), Agent: t.Agent, Address: t.Address, Timeout: node.Timeout})
	c.timer(node.Timeout + transferGrace)
}

// dialAnswered connects the two.
func (c *call) dialAnswered(ev DialAnswered) {
	if c.s.Phase != PhaseDialling || ev.Seq != c.s.Dialling {
		return
	}
	c.quiet()
	c.music(false)
	c.outcome(ResultTransferred)
	c.s.Phase = PhasePutThrough
	c.note("transfer.answered", map[string]any{"node": c.s.Node, "rang_s": int(c.now.Sub(c.s.DialledAt).Seconds())})
	c.s.DialledAt = c.now
	c.do(PutThrough(ev))
}

func (c *call) dialOver(ev DialOver) {
	if ev.Seq == c.s.Dialling && ev.Seq != 0 && (c.s.Phase == PhaseDialling || c.s.Phase == PhasePutThrough || c.s.Phase == PhaseLent) {
		c.transferOver(ev)
	}
}

// dialOverdue goes on when the end of the ringing was not told.
func (c *call) dialOverdue() {
	c.do(DropDial{Seq: c.s.Dialling})
	c.transferOver(DialOver{Seq: c.s.Dialling, Result: TransferNoAnswer})
}

// returned goes on with a caller who was lent to the switch's dialplan.
func (c *call) returned(ev Returned) {
	if c.s.Phase != PhaseLent {
		return
	}
	result := TransferOver
	switch r := TransferResult(ev.Result); r {
	case TransferBusy, TransferNoAnswer, TransferFailed:
		result = r
	}
	c.transferOver(DialOver{Seq: c.s.Dialling, Result: result})
}

// transferOver takes the branch of a result.
func (c *call) transferOver(ev DialOver) {
	node := c.node()
	data := map[string]any{"node": c.s.Node, "result": string(ev.Result)}
	if ev.Why != "" {
		data["why"] = ev.Why
	}
	if c.s.Phase == PhasePutThrough || c.s.Phase == PhaseLent {
		data["talked_s"] = int(c.now.Sub(c.s.DialledAt).Seconds())
	}
	c.note("transfer.over", data)
	c.quiet()
	c.music(false)
	c.s.Dialling = 0
	to := map[TransferResult]string{TransferOver: node.Next, TransferBusy: node.Busy, TransferNoAnswer: node.NoAnswer}[ev.Result]
	if to == "" && ev.Result != TransferOver {
		to = node.Failed
	}
	if to == "" && ev.Result != TransferOver {
		c.sayThen("", c.message(prompts.KeyTransferFailed))
		return
	}
	c.enter(to)
}

// resumeTransfer goes on after a restart: the switch kept the legs, and what became of
// them is told.
func (c *call) resumeTransfer() {
	switch c.s.Phase {
	case PhaseDialling:
		c.music(true)
		c.timer(c.node().Timeout + transferGrace)
	case PhasePutThrough:
		c.do(PutThrough{Seq: c.s.Dialling}) // they may not have been connected yet
	}
}

// hangUpDial ends the leg of a transfer with the caller's.
func (c *call) hangUpDial() {
	if c.s.Dialling != 0 && c.s.Phase != PhaseLent {
		c.do(DropDial{Seq: c.s.Dialling})
	}
	c.s.Dialling = 0
}

// plainNumber writes a number without an exponent.
func plainNumber(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
