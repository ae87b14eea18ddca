package sub

import "os"

var _ = os.Args
