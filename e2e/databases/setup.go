package databases

import (
	"context"
	"fmt"
	"io"

	"github.com/linekeeper/linekeeper/e2e/obtain"
)

// Install is where the servers are. All paths are absolute.
type Install struct {
	PostgresBin  string // folder with initdb and postgres
	MariaDBBin   string // folder with mariadbd
	MariaDBShare string // what mariadbd reads
}

// Setup finds or unpacks the servers with demo/setup/databases.sh, which needs the
// network the first time and takes milliseconds later; see obtain.Run.
func Setup(ctx context.Context, progress io.Writer) (Install, error) {
	var in Install
	fields := map[string]*string{"POSTGRES_BIN": &in.PostgresBin, "MARIADB_BIN": &in.MariaDBBin, "MARIADB_SHARE": &in.MariaDBShare}
	if err := obtain.Run(ctx, progress, fields, "databases.sh"); err != nil {
		return Install{}, fmt.Errorf("obtain databases: %w", err)
	}
	if in.PostgresBin == "" || in.MariaDBBin == "" || in.MariaDBShare == "" {
		return Install{}, fmt.Errorf("obtain databases: the set-up script printed no complete answer: %+v", in)
	}
	return in, nil
}
