package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/linekeeper/linekeeper/callers/table"
)

func (e *env) callerSetPINCmd() *cobra.Command {
	var random int
	cmd := &cobra.Command{
		Use: "set-pin ACCOUNT", Short: "Give a caller of linekeeper's own table a new PIN", Args: exactly("an ACCOUNT"),
		Long: fmt.Sprintf(`Give a caller of linekeeper's own table a new PIN of %d to %d digits. It is asked for
twice on a terminal, without showing it, or read from the first line of standard
input; with --random it is made up and is the answer. It is never an argument:
others on the machine could see those.`, table.LeastPIN, table.MostPIN),
		RunE: func(cmd *cobra.Command, args []string) error {
			pin := ""
			if random == 0 {
				var err error
				if pin, err = e.readPIN(cmd.InOrStdin()); err != nil {
					return err
				}
			}
			c := e.client()
			defer c.Close()
			set, err := c.SetPIN(cmd.Context(), args[0], pin, random)
			if err != nil {
				return err
			}
			switch {
			case e.output == outJSON:
				return e.writeJSON(set)
			case set.PIN != "":
				_, err = fmt.Fprintf(e.stdout, "%s\tpin_set\t%s\n", set.Account, set.PIN)
			default:
				_, err = fmt.Fprintf(e.stdout, "%s\tpin_set\n", set.Account)
			}
			return err
		},
	}
	cmd.Flags().IntVar(&random, "random", 0, "make up a PIN of so many digits")
	cmd.Flags().Lookup("random").NoOptDefVal = fmt.Sprint(table.LeastPIN)
	return cmd
}

// readPIN reads a PIN from a terminal without showing it, or the first line of what is
// piped.
func (e *env) readPIN(in io.Reader) (string, error) {
	file, is := in.(*os.File)
	if !is || !term.IsTerminal(int(file.Fd())) {
		line, err := bufio.NewReader(io.LimitReader(in, 1024)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the PIN from standard input: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	var typed [2]string
	for i, prompt := range []string{"New PIN: ", "Once more: "} {
		if _, err := fmt.Fprint(e.stderr, prompt); err != nil {
			return "", err
		}
		pin, err := term.ReadPassword(int(file.Fd()))
		if _, lineErr := fmt.Fprintln(e.stderr); err != nil || lineErr != nil {
			return "", fmt.Errorf("read the PIN: %w", errors.Join(err, lineErr))
		}
		typed[i] = string(pin)
	}
	if typed[0] != typed[1] {
		return "", errors.New("the two PINs differ; nothing was changed")
	}
	return typed[0], nil
}
