package softphone

import (
	"math"

	"github.com/emiago/diago/media"
	"github.com/zaf/g711"

	"github.com/linekeeper/linekeeper/prompts/marks"
)

// law is one of the two codings of G.711.
type law struct {
	decode [256]int16
	encode func(int16) uint8
	tone   []byte // one second of the phone's own tone: a whole number of its periods and of packets
	still  []byte // one packet of silence
}

// voice holds what every call of a phone plays, made once.
type voice struct {
	ulaw, alaw *law
}

const tonePeak = 6000 // about -15 dB below full scale

func newVoice(hz int) voice {
	return voice{
		ulaw: newLaw(hz, g711.EncodeUlawFrame, g711.DecodeUlawFrame),
		alaw: newLaw(hz, g711.EncodeAlawFrame, g711.DecodeAlawFrame),
	}
}

func newLaw(hz int, encode func(int16) uint8, decode func(uint8) int16) *law {
	l := &law{encode: encode}
	for i := range l.decode {
		l.decode[i] = decode(uint8(i))
	}
	for i := range marks.Rate {
		l.tone = append(l.tone, encode(int16(tonePeak*math.Sin(2*math.Pi*float64(i*hz)/marks.Rate))))
	}
	for range frame {
		l.still = append(l.still, encode(0))
	}
	return l
}

// of gives the law of a codec; diago negotiates no other than these two here.
func (v voice) of(codec media.Codec) *law {
	if codec.PayloadType == media.CodecAudioAlaw.PayloadType {
		return v.alaw
	}
	return v.ulaw
}
