package callback

// Callee is who would be called, as far as the rules ask.
type Callee struct {
	Number     string // E.164
	Queue      string
	Campaign   string // "" for none
	Zone       string // IANA name of the customer's time zone, as they or their record say; "" to tell it from the number
	Unverified bool   // nobody knows yet whether the number is that of who asked
}

// Callee is the customer of the promise, for the rules.
func (c Callback) Callee() Callee {
	return Callee{Number: c.Number, Queue: c.Queue, Campaign: c.Campaign, Zone: c.Zone, Unverified: c.Verify != ""}
}

// Callee is who asks, for the rules.
func (r Request) Callee() Callee {
	return Callee{Number: r.Number, Queue: r.Queue, Campaign: r.Campaign, Zone: r.Zone, Unverified: r.Verify != ""}
}
