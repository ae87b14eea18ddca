package flowtest

import (
	"fmt"

	"github.com/linekeeper/linekeeper/dialplan"
)

// carryOut does what the dialplan asks for, and lets the world answer.
func (p *Player) carryOut(a dialplan.Action) {
	switch a := a.(type) {
	case dialplan.Answer, dialplan.Music, dialplan.Private, dialplan.ConfirmPromise, dialplan.MessageLeft:
	case dialplan.Note:
		p.Notes = append(p.Notes, a)
	case dialplan.Say:
		p.say(a)
	case dialplan.StopSpeech:
		p.saying = 0
	case dialplan.Timer:
		p.timer(a)
	case dialplan.LookUp:
		p.soon(p.lookUp(a))
	case dialplan.Recall:
		p.soon(dialplan.Recalled{History: p.World.History})
	case dialplan.Check:
		p.soon(p.check(a))
	case dialplan.TakePlace:
		p.did("takes a place in queue %s", a.Queue)
		p.Priority = a.Priority
		p.takePlace(a.Queue)
	case dialplan.LeavePlace:
		p.did("leaves the queue")
		p.leavePlace()
	case dialplan.Connect:
		p.did("is connected with an agent")
	case dialplan.Part:
		p.did("is taken out of the conversation")
	case dialplan.Promise:
		p.did("is promised a call to %s", a.Number)
		p.soon(p.promise())
	case dialplan.Enquire:
		p.soon(p.enquire(a))
	case dialplan.Record:
		p.did("is recorded")
	case dialplan.StopRecord, dialplan.Discard, dialplan.DropDial:
	case dialplan.Keep:
		p.did("has left a message")
	case dialplan.Fetch:
		p.fetch(a)
	case dialplan.Dial:
		p.did("is being put through")
		p.ring(a)
	case dialplan.PutThrough:
		p.did("is put through")
	case dialplan.Lend:
		p.did("is in context %s", a.Context)
		p.lend(a)
	case dialplan.CancelPromise:
		p.did("takes back the promise")
	case dialplan.DeclinePromise:
		p.did("wants no call")
	case dialplan.NoKeyPromise:
		p.did("pressed nothing")
	case dialplan.Hangup:
		p.did("is hung up on")
		p.over = true
	default:
		p.Unknown = append(p.Unknown, fmt.Sprintf("%T", a))
	}
}

func (p *Player) did(format string, args ...any) {
	p.Done = append(p.Done, Deed{At: p.now.Sub(p.begun), Text: fmt.Sprintf(format, args...), After: len(p.Heard)})
}

// soon lets an answer come as soon as time passes at all.
func (p *Player) soon(ev dialplan.Event) { p.later(due{at: p.now, ev: ev}) }

func (p *Player) promise() dialplan.Event {
	switch c := p.World.Callbacks; {
	case c.Refused != "":
		return dialplan.PromiseRefused{Rule: c.Refused}
	case c.Existing != "":
		return dialplan.Promised{ID: c.Existing, Existing: true}
	}
	return dialplan.Promised{ID: "promise"}
}

func (p *Player) enquire(a dialplan.Enquire) dialplan.Event {
	free := a.Slots
	if len(free) > a.Want {
		free = free[:a.Want]
	}
	return dialplan.Enquired{Existing: p.World.Callbacks.Existing, Refused: p.World.Callbacks.Refused, Slots: free}
}
