package remote

import (
	"database/sql"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// makeSQLite makes a database with a customer.
func makeSQLite(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "crm.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), `
		CREATE TABLE customers (account TEXT, number TEXT, name TEXT, balance TEXT, currency TEXT, vip BOOLEAN, code TEXT, "field.tariff" TEXT);
		INSERT INTO customers VALUES ('1001', '+79161234501', 'Иван', '1523.50', 'RUB', 1, '7777', 'gold'), ('1002', NULL, 'Анна', NULL, NULL, 0, NULL, NULL);`)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}
