package api

import "github.com/linekeeper/linekeeper/callback"

// ShowCallback gives a promise as it is shown everywhere.
func ShowCallback(c callback.Callback) Callback { return showCallback(c) }
