package cli

import (
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/controller/config"
)

// A CRM behind TLS is asked as the configuration says, by a real request.
func TestDirectoryOverHTTPS(t *testing.T) {
	t.Parallel()
	crm := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer s3cret":
			http.Error(w, "who are you?", http.StatusUnauthorized)
		case r.URL.Path == "/customers" && r.URL.Query().Get("phone") == "79161234501":
			_, _ = fmt.Fprint(w, `{"data": {"items": [{"id": 1001, "profile": {"full_name": "Иван"}, "plan": {"code": "gold"}}]}}`)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(crm.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: crm.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	open := func(more string) *directories {
		t.Helper()
		cfg, err := config.Parse("lk.yaml", fmt.Appendf(nil, `
hotlines: x
queues: {support: {}}
callers:
  directories:
    - name: crm
      kind: http
      %s
      ask: {number: {url: "%s/customers?phone={digits}", rows: data.items}}
      columns: {account: id, name: profile.full_name, field.tariff: plan.code}
`, more, crm.URL))
		if err != nil {
			t.Fatal(err)
		}
		d, err := openDirectories(cfg, zap.NewNop())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := d.close(); err != nil {
				t.Error(err)
			}
		})
		return d
	}
	known := open("ca: " + ca + "\n      secrets: {Authorization: Bearer s3cret}")
	records, err := known.chain.ByNumber(t.Context(), "+79161234501")
	if err != nil || len(records) != 1 || records[0].Account != "1001" || records[0].Name != "Иван" || records[0].Fields["tariff"] != "gold" {
		t.Errorf("found %+v, %v", records, err)
	}
	if records, err := known.chain.ByNumber(t.Context(), "+79161234502"); err != nil || len(records) != 0 {
		t.Errorf("a stranger is %+v, %v", records, err)
	}
	for what, more := range map[string]string{"without the authority": "secrets: {Authorization: Bearer s3cret}", "without a login": "ca: " + ca} {
		d := open(more)
		if _, err := d.chain.ByNumber(t.Context(), "+79161234501"); err == nil {
			t.Errorf("%s: the CRM answers", what)
		}
		if detail, err := d.tries[0].try(t.Context()); err == nil {
			t.Errorf("%s: doctor says %s", what, detail)
		}
	}
}
