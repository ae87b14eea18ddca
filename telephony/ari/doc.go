// Package ari drives an Asterisk switch (20 or later) over its REST interface,
// as a telephony.Switch.
//
// It uses the types and the event decoder of CyCoreSystems/ari and has a
// transport of its own beneath them: one websocket whose reader only decodes
// and appends to an unbounded queue, pings with a deadline, reconnects with
// back-off, and REST calls that honour contexts and have deadlines.
//
// # Order and completeness
//
// Events arrive on Client.Events in the order in which Asterisk sent them; none
// is dropped while Run goes on. An event may arrive before the REST call that
// caused it has returned.
//
// A connection begins with a resync. Events that Asterisk sends while the
// snapshot is being read are held back until telephony.Connected is in the
// queue, so what follows Connected may repeat what its snapshot shows already,
// but nothing that is older than the snapshot can contradict it for good: each
// such change is followed by the ones that led to the snapshot's state. When a
// connection breaks before its resync was complete, the events held back are
// delivered without a Connected; the next snapshot covers them.
//
// What happens while no connection stands is not replayed by Asterisk. Whoever
// reads the events compares Connected's snapshot with their own records.
// Playbacks are the exception: their missing ends are supplied by this package.
//
// # Local channels
//
// A channel originated to an endpoint "Local/..." has two legs. The one with
// the id in the request is ours; the far leg runs the dialplan under that id
// with ";2" appended. Far legs are hidden: they appear neither in events nor in
// snapshots, and a user event of a far leg carries the id of our leg. A far leg
// whose dialplan enters our own application arrives like any other caller and
// is visible from then on, under its own id.
//
// # Identifiers
//
// Asterisk refuses a channel id that is a prefix of a living channel's id
// (compared without regard to case), with the same answer as for an id in use.
// Ids should all have one length. Originate tells the cases apart.
//
// # What ends how
//
// A channel that hangs up while it is ours gives the ends of its playbacks, with
// Failed set, then ChannelLeft, then ChannelEnded. One that never came under our
// control, because nobody answered, gives ChannelEnded alone. The end of a caller
// who is gone before Asterisk took our subscription to it has the cause of our
// Hangup, or none.
package ari
