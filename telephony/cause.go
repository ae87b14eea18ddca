package telephony

import "strconv"

// Cause is why a channel ended, as ITU-T Q.850 numbers it (1 to 127; 0 when
// the switch did not say).
type Cause int

// The causes that linekeeper tells apart (ITU-T Q.850, table 1).
const (
	CauseUnknown          Cause = 0
	CauseUnallocated      Cause = 1
	CauseNoRoute          Cause = 3
	CauseNormal           Cause = 16
	CauseBusy             Cause = 17
	CauseNoUserResponse   Cause = 18
	CauseNoAnswer         Cause = 19
	CauseSubscriberAbsent Cause = 20
	CauseRejected         Cause = 21
	CauseInvalidNumber    Cause = 28
	CauseNormalOther      Cause = 31
	CauseCongestion       Cause = 34
	CauseNetworkFailure   Cause = 38
	CauseSwitchCongestion Cause = 42
	CauseFailure          Cause = 127
)

var causeNames = map[Cause]string{
	CauseUnknown: "unknown", CauseUnallocated: "unallocated number", CauseNoRoute: "no route",
	CauseNormal: "normal clearing", CauseBusy: "busy", CauseNoUserResponse: "no response",
	CauseNoAnswer: "no answer", CauseSubscriberAbsent: "subscriber absent", CauseRejected: "rejected",
	CauseInvalidNumber: "invalid number", CauseNormalOther: "normal", CauseCongestion: "congestion",
	CauseNetworkFailure: "network failure", CauseSwitchCongestion: "switch congestion", CauseFailure: "failure",
}

func (c Cause) String() string {
	if s, ok := causeNames[c]; ok {
		return s
	}
	return "cause " + strconv.Itoa(int(c))
}
