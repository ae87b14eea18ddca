package prompts

import "os" // want "import of os, which reaches the system; an engine imports this package"

var Open = os.Open
