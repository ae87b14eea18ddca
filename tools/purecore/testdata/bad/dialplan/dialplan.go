package dialplan

import (
	"fmt"
	. "math" // want "import of math without a name"
	"math/rand/v2"
	"net/http" // want "import of net/http, which reaches the network"
	clock "time"

	"example.org/house/bad/prompts"
	"example.org/house/bad/telephony/ari" // want "import of example.org/house/bad/telephony/ari, which is not pure"
)

var events chan int // want "a channel"

func start() {
	go later()                  // want "a goroutine is started"
	fmt.Println(Pi)             // want "fmt.Println writes to the terminal"
	_ = fmt.Sprint(clock.Now()) // want "time.Now reads the clock"
	clock.Sleep(1)              // want "time.Sleep waits"
	_ = rand.IntN(3)            // want "rand.IntN has no seed"
	_ = http.StatusOK
	_ = prompts.Open
	_ = ari.Client{}
}

func later() {
	_ = make(chan int) // want "a channel"
	println("x")       // want "println writes to the terminal"
	panic("x")         // want "a panic"
}
