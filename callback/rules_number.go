package callback

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The rules about the number alone.

func (p Policy) lookPrefix(who Callee, _ time.Time) Decision {
	if p.Allows(who.Number) {
		return Decision{}
	}
	return Decision{
		Rule:    RulePrefix,
		Message: fmt.Sprintf("%s begins with none of the prefixes that may be called (%s)", who.Number, prefixList(p.Prefixes)),
		Remedy:  "add a prefix of this number to the prefixes of the callback policy",
		Inputs:  []Input{{"prefixes", prefixList(p.Prefixes)}},
	}
}

func (p Policy) lookType(who Callee, _ time.Time) Decision {
	is := TypeOf(who.Number)
	if slices.Contains(p.Types, is) {
		return Decision{}
	}
	d := Decision{
		Rule:    RuleType,
		Message: fmt.Sprintf("%s is a number of type %s, which is not called", who.Number, is),
		Remedy:  fmt.Sprintf("add %s to the types of the callback policy if such numbers are to be called", is),
		Inputs:  []Input{{"type", string(is)}, {"types", typeList(p.Types)}},
	}
	if is == TypeUnknown {
		d.Message = who.Number + " is in no range of numbers that is given out"
	}
	return d
}

func (p Policy) lookBlocked(who Callee, _ time.Time) Decision {
	for _, prefix := range p.Blocked {
		if strings.HasPrefix(who.Number, prefix) {
			return Decision{
				Rule:    RuleBlocked,
				Message: fmt.Sprintf("%s is blocked by %s", who.Number, prefix),
				Remedy:  fmt.Sprintf("remove %s from the blocked numbers of the callback policy", prefix),
				Inputs:  []Input{{"blocked", prefix}},
			}
		}
	}
	return Decision{}
}

func (p Policy) lookDoNotCall(who Callee, _ time.Time) Decision {
	if !p.Facts.Listed {
		return Decision{}
	}
	return Decision{
		Rule:    RuleDoNotCall,
		Message: who.Number + " is on the do-not-call list",
		Remedy:  "remove it from the list if the customer wishes to be called",
		Inputs:  []Input{{"listed", "yes"}},
	}
}

func prefixList(prefixes []string) string {
	if len(prefixes) == 0 {
		return "there are none"
	}
	return strings.Join(prefixes, ", ")
}

func typeList(types []NumberType) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = string(t)
	}
	return strings.Join(names, ", ")
}
