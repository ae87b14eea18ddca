package controller

import (
	"context"
	"hash/fnv"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/prompts"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/telephony"
)

// What a promise does to the two legs of its call: the customer's, and the
// agent's on the placeholder.

// workFor gives the mailbox for requests to the switch about a promise.
func (s *promises) workFor(id string) *mailbox {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // never fails: package hash says so
	return s.work[h.Sum32()%uint32(len(s.work))]
}

// dial asks the switch to call the customer. The attempt is on disk by now.
func (s *promises) dial(cb callback.Callback, cmd callback.Dial) {
	s.workFor(cb.ID).post(func() {
		endpoint, err := callback.DialString(s.c.opts.Callbacks.Endpoint, cmd.Number)
		if err != nil {
			s.send(cb.ID, callback.DialRefused{Channel: cmd.Channel, Err: err.Error()})
			return
		}
		s.c.at(StepDialAsking, cb.ID)
		var vars map[string]string
		if s.c.opts.Callbacks.Machines.hears() {
			vars = map[string]string{telephony.VarTalking: telephony.TalkingSecond}
		}
		err = s.c.onSwitch("dial the customer", func(ctx context.Context) error {
			return s.c.opts.Switch.Originate(ctx, telephony.OriginateRequest{
				ID: telephony.ChannelID(cmd.Channel), Endpoint: endpoint, CallerID: s.c.opts.Callbacks.CallerID,
				Timeout: cmd.Timeout, Args: []string{"callback", cb.ID}, Vars: vars,
			})
		})
		s.c.at(StepDialAnswered, cb.ID)
		switch {
		case err == nil:
		case telephony.IsExists(err):
			s.send(cb.ID, callback.DialExists{Channel: cmd.Channel})
		case telephony.IsUnanswered(err):
			s.unanswered(cb.ID, cmd.Channel)
		default:
			s.send(cb.ID, callback.DialRefused{
				Channel: cmd.Channel, Retryable: telephony.KindOf(err) == telephony.KindRetryable, Err: err.Error(),
			})
		}
	})
}

// unanswered asks what the switch shows of a dial whose answer got lost, unless an
// event has told of it by now.
func (s *promises) unanswered(id, channel string) {
	s.on(id, func(p *promise) {
		if last, _ := p.cb.Last(); p.cb.State == callback.Dialling && last.Channel == channel {
			p.unsure = true
			s.c.lookAgain()
		}
	}, nothing)
}

// attach tells the line that the customer is on the line.
func (s *promises) attach(p *promise, l *line) {
	place := p.cb.PlaceID
	s.toCustomer(p, func(k *call) { l.apply(queues.Attach{PlaceID: place, CallID: k.id}) })
}

// lastWords is how long a customer's call may take to say goodbye.
const lastWords = 10 * time.Second

// letCustomerGo ends the customer's leg. Where the hotline has something to say
// before, that comes first, and it hangs up by itself.
func (s *promises) letCustomerGo(cmd callback.HangUpCustomer) {
	leg := telephony.ChannelID(cmd.Channel)
	id, _, _ := callback.ParseChannelID(cmd.Channel)
	hangUp := func() {
		s.workFor(id).post(func() {
			s.c.at(StepHangUpAsking, id)
			_ = s.c.onSwitch("let the customer go", func(ctx context.Context) error {
				return s.c.opts.Switch.Hangup(ctx, leg, telephony.CauseNormal)
			})
			s.c.at(StepHangUpAnswered, id)
		})
	}
	s.c.main.post(func() {
		k := s.c.byLeg[leg]
		switch {
		case k == nil:
			hangUp()
		case cmd.Why == callback.OutcomeNoAgent, cmd.Why == callback.OutcomeAgentLost:
			k.over(queues.Place{Reason: queues.LeftFailed})
		case cmd.Why == callback.OutcomeConnected:
			k.over(queues.Place{Reason: queues.LeftServed}) // what comes after the conversation
		case cmd.Why == callback.OutcomeDeclined, cmd.Why == callback.OutcomeNoKey, cmd.Why == callback.OutcomeVerified:
			time.AfterFunc(lastWords, hangUp) // goodbye is being said
		default:
			hangUp()
		}
	})
}

// tellAgent lets the agent who took the place know that the customer is being
// called, and of whom; one who was asked before knows that.
func (s *promises) tellAgent(p *promise, l *line) {
	switch {
	case p.agentLeg == "":
	case p.shown == p.agentLeg:
		s.tell(p, l, prompts.Agreed(p.cb.Language))
	case len(p.told) == 0:
		var message []telephony.Media
		if p.cb.About.Message != "" {
			message = append(message, telephony.RecordingMedia(p.cb.About.Message))
		}
		s.tell(p, l, s.c.briefOf(p.cb).Calling(p.cb.Language), message...)
	}
}

// connectAgent puts customer and agent together. An agent who has waited knows
// already who it is.
func (s *promises) connectAgent(p *promise, l *line) {
	brief := s.c.briefOf(p.cb)
	if len(p.told) > 0 || p.shown == p.agentLeg {
		brief.Title = ""
	}
	s.hush(p, l)
	s.c.listen(p.agentLeg, nil)
	if len(p.cb.Attempts) == 0 {
		return
	}
	leg := telephony.ChannelID(p.cb.Attempts[len(p.cb.Attempts)-1].Channel)
	s.attach(p, l)
	place, agentLeg := placeOf(p.cb), p.agentLeg
	place.Agent = p.agent
	w := &whispered{brief, p.cb.About.Message}
	s.c.main.post(func() {
		if k := s.c.byLeg[leg]; k != nil {
			k.served(place, agentLeg, w)
			s.c.at(StepConnectAsked, place.CallbackID)
		}
	})
}
