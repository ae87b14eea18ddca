package callback

// ServedBy says whether a promise is kept by the way: a caller with this number
// and account, either of them "" when not known, talks with an agent of queue by
// another call. Two accounts tell apart who shares a number. Whoever answered the
// promise's own call already is left alone.
func (c Callback) ServedBy(number, account, queue string) bool {
	switch c.State {
	case Waiting, Dialling, Ringing, Uncertain:
	default:
		return false
	}
	same := number != "" && number == c.Number
	if account != "" && c.Account != "" {
		same = account == c.Account
	}
	return same && queue == c.Queue
}
