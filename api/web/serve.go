package web

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/linekeeper/linekeeper/api"
)

// Serve answers on l until ctx ends, gives requests under way five seconds, and
// closes l. Strangers get no time to be slow in. It returns nil when ctx ended it.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	err := api.ServeBy(ctx, l, &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 45 * time.Second,
		IdleTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10,
		ErrorLog: log.New(io.Discard, "", 0), // strangers who break off a handshake are no news
	})
	if err != nil {
		return fmt.Errorf("forms: %w", err)
	}
	return nil
}
