package voice

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/linekeeper/linekeeper/prompts/marks"
)

// Marks is the Engine for tests on a real switch: instead of speech each text
// becomes a tone code that a listener can read, and a hum as long as speech.
type Marks struct{}

// Identity names the engine.
func (Marks) Identity(string) string { return "marks 1" }

// Render gives the mark and the hum of a text; the language changes nothing.
func (Marks) Render(_ context.Context, _, text string) (Sound, error) {
	return Sound{Rate: Rate, Samples: marks.Speech(text), Finished: true}, nil
}

// Lexicon reads the texts that a Cache with the engine Marks has rendered into
// dir so far, by their codes. Two texts with the same code are an error.
func Lexicon(dir string) (map[uint32]string, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return nil, fmt.Errorf("list the lexicon: %w", err)
	}
	texts := make(map[uint32]string, len(paths))
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read the lexicon: %w", err)
		}
		text := string(data)
		code := marks.Code(text)
		if other, taken := texts[code]; taken && other != text {
			return nil, fmt.Errorf("read the lexicon: %q and %q have the same code %06x", other, text, code)
		}
		texts[code] = text
	}
	return texts, nil
}
