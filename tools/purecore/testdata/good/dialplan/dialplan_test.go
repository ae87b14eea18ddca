package dialplan

import (
	"os"
	"time"
)

var _, _ = os.Args, time.Now
