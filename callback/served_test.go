package callback

import "testing"

func TestServedBy(t *testing.T) {
	t.Parallel()
	cb := fixture(Waiting, 0)
	known := cb
	known.Account = "17"
	for _, tc := range []struct {
		name                   string
		cb                     Callback
		number, account, queue string
		want                   bool
	}{
		{"by number", cb, cb.Number, "", "support", true},
		{"by number, the account got known", cb, cb.Number, "17", "support", true},
		{"by account from another phone", known, "+79031112233", "17", "support", true},
		{"by account, number withheld", known, "", "17", "support", true},
		{"another queue", cb, cb.Number, "", "sales", false},
		{"another number", cb, "+79031112233", "", "support", false},
		{"a colleague at the same number", known, cb.Number, "18", "support", false},
		{"nobody known", Callback{State: Waiting, Queue: "support"}, "", "", "support", false},
	} {
		if got := tc.cb.ServedBy(tc.number, tc.account, tc.queue); got != tc.want {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
	open := map[State]bool{Waiting: true, Dialling: true, Ringing: true, Uncertain: true}
	for _, s := range []State{Waiting, Dialling, Ringing, Answered, Confirmed, Connected, Uncertain, Done, GivenUp, Cancelled} {
		if got := fixture(s, 1).ServedBy(cb.Number, "", "support"); got != open[s] {
			t.Errorf("%s: %v", s, got)
		}
	}
}
