// Package asteriskconf holds Asterisk configuration: in dropin the few lines
// that an existing Asterisk needs for linekeeper, in complete the templates of
// the whole configuration that the demo and the end-to-end tests run.
package asteriskconf

import "embed"

// FS holds the folders dropin (plain files) and complete (text/template files
// named NAME.conf.tmpl, whose data is documented in complete/README.md).
//
//go:embed dropin complete
var FS embed.FS
