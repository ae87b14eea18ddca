package softphone

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/emiago/diago"
	"github.com/emiago/diago/audio"
	"github.com/emiago/diago/media"
)

// startMedia lets sound flow both ways. The returned function waits until both directions have ended; the
// sockets must be closed and the call released before.
func (c *Call) startMedia(m *diago.DialogMedia) (wait func()) {
	session := m.MediaSession()
	codec := media.CodecAudioFromSession(session)
	c.mouth = &mouth{
		call: c, out: m.RTPPacketWriter, law: c.phone.voice.of(codec), jobs: make(chan *job),
		keys: slices.Contains(session.CommonCodecs(), media.CodecTelephoneEvent8000),
	}
	m.RTPPacketWriter.ClockDisable() // the mouth has a clock of its own
	var file *recorder
	if dir := c.phone.opts.RecordDir; dir != "" {
		name := fmt.Sprintf("%s-%03d-%s.wav", c.phone.opts.User, c.serial, filepath.Base(c.RemoteNumber()))
		var err error
		if file, err = record(filepath.Join(dir, name)); err != nil {
			c.mediaFailed(err)
		} else {
			c.mu.Lock()
			c.recording = file.name
			c.mu.Unlock()
		}
	}
	c.ear.start()
	var both sync.WaitGroup
	both.Go(c.mouth.run)
	both.Go(func() { c.receive(m.RTPPacketReader, file) })
	return func() {
		c.release()
		both.Wait()
	}
}

// receive hears packets until the socket is closed.
func (c *Call) receive(in *media.RTPPacketReader, file *recorder) {
	if file != nil {
		defer func() {
			if err := file.close(); err != nil {
				c.mediaFailed(err)
			}
		}()
	}
	var (
		buf   = make([]byte, media.RTPBufSize)
		pcm   = make([]int16, 0, media.RTPBufSize)
		order packetOrder
		keys  keyReader
	)
	for {
		n, err := in.Read(buf)
		if err != nil {
			if !errors.Is(err, io.EOF) {
				c.mediaFailed(fmt.Errorf("receive sound: %w", err))
			}
			return
		}
		h := in.PacketHeader
		var law *law
		switch h.PayloadType {
		case media.CodecAudioUlaw.PayloadType:
			law = c.phone.voice.ulaw
		case media.CodecAudioAlaw.PayloadType:
			law = c.phone.voice.alaw
		case media.CodecTelephoneEvent8000.PayloadType:
			if key, ok := keys.read(buf[:n], h.Timestamp); ok {
				c.ear.key(key)
			}
			continue
		default: // comfort noise and the like
			continue
		}
		if n == 0 {
			continue
		}
		lost, ok := order.next(h.SSRC, h.SequenceNumber, h.Timestamp, n)
		if !ok {
			continue
		}
		pcm = pcm[:0]
		for _, b := range buf[:n] {
			pcm = append(pcm, law.decode[b])
		}
		// A switch that falls behind puts its clock forward and goes on where it
		// stopped: only a packet that is missing leaves a hole in what is heard.
		if lost > 0 && order.missing {
			c.ear.lost(lost)
		}
		if c.phone.opts.Keep {
			c.ear.keep(Packet{At: time.Now(), Source: h.SSRC, Clock: h.Timestamp, Sound: slices.Clone(pcm)})
		}
		c.ear.take(pcm)
		if file != nil {
			if err := file.write(lost, pcm); err != nil {
				c.mediaFailed(err)
				_ = file.close() // what is written stays; the first error is kept
				file = nil
			}
		}
	}
}

// packetOrder finds gaps, repetitions and late packets in a stream of RTP.
type packetOrder struct {
	ssrc    uint32
	seq     uint16
	clock   uint32 // expected next
	started bool
	missing bool // a packet before the last one did not come
}

// next says how many samples are missing before a packet, and false if the packet comes too late or twice.
func (o *packetOrder) next(ssrc uint32, seq uint16, clock uint32, samples int) (lost int64, ok bool) {
	missing := false
	if o.started && ssrc == o.ssrc {
		missing = seq != o.seq+1
		if step := int16(seq - o.seq); step <= 0 && step > -100 {
			return 0, false
		}
		if gap := int32(clock - o.clock); gap > 0 && gap <= skipLimit {
			lost = int64(gap)
		}
	}
	*o = packetOrder{ssrc: ssrc, seq: seq, clock: clock + uint32(samples), started: true, missing: missing}
	return lost, true
}

// keyReader reads RFC 4733 events. All packets of one press carry the clock of its beginning.
type keyReader struct {
	clock uint32
	seen  bool
}

// read gives a key with the first packet of each press.
func (k *keyReader) read(payload []byte, clock uint32) (rune, bool) {
	var e media.DTMFEvent
	if media.DTMFDecode(payload, &e) != nil || int(e.Event) >= len(keySymbols) || k.seen && clock == k.clock {
		return 0, false
	}
	k.clock, k.seen = clock, true
	return rune(keySymbols[e.Event]), true
}

// recorder writes what is heard to a WAV file, a second at a time.
type recorder struct {
	name string
	file *os.File
	wav  *audio.WavWriter
	buf  []byte
}

func record(name string) (*recorder, error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, fmt.Errorf("record a call: %w", err)
	}
	w := audio.NewWavWriter(f)
	w.NumChans = 1
	return &recorder{name: name, file: f, wav: w}, nil
}

func (r *recorder) write(lost int64, pcm []int16) error {
	r.buf = append(r.buf, make([]byte, 2*lost)...)
	for _, s := range pcm {
		r.buf = append(r.buf, byte(s), byte(s>>8))
	}
	if len(r.buf) < 16000 {
		return nil
	}
	return r.flush()
}

func (r *recorder) flush() error {
	_, err := r.wav.Write(r.buf)
	r.buf = r.buf[:0]
	if err != nil {
		return fmt.Errorf("record a call: %w", err)
	}
	return nil
}

// close completes the file.
func (r *recorder) close() error {
	err := r.flush()
	if err2 := r.wav.Close(); err2 != nil {
		err = errors.Join(err, fmt.Errorf("complete recording: %w", err2))
	}
	return errors.Join(err, r.file.Close())
}
