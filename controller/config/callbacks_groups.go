package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/callback"
)

// Campaign limits the calls that are made for one occasion; see callback.Campaign.
type Campaign struct {
	Hour     int    `yaml:"hour"`
	Day      int    `yaml:"day"`
	InFlight int    `yaml:"in_flight"`
	Until    string `yaml:"until"` // the last day, by the clocks of the calling hours, or a time with its offset
}

// CostGroup limits the calls to numbers that are charged alike; see
// callback.CostGroup.
type CostGroup struct {
	Prefixes []string `yaml:"prefixes"`
	Types    []string `yaml:"types"`
	Hour     int      `yaml:"hour"`
	Day      int      `yaml:"day"`
}

// campaigns are those of the file, and what is wrong with their until, by name.
func (c Callbacks) campaigns() (all map[string]callback.Campaign, faults map[string]error) {
	for _, name := range slices.Sorted(maps.Keys(c.Campaigns)) {
		is := c.Campaigns[name]
		until, err := endOf(is.Until, c.clocks())
		if err != nil {
			faults = put(faults, name, err)
		}
		all = put(all, name, callback.Campaign{Hour: is.Hour, Day: is.Day, InFlight: is.InFlight, Until: until})
	}
	return all, faults
}

func put[V any](m map[string]V, name string, v V) map[string]V {
	if m == nil {
		m = map[string]V{}
	}
	m[name] = v
	return m
}

// clocks are those by which the file tells days.
func (c Callbacks) clocks() *time.Location {
	if c.hours != nil {
		return c.hours.Location
	}
	return time.UTC
}

// endOf reads the end of a campaign: a time, or a day, which is over at its midnight.
func endOf(text string, clocks *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, clocks); err == nil {
		return time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, clocks), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is neither a day nor a time: write 2027-03-31, or 2027-03-31T18:00:00+03:00", text)
	}
	return at, nil
}

// costGroups are those of the file in the order of their names.
func (c Callbacks) costGroups() []callback.CostGroup {
	var all []callback.CostGroup
	for _, name := range slices.Sorted(maps.Keys(c.CostGroups)) {
		is := c.CostGroups[name]
		all = append(all, callback.CostGroup{Name: name, Prefixes: is.Prefixes, Types: typesOf(is.Types), Hour: is.Hour, Day: is.Day})
	}
	return all
}

func typesOf(names []string) []callback.NumberType {
	var types []callback.NumberType
	for _, name := range names {
		types = append(types, callback.NumberType(name))
	}
	return types
}

var groupName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// groups checks campaigns and cost groups, each at its own place.
func (c *checker) groups() {
	name := func(key, name string) string {
		at := "callbacks." + key + "." + name
		if !groupName.MatchString(name) {
			c.fail(at, "%.80q is no name: use 1 to 64 letters, digits, dots, dashes and underscores", name)
		}
		return at
	}
	campaigns, faults := c.Callbacks.campaigns()
	for _, is := range slices.Sorted(maps.Keys(campaigns)) {
		at := name("campaigns", is)
		if err := campaigns[is].Validate(); err != nil {
			c.fail(at, "%v", err)
		}
		if err := faults[is]; err != nil {
			c.fail(at+".until", "%v", err)
		}
	}
	for _, g := range c.Callbacks.costGroups() {
		at := name("cost_groups", g.Name)
		if err := g.Validate(); err != nil {
			c.fail(at, "%v", err)
		}
	}
}
