package flowtest

import (
	"context"
	"strings"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
)

func (p *Player) started() dialplan.Event {
	dialled := p.World.Dialled
	if dialled == "" && len(p.Doc.Numbers) > 0 {
		dialled = p.Doc.Numbers[0]
	}
	return dialplan.Started{Dialled: dialled, History: p.World.History}
}

// byNumber lists the people who have a number.
func (p *Player) byNumber(number string) []Person {
	var found []Person
	if number == "" {
		return nil
	}
	for _, one := range p.World.Directory {
		if one.Number == number {
			found = append(found, one)
		}
	}
	if p.World.Accounts != nil {
		records, err := p.World.Accounts.ByNumber(context.Background(), number)
		if err != nil {
			p.did("is not found: %v", err)
		}
		for _, r := range records {
			found = append(found, Person{Record: r})
		}
	}
	return found
}

func (p *Player) lookUp(a dialplan.LookUp) dialplan.Event {
	found := p.byNumber(a.Number)
	if len(found) == 1 {
		return dialplan.LookedUp{Found: true, Caller: found[0].Caller(a.Number, callers.AssuranceANI)}
	}
	var several []callers.Caller
	for _, one := range found {
		several = append(several, one.Caller(a.Number, callers.AssuranceANI))
	}
	return dialplan.LookedUp{Several: several}
}

// check holds what was entered against the people that the world has.
func (p *Player) check(a dialplan.Check) dialplan.Event {
	sure := callers.AssurancePIN
	if a.Method != dialplan.ByPIN {
		sure = callers.AssuranceAnswer
	}
	for _, one := range p.candidates(a) {
		if one.fits(a) {
			return dialplan.Checked{OK: true, Caller: one.Caller(p.World.Number, sure)}
		}
	}
	return dialplan.Checked{}
}

func (p *Player) candidates(a dialplan.Check) []Person {
	var found []Person
	for _, one := range p.World.Directory {
		if a.Method == dialplan.ByCode || one.Account == a.Account {
			found = append(found, one)
		}
	}
	if p.World.Accounts == nil {
		return found
	}
	ctx, digits := context.Background(), string(a.Digits)
	record, ok, err := p.World.Accounts.ByAccount(ctx, a.Account)
	if a.Method == dialplan.ByCode {
		record, ok, err = p.World.Accounts.ByCode(ctx, digits)
	}
	if err == nil && ok {
		one := Person{Record: record}
		if a.Method == dialplan.ByCode {
			one.Code = digits
		}
		found = append(found, one)
	}
	return found
}

// fits says whether the digits are those of this person.
func (one Person) fits(a dialplan.Check) bool {
	digits := string(a.Digits)
	known := one.PIN
	switch a.Method {
	case dialplan.ByCode:
		known = one.Code
	case dialplan.ByAnswer:
		known = one.Answers[a.Question]
	default:
		if known == "" {
			known = one.PINHash
		}
	}
	if strings.HasPrefix(known, "$argon2id$") {
		ok, err := callers.VerifyPIN(known, digits)
		return ok && err == nil
	}
	return known != "" && known == digits
}
