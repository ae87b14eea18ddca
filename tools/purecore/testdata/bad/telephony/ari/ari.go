// Package ari is a shell.
package ari

// Client is one.
type Client struct{}
