package doctor

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
)

// The oldest major version that linekeeper works with, and the first of branch
// fixedMajor in which the advisories below are closed. Which versions of other
// branches have the same fix is not known here.
const (
	oldestMajor = 20
	fixedMajor  = 22
	fixedMinor  = 10
	fixedPatch  = 1

	advisories = "GHSA-vrfp-mg3q-3959 (ARI may run dangerous functions) and GHSA-wcvv-g26m-wx5c (a read-only ARI account may act)"
)

var versionPattern = regexp.MustCompile(`^(?:GIT-)?(?:certified[/-])?(\d+)(?:\.(\d+))?(?:\.(\d+))?`)

func checkVersion(_ context.Context, p *patient) []Finding {
	const what = "version"
	if p.version == "" {
		return skip(what, "ARI does not tell it")
	}
	m := versionPattern.FindStringSubmatch(p.version)
	if m == nil {
		return one(Warn, what, fmt.Sprintf("%q cannot be read", p.version), "")
	}
	major, minor, patch := part(m[1]), part(m[2]), part(m[3])
	const near = "update Asterisk; until then keep ARI on this machine (http.conf: bindaddr = 127.0.0.1) and give accounts in ari.conf to nobody else"
	switch {
	case major < oldestMajor:
		return one(Fail, what, fmt.Sprintf("Asterisk %s is older than %d", p.version, oldestMajor), fmt.Sprintf("update to Asterisk %d.%d.%d or later", fixedMajor, fixedMinor, fixedPatch))
	case major == fixedMajor && (minor < fixedMinor || minor == fixedMinor && patch < fixedPatch):
		return one(Warn, what, fmt.Sprintf("Asterisk %s has open holes: %s; %d.%d.%d closes them", p.version, advisories, fixedMajor, fixedMinor, fixedPatch), near)
	case major != fixedMajor:
		return one(Warn, what, fmt.Sprintf("Asterisk %s: compare with %s, closed in %d.%d.%d and in what was released beside it", p.version, advisories, fixedMajor, fixedMinor, fixedPatch), near)
	}
	return []Finding{ok(what, "Asterisk "+p.version)}
}

// part reads a part of a version; the pattern leaves digits or nothing.
func part(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
