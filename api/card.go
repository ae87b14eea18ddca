package api

import (
	"cmp"
	"net/http"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller"
)

// Card is what an agent sees of a caller before saying hello: the body of
// GET /v1/calls/ID/card.
type Card struct {
	Call     Call           `json:"call"`
	Caller   CardCaller     `json:"caller"`
	Question string         `json:"question"` // what the agent is to find out, or what the caller wrote or was asked
	Vars     map[string]any `json:"vars"`     // what the hotline found out, by the names of its variables
	Place    *Place         `json:"place"`    // where the call stands in line; null when it does not
	Promise  *Callback      `json:"promise"`  // that the call carries out or made; null for none
	History  History        `json:"history"`
	Calls    []Call         `json:"calls"`    // earlier ones, the newest first, at most 10
	Promises []Callback     `json:"promises"` // likewise
}

// CardCaller is who the call is with.
type CardCaller struct {
	Number    string            `json:"number"`
	Account   string            `json:"account"`
	Name      string            `json:"name"`
	Language  string            `json:"language"` // of the call
	TimeZone  string            `json:"time_zone"`
	VIP       bool              `json:"vip"`
	Assurance string            `json:"assurance"`
	Balance   string            `json:"balance"` // "1523.50 RUB"; "" when not known
	Fields    map[string]string `json:"fields"`  // whatever else the directory told
}

// History sums up earlier calls and promises of a caller.
type History struct {
	CallsToday      int        `json:"calls_today"`
	CallsWeek       int        `json:"calls_week"`
	LastAt          *time.Time `json:"last_at"`
	LastQueue       string     `json:"last_queue"`
	LastResult      string     `json:"last_result"`
	LastAgent       string     `json:"last_agent"`
	LastDisposition string     `json:"last_disposition"`
	CallbacksOpen   int        `json:"callbacks_open"`
	CallbacksKept   int        `json:"callbacks_kept"`
}

func (s *Server) card(r *http.Request) (any, error) {
	found, err := s.findCall(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	c, err := s.daemon.Card(r.Context(), found.ID)
	if err != nil {
		return nil, err
	}
	return showCard(c), nil
}

func showCard(c controller.Card) Card {
	out := Card{
		Call: showCall(c.Call), Caller: showCardCaller(c.Call.State.Caller), Vars: c.Call.State.Vars, History: showHistory(c.History),
		Question: c.Call.State.Question, Calls: show(c.Calls, showCall), Promises: show(c.Promises, showCallback),
	}
	out.Caller.Language = c.Call.State.Language
	if out.Caller.Number == "" {
		out.Caller.Number = c.Call.State.ANI
	}
	if out.Vars == nil {
		out.Vars = map[string]any{}
	}
	if c.Place != nil {
		place := showPlace(*c.Place, c.At)
		out.Place = &place
	}
	if c.Promise != nil {
		promise := showCallback(*c.Promise)
		out.Promise = &promise
		out.Question = cmp.Or(out.Question, promise.Question)
	}
	return out
}

func showCardCaller(c callers.Caller) CardCaller {
	out := CardCaller{
		Number: c.Number, Account: c.Account, Name: c.Name, TimeZone: c.TimeZone, VIP: c.VIP, Assurance: c.Assurance.String(),
		Fields: map[string]string{},
	}
	if c.Balance != nil {
		out.Balance = c.Balance.String()
	}
	for name, value := range c.Fields {
		out.Fields[name] = value
	}
	return out
}

func showHistory(h callers.History) History {
	return History{
		CallsToday: h.CallsToday, CallsWeek: h.CallsWeek, LastAt: when(h.LastAt), LastQueue: h.LastQueue, LastResult: h.LastResult,
		LastAgent: h.LastAgent, LastDisposition: h.LastDisposition, CallbacksOpen: h.CallbacksOpen, CallbacksKept: h.CallbacksKept,
	}
}
