package simswitch

import "github.com/linekeeper/linekeeper/telephony/stream"

// feed is a stream with the channel that it is read from.
type feed[T any] struct {
	*stream.Stream[T]
	out chan T
}

func newFeed[T any]() feed[T] { return feed[T]{stream.New[T](), make(chan T)} }
