// Command table prints the table of docs/estimates.md: it plays every family of
// queues with known laws and compares the predictors with the bound.
//
//	go run ./queues/forecast/judge/table [-seeds N] [-first N] [-forks N] [-family NAME] [-others]
package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/queues/forecast"
	"github.com/linekeeper/linekeeper/queues/forecast/judge"
)

func main() {
	seeds := flag.Uint64("seeds", 4, "runs of each family")
	first := flag.Uint64("first", 1, "seed of the first run")
	forks := flag.Int("forks", 100, "rollouts of the bound")
	family := flag.String("family", "", "only families with this in their name")
	others := flag.Bool("others", false, "the families that were made when the forecast was finished")
	live := flag.Bool("live", false, "judge forecast.Live, asked for one place and for all at once")
	flag.Parse()
	families := judge.Families()
	if *others {
		families = judge.Others()
	}
	families = slices.DeleteFunc(families, func(f judge.Family) bool { return !strings.Contains(f.Name, *family) })
	if err := printTable(os.Stdout, families, *first, *seeds, *forks, *live); err != nil {
		fmt.Fprintf(os.Stderr, "table: %v\n", err)
		os.Exit(1)
	}
}

func printTable(out io.Writer, families []judge.Family, first, seeds uint64, forks int, live bool) error {
	if live {
		return printLive(out, families, first, seeds, forks)
	}
	fmt.Fprintln(out, "| family | callers | RMSE of the bound | forecast | QLm | hold time | inside | bias | width |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|---|")
	logs, n := make([]float64, 3), 0.0
	worst := make([]float64, 3)
	for _, f := range families {
		scores, err := judge.Judge(f, first, seeds, forks, func() []judge.Predictor {
			return []judge.Predictor{forecast.New(1), judge.NewQLm(), judge.NewHoldTime()}
		})
		if err != nil {
			return err
		}
		ours := &scores[0]
		fmt.Fprintf(out, "| %s | %.0f | %.1f s | %.3f | %.3f | %.3f | %.1f %% | %+.1f s | %.0f s |\n", f.Name, ours.N,
			ours.RMSE()/ours.Ratio(), ours.Ratio(), scores[1].Ratio(), scores[2].Ratio(), 100*ours.Coverage(), ours.Bias(), ours.Width())
		n++
		for i := range scores {
			logs[i] += math.Log(scores[i].Ratio())
			worst[i] = max(worst[i], scores[i].Ratio())
		}
	}
	mean := func(i int) float64 { return math.Exp(logs[i] / n) }
	fmt.Fprintf(out, "| geometric mean | | | %.3f | %.3f | %.3f | | | |\n", mean(0), mean(1), mean(2))
	fmt.Fprintf(out, "| worst | | | %.3f | %.3f | %.3f | | | |\n", worst[0], worst[1], worst[2])
	return nil
}

// printLive compares the estimates of running hotlines with those of a replay.
func printLive(out io.Writer, families []judge.Family, first, seeds uint64, forks int) error {
	fmt.Fprintln(out, "| family | callers | forecast | one place | all at once | inside | inside | inside |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|")
	logs := make([]float64, 3)
	for _, f := range families {
		scores, err := judge.Judge(f, first, seeds, forks, func() []judge.Predictor {
			all := judge.NewLive()
			all.All = true
			return []judge.Predictor{forecast.New(1), judge.NewLive(), all}
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "| %s | %.0f |", f.Name, scores[0].N)
		for i := range scores {
			fmt.Fprintf(out, " %.3f |", scores[i].Ratio())
			logs[i] += math.Log(scores[i].Ratio()) / float64(len(families))
		}
		for i := range scores {
			fmt.Fprintf(out, " %.1f %% |", 100*scores[i].Coverage())
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "| geometric mean | | %.3f | %.3f | %.3f | | | |\n", math.Exp(logs[0]), math.Exp(logs[1]), math.Exp(logs[2]))
	return nil
}
