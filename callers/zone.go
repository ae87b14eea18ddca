package callers

import (
	"fmt"
	"time"
)

// LoadZone gives the clocks of a time zone by its IANA name, such as Europe/Berlin.
// "" and "Local" are refused: they mean the clocks of this machine, and not those
// of a caller. It reads the zone from the time zone database each time.
func LoadZone(name string) (*time.Location, error) {
	if name != "" && name != "Local" {
		if loc, err := time.LoadLocation(name); err == nil {
			return loc, nil
		}
	}
	return nil, fmt.Errorf("there is no time zone %.80q", name)
}
