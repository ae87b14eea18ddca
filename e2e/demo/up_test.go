package main

import (
	"encoding/binary"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/prompts/marks"
)

// unused is a SIP port that nobody has at the moment.
func unused(t *testing.T) string {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	port := conn.LocalAddr().(*net.UDPAddr).Port
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	return strconv.Itoa(port)
}

// John registers with the account that up prints for him, is greeted in Russian as everybody
// is, then in English, and both can be heard.
func TestUpSpeaks(t *testing.T) {
	port := unused(t)
	r := launch(t, build(t), []string{"SIP_PORT=" + port}, "up")
	r.until("secret1003")
	r.until("logs: ")
	_, log, _ := strings.Cut(r.said[len(r.said)-1], "logs: ")
	phone, err := softphone.New(t.Context(), softphone.Options{
		User: johnNumber, Password: "secret1003", Server: "127.0.0.1:" + port, RecordDir: t.TempDir(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := phone.Register(t.Context()); err != nil {
		t.Fatal(err)
	}
	call, err := phone.Call(t.Context(), "600")
	if err != nil {
		t.Fatal(err)
	}
	r.until("John: known by the number")
	if err := call.Press(t.Context(), "9"); err != nil { // end the call
		t.Fatal(err)
	}
	if end, err := call.WaitEnded(t.Context()); err != nil || end.By != softphone.Them {
		t.Errorf("ended %v, %v", end, err)
	}
	r.until("John: call ended, result ivr")
	if loud := spoken(t, call.Recording()); loud < 2*time.Second {
		t.Errorf("only %v of speech were heard", loud)
	}
	said, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(said), "could not be spoken") {
		t.Errorf("the voice failed:\n%s", said)
	}
	if err := phone.Close(); err != nil {
		t.Error(err)
	}
	if err := r.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code := r.end(); code != 0 {
		t.Errorf("exit code %d: %s", code, r.err.String())
	}
}

// spoken is for how long a recording is not silent.
func spoken(t *testing.T, file string) time.Duration {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil || len(data) < 44 {
		t.Fatalf("recording %q of %d bytes: %v", file, len(data), err)
	}
	const header, packet = 44, 160
	samples := make([]int16, (len(data)-header)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(data[header+2*i:]))
	}
	loud := 0
	for ; len(samples) >= packet; samples = samples[packet:] {
		if marks.Loud(samples[:packet]) {
			loud += packet
		}
	}
	return time.Duration(loud) * time.Second / marks.Rate
}

func TestATakenPortIsNamed(t *testing.T) {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	taken := conn.LocalAddr().(*net.UDPAddr).Port
	for value, want := range map[string]string{
		strconv.Itoa(taken): "SIP_PORT=" + strconv.Itoa(taken+10) + " make up",
		"telephone":         "1 to 65535", "0": "1 to 65535", "65536": "1 to 65535",
	} {
		t.Setenv("SIP_PORT", value)
		if port, err := freePort(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("SIP_PORT=%s gives %d, %v; want a word of %q", value, port, err, want)
		}
	}
}

func TestPeopleOfTheDirectory(t *testing.T) {
	people, err := readPeople("../../demo/callers.md")
	if err != nil || len(people) != 4 {
		t.Fatalf("%v, %v", people, err)
	}
	if want := (entry{"Иван Петров", ivanNumber, "1001", ivanPIN, "ru"}); people[0] != want {
		t.Errorf("%v, want %v", people[0], want)
	}
}
