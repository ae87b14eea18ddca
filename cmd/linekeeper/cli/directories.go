package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/callers/chain"
	"github.com/linekeeper/linekeeper/callers/csvfile"
	"github.com/linekeeper/linekeeper/callers/remote"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/sources"
)

// directories are those of the configuration, opened. Nothing that is on another
// machine is asked before the first look-up.
type directories struct {
	chain *chain.Chain
	files map[string]*csvfile.Directory
	table tableDirectory
	// hasTable says that linekeeper's own table is among them.
	hasTable bool
	tries    []tried
	log      *zap.Logger

	closers []func() error
}

// tried is a directory that doctor asks.
type tried struct {
	name string
	try  func(context.Context) (detail string, err error)
}

// tableDirectory is linekeeper's own table. It knows nobody until its database is
// open, which comes later.
type tableDirectory struct{ inner callers.Directory }

func (d *tableDirectory) ByNumber(ctx context.Context, number string) ([]callers.Record, error) {
	if d.inner == nil {
		return nil, nil
	}
	return d.inner.ByNumber(ctx, number)
}

func (d *tableDirectory) ByAccount(ctx context.Context, account string) (callers.Record, bool, error) {
	if d.inner == nil {
		return callers.Record{}, false, nil
	}
	return d.inner.ByAccount(ctx, account)
}

func (d *tableDirectory) ByCode(ctx context.Context, code string) (callers.Record, bool, error) {
	if d.inner == nil {
		return callers.Record{}, false, nil
	}
	return d.inner.ByCode(ctx, code)
}

// openDirectories opens all directories. The error names every fault with its line.
func openDirectories(cfg *config.Config, log *zap.Logger) (_ *directories, err error) {
	d := &directories{files: map[string]*csvfile.Directory{}, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close())
		}
	}()
	var errs []error
	var links []chain.Link
	for i, c := range cfg.Callers.All() {
		dir, err := d.open(cfg, cfg.Callers.KeyOf(i), c)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		known, stranger := c.Ages()
		links = append(links, chain.Link{
			Name: c.Name, Directory: dir, Timeout: c.Timeout,
			Cache:    chain.Cache{Size: c.Cache.Size, Known: known, Stranger: stranger},
			Breaker:  chain.Breaker{Failures: c.Rest.After, Rest: c.Rest.For},
			StandsIn: c.StandsIn, NoAccounts: !c.Asks("account"), NoCodes: !c.Asks("code"),
		})
	}
	if err := errors.Join(errs...); err != nil {
		return d, err
	}
	d.chain, err = chain.New(chain.Options{Links: links, Budget: cfg.Callers.Budget})
	return d, err
}

func (d *directories) open(cfg *config.Config, key string, c config.Directory) (callers.Directory, error) {
	switch c.Kind {
	case config.DirectoryCSV:
		file, err := csvfile.Load(c.File, cfg.Region)
		if err != nil {
			return nil, err
		}
		d.files[c.Name] = file
		d.tries = append(d.tries, tried{c.Name, func(context.Context) (string, error) {
			return plural(file.Len(), "caller") + " in " + c.File, nil
		}})
		return file, nil
	case config.DirectoryTable:
		d.hasTable = true
		return &d.table, nil
	}
	sources, err := d.sources(cfg, key, c)
	if err != nil {
		return nil, err
	}
	dir, err := remote.New(remote.Options{
		Name: c.Name, ByNumber: sources["number"], ByAccount: sources["account"], ByCode: sources["code"],
		Columns: c.Columns, Region: cfg.Region,
		Trouble: func(err error) { d.log.Warn("a record of a caller cannot be read in full", zap.Error(err)) },
	})
	if err != nil {
		return nil, cfg.Fault(key, err)
	}
	d.tries = append(d.tries, tried{c.Name, func(ctx context.Context) (string, error) { return tryRemote(ctx, c, sources) }})
	return dir, nil
}

// sources makes a source of each question of a directory.
func (d *directories) sources(cfg *config.Config, key string, c config.Directory) (map[string]sources.Source, error) {
	ask, err := d.connect(cfg, key, c)
	if err != nil {
		return nil, err
	}
	made := map[string]sources.Source{}
	var errs []error
	for _, by := range slices.Sorted(maps.Keys(c.Ask)) {
		source, err := ask(c.Ask[by])
		if err != nil {
			errs = append(errs, cfg.Fault(key+".ask."+by, err))
			continue
		}
		made[by] = source
	}
	return made, errors.Join(errs...)
}

// connect prepares what the questions of a directory have in common.
func (d *directories) connect(cfg *config.Config, key string, c config.Directory) (ask func(config.Question) (sources.Source, error), err error) {
	if c.Kind == config.DirectorySQL {
		password, err := c.Password.Reveal()
		if err != nil {
			return nil, cfg.Fault(key+".password", err)
		}
		db, err := sources.OpenDatabase(sources.DatabaseOptions{URL: c.URL, Password: password, CA: c.CA, MaxConns: c.MaxConns})
		if err != nil {
			return nil, cfg.Fault(key, err)
		}
		d.closers = append(d.closers, db.Close)
		return func(q config.Question) (sources.Source, error) {
			return orNil(sources.NewSQL(db, sources.SQLOptions{Name: c.Name, Query: q.Query, Timeout: c.Timeout}))
		}, nil
	}
	client, err := sources.NewClient(sources.ClientOptions{CA: c.CA, Cert: c.Cert, Key: c.Key, MaxConns: c.MaxConns})
	if err != nil {
		return nil, cfg.Fault(key, err)
	}
	d.closers = append(d.closers, func() error { client.Close(); return nil })
	secrets := map[string]string{}
	for name, secret := range c.Secrets {
		if secrets[name], err = secret.Reveal(); err != nil {
			return nil, cfg.Fault(key+".secrets."+name, err)
		}
	}
	fields := map[string]string{}
	for _, path := range c.Columns {
		fields[path] = path
	}
	return func(q config.Question) (sources.Source, error) {
		return orNil(sources.NewHTTP(client, sources.HTTPOptions{
			Name: c.Name, Method: q.Method, URL: q.URL, Headers: c.Headers, Secrets: secrets, JSON: q.JSON, Form: q.Form,
			Rows: q.Rows, Fields: fields, Timeout: c.Timeout,
		}))
	}, nil
}

// orNil keeps a nil pointer from becoming a source that is there.
func orNil[S sources.Source](source S, err error) (sources.Source, error) {
	if err != nil {
		return nil, err
	}
	return source, nil
}

// tryRemote asks the questions of a directory about somebody whom nobody knows.
func tryRemote(ctx context.Context, c config.Directory, asked map[string]sources.Source) (string, error) {
	nobody := map[string]string{
		remote.InputNumber: "+70000000000", remote.InputDigits: "70000000000", remote.InputAccount: "0", remote.InputCode: "0",
	}
	for _, by := range slices.Sorted(maps.Keys(asked)) {
		source := asked[by]
		var err error
		if query, is := source.(*sources.SQL); is {
			err = query.Check(ctx)
		} else {
			_, err = source.Fetch(ctx, nobody)
		}
		if err != nil {
			return "", fmt.Errorf("by %s: %w", by, err)
		}
	}
	return fmt.Sprintf("%s answers %s", c.Kind, plural(len(asked), "question")), nil
}

// run reads files of callers again when they were written, until ctx ends.
func (d *directories) run(ctx context.Context, met *controller.Metrics) error {
	parts := map[string]func(context.Context) error{"directories": func(ctx context.Context) error { <-ctx.Done(); return nil }}
	for name, file := range d.files {
		met.DirectoryFile(name, file.Len(), false)
		parts["file of callers "+name] = func(ctx context.Context) error {
			return file.Run(ctx, func(err error) {
				met.DirectoryFile(name, file.Len(), err != nil)
				if err != nil {
					d.log.Error("the file of callers cannot be used as it is now; the records read before stay in use", zap.String("directory", name), zap.Error(err))
					return
				}
				d.log.Info("the file of callers was read anew", zap.String("directory", name), zap.Int("records", file.Len()))
			})
		}
	}
	return runAll(ctx, parts)
}

// records is how many callers are in files.
func (d *directories) records() int {
	n := 0
	for _, file := range d.files {
		n += file.Len()
	}
	return n
}

// close ends the questions under way and then the connections.
func (d *directories) close() error {
	if d.chain != nil {
		d.chain.Close()
	}
	var errs []error
	for _, closer := range d.closers {
		errs = append(errs, closer())
	}
	return errors.Join(errs...)
}
