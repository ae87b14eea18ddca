package main

import "strings"

// denied are packages of the standard library that reach the world, hold locks
// or are not the same twice. What is below them is denied too.
var denied = map[string]string{
	"net":         "reaches the network",
	"os":          "reaches the system",
	"syscall":     "reaches the system",
	"runtime":     "reaches the scheduler",
	"plugin":      "loads code",
	"database":    "reaches a database",
	"log":         "logs; return an error or an event instead",
	"sync":        "is for goroutines, and an engine has none",
	"unsafe":      "breaks the rules of the language",
	"io/ioutil":   "reaches files",
	"crypto/rand": "is not the same twice; take what is random as an argument",
	"C":           "is another language",
}

// granted are the modules of others that an engine may use: they compute.
var granted = []string{
	"github.com/expr-lang/expr",
	"github.com/nyaruka/phonenumbers",
	"go.yaml.in/yaml",
	"golang.org/x/crypto",
	"golang.org/x/text",
}

// shells are our own packages that reach the world. What is below them is too.
var shells = []string{
	"api", "cmd", "controller", "store",
	"telephony/ami", "telephony/ari", "telephony/esl", "telephony/simswitch", "telephony/switchtest",
}

// forbidden says why package from may not import path, "" when it may.
func forbidden(path, from string) string {
	module := moduleOf(from)
	switch {
	case module != "" && within(path, module):
		for _, shell := range shells {
			if within(path, module+"/"+shell) {
				return "import of " + path + ", which is not pure"
			}
		}
		return ""
	case strings.Contains(firstOf(path), "."):
		for _, m := range granted {
			if within(path, m) {
				return ""
			}
		}
		return "import of " + path + ", which is not on the list of modules that only compute"
	}
	for name, why := range denied {
		if within(path, name) {
			return "import of " + path + ", which " + why
		}
	}
	return ""
}

// moduleOf is the module that a package of ours belongs to, which has three
// elements.
func moduleOf(path string) string {
	parts := strings.SplitN(path, "/", 4)
	if len(parts) < 3 {
		return ""
	}
	return strings.Join(parts[:3], "/")
}

func firstOf(path string) string {
	first, _, _ := strings.Cut(path, "/")
	return first
}

func within(path, root string) bool {
	return path == root || strings.HasPrefix(path, root+"/")
}

// impure says what is wrong with using name of package path, "" when nothing is.
func impure(path, name string) string {
	switch path {
	case "time":
		switch name {
		case "Now", "Since", "Until":
			return "time." + name + " reads the clock; take the time as an argument"
		case "Sleep", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick":
			return "time." + name + " waits; give out what is to happen later as a value"
		}
	case "math/rand", "math/rand/v2":
		switch name {
		case "New", "NewSource", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "Source", "Source64", "PCG", "ChaCha8", "Zipf":
			return ""
		}
		return "rand." + name + " has no seed; take a *rand.Rand as an argument"
	case "fmt":
		switch name {
		case "Print", "Printf", "Println":
			return "fmt." + name + " writes to the terminal"
		}
	}
	return ""
}
