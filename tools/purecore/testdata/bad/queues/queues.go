package queues

import (
	"sync"     // want "import of sync, which is for goroutines"
	_ "unsafe" // want "import of unsafe, which breaks the rules"
)

var mu sync.Mutex
