#!/usr/bin/env bash
# Provides PostgreSQL and MariaDB for tests of callers' directories, without root
# and without Docker, and prints where they are as KEY=VALUE lines.
#
# Debian's packages are fetched and unpacked as asterisk.sh does it, into the
# same cache and with the same settings; see there. No server is started.
#
# Progress goes to stderr, so stdout can be read by a program.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
suite=${LINEKEEPER_DEBIAN_SUITE:-forky}
layout=1 # raise it when unpacked trees of an older script must not be reused

say() { echo "$*" >&2; }
die() { echo "databases.sh: $*" >&2; exit 1; }

# shellcheck source=demo/setup/cache.sh
. "$here/cache.sh"
# shellcheck source=demo/setup/debian.sh
. "$here/debian.sh"

[ $# = 0 ] || die "unknown argument '$1'; usage: databases.sh"

cache=$(cache_folder)
tree databases postgresql mariadb-server-core
say "PostgreSQL and MariaDB ready ($tree_state)"

cat <<END
POSTGRES_BIN=$(echo "$tree"/usr/lib/postgresql/*/bin)
MARIADB_BIN=$tree/bin
MARIADB_SHARE=$tree/usr/share/mariadb
END
