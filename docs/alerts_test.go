package docs_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// alert is a rule of docs/alerts.yml.
type alert struct {
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

func alerts(t *testing.T) []alert {
	t.Helper()
	var file struct {
		Groups []struct {
			Name  string  `yaml:"name"`
			Rules []alert `yaml:"rules"`
		} `yaml:"groups"`
	}
	dec := yaml.NewDecoder(strings.NewReader(read(t, "docs/alerts.yml")))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		t.Fatal(err)
	}
	var all []alert
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	if len(all) == 0 {
		t.Fatal("docs/alerts.yml has no rules")
	}
	return all
}

// labelsOfMetrics are the labels of each metric, as docs/deployer.md has them.
func labelsOfMetrics(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	row := regexp.MustCompile("(?m)^\\| `(linekeeper_[a-z_]+)` \\|([^|]*)\\|([^|]*)\\|")
	for _, m := range row.FindAllStringSubmatch(section(t, "docs/deployer.md", "## Metrics"), -1) {
		labels := strings.FieldsFunc(m[2], func(r rune) bool { return r == ',' || r == ' ' })
		if strings.Contains(m[3], "histogram") {
			found[m[1]+"_bucket"] = append(slices.Clone(labels), "le")
			found[m[1]+"_sum"], found[m[1]+"_count"] = labels, labels
			continue
		}
		found[m[1]] = labels
	}
	return found
}

// What Prometheus is asked for must be there: it does not say when it is not.
func TestAlertsAskForWhatIsMeasured(t *testing.T) {
	t.Parallel()
	metrics := labelsOfMetrics(t)
	name := regexp.MustCompile(`linekeeper_[a-z_]+(\{[^}]*\})?`)
	matcher := regexp.MustCompile(`([a-z_]+) *(?:=~|!~|!=|=) *"[^"]*"`)
	by := regexp.MustCompile(`by \(([^)]*)\)`)
	for _, a := range alerts(t) {
		asked := []string{}
		for _, m := range name.FindAllString(a.Expr, -1) {
			metric, selector, _ := strings.Cut(m, "{")
			labels, known := metrics[metric]
			if !known {
				t.Errorf("%s asks for %s, which is not measured", a.Alert, metric)
				continue
			}
			asked = append(asked, labels...)
			for _, l := range matcher.FindAllStringSubmatch(selector, -1) {
				if !slices.Contains(labels, l[1]) {
					t.Errorf("%s: %s has no label %q, it has %v", a.Alert, metric, l[1], labels)
				}
			}
		}
		for _, group := range by.FindAllStringSubmatch(a.Expr, -1) {
			for _, l := range strings.Split(group[1], ",") {
				if !slices.Contains(asked, strings.TrimSpace(l)) {
					t.Errorf("%s groups by %q, which none of its metrics has", a.Alert, l)
				}
			}
		}
		for _, l := range regexp.MustCompile(`\$labels\.([a-z_]+)`).FindAllStringSubmatch(a.Annotations["summary"], -1) {
			if !slices.Contains(asked, l[1]) {
				t.Errorf("the summary of %s names the label %q, which none of its metrics has", a.Alert, l[1])
			}
		}
		if strings.Count(a.Expr, "(") != strings.Count(a.Expr, ")") || len(asked) == 0 && !strings.Contains(a.Expr, "linekeeper_") {
			t.Errorf("%s: %q cannot be meant", a.Alert, a.Expr)
		}
	}
}

func TestAlertsAreExplained(t *testing.T) {
	t.Parallel()
	row := regexp.MustCompile("(?m)^\\| `(Linekeeper[A-Za-z]+)` \\| ([a-z]+) \\|")
	var documented, coded []string
	for _, m := range row.FindAllStringSubmatch(section(t, "docs/deployer.md", "## Alerts"), -1) {
		documented = append(documented, m[1]+" "+m[2])
	}
	for _, a := range alerts(t) {
		coded = append(coded, a.Alert+" "+a.Labels["severity"])
		if s := a.Labels["severity"]; s != "page" && s != "ticket" || a.Annotations["summary"] == "" {
			t.Errorf("%s has the severity %q and the summary %q", a.Alert, s, a.Annotations["summary"])
		}
		if _, err := time.ParseDuration(a.For); a.For != "" && err != nil {
			t.Errorf("%s: for: %v", a.Alert, err)
		}
	}
	if diff := cmp.Diff(coded, documented); diff != "" {
		t.Errorf("docs/deployer.md does not explain the alerts (-rules +document):\n%s", diff)
	}
}
