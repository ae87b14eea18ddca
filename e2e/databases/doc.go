// Package databases runs a PostgreSQL and a MariaDB of its own for tests, from the
// packages that demo/setup/databases.sh unpacks.
package databases
