package cli

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/sources"
)

// lookups are the questions that lookup nodes ask, by name.
type lookups struct {
	sources map[string]sources.Source
	closers []func()
}

// openLookups opens all lookups; nothing is asked. The error names every fault with
// its line.
func openLookups(cfg *config.Config) (*lookups, error) {
	l := &lookups{sources: map[string]sources.Source{}}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(cfg.Lookups)) {
		source, closer, err := cfg.Lookups[name].Open(name)
		if err != nil {
			errs = append(errs, cfg.Fault("lookups."+name, err))
			continue
		}
		l.sources[name] = source
		l.closers = append(l.closers, closer)
	}
	if err := errors.Join(errs...); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func (l *lookups) close() {
	for _, closer := range l.closers {
		closer()
	}
}

// tries are the lookups that can be tried without asking anything: a request may have
// effects, and nobody knows of which inputs.
func (l *lookups) tries() []tried {
	var all []tried
	for _, name := range slices.Sorted(maps.Keys(l.sources)) {
		if query, is := l.sources[name].(*sources.SQL); is {
			all = append(all, tried{name, func(ctx context.Context) (string, error) {
				return "the database reads the query", query.Check(ctx)
			}})
		}
	}
	return all
}

// offered is what the configuration has that documents may name.
func offered(cfg *config.Config) dialplan.Known {
	k := dialplan.Known{
		Lookups: map[string]dialplan.Shape{}, Hooks: slices.Sorted(maps.Keys(cfg.Hooks)), Agents: slices.Sorted(maps.Keys(cfg.Agents)),
		Hosts: cfg.Transfers.Hosts, Numbers: cfg.Transfers.Prefixes,
	}
	for name, l := range cfg.Lookups {
		k.Lookups[name] = l.Shape(name)
	}
	return k
}
