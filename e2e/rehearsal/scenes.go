package rehearsal

import (
	"context"
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/prompts"
)

// words are those by which the scenes know what they hear.
type words struct {
	lang, hotline, number       string
	known, pin                  string // a caller with a record
	greet, hello, menu, balance string
	order, noted, found         string
	thanks, bye                 string
}

var languages = []words{
	{
		lang: prompts.English, hotline: "english", number: "600", known: "+79161234504", pin: "4711",
		greet: "Welcome to", hello: "Good day", menu: "For your balance", balance: "Your balance is", order: "Enter the number of",
		noted: "We have noted", found: "Your order was", thanks: "Thank you for", bye: "Good bye and",
	},
	{
		lang: prompts.Russian, hotline: "russian", number: "601", known: "+79161234501", pin: "2580",
		greet: "Добро пожаловать", hello: "Добрый день", menu: "Баланс", balance: "Ваш баланс", order: "Введите номер вашего",
		noted: "Мы записали", found: "Ваш заказ", thanks: "Спасибо за", bye: "Всего доброго",
	},
}

func (w words) message(key prompts.Key, args ...any) string {
	return prompts.Message(w.lang, key, args...)
}

// caller plays one scene.
type caller struct {
	r            *rehearsal
	ctx          context.Context
	words        words
	name, number string

	phone *softphone.Phone
	call  *softphone.Call
	err   error // the first thing that did not come about; then nothing is done any more

	cuts  []time.Time // when an agent came
	ended time.Time   // when the other side hung up
}

type scene struct {
	name string
	play func(*caller)
	from func(*caller) string // the number that calls; nil: one of its own
}

var scenes = []scene{
	{name: "menu", play: (*caller).menus},
	{name: "known", play: (*caller).known, from: func(c *caller) string { return c.words.known }},
	{name: "slow directory", play: (*caller).slowDirectory, from: func(c *caller) string { return c.number[:len(c.number)-2] + slowly }},
	{name: "slow warehouse", play: (*caller).slowWarehouse},
	{name: "line", play: (*caller).line},
	{name: "called back", play: (*caller).calledBack},
}

// spoken are the scenes of a voice that no phone understands: they go by what is
// quiet.
var spoken = []scene{
	{name: "menu", play: (*caller).menusSpoken},
	{name: "known", play: (*caller).knownSpoken, from: func(c *caller) string { return c.words.known }},
	{name: "line", play: (*caller).lineSpoken},
}

func (c *caller) play(sc scene) error {
	if sc.from != nil {
		c.number = sc.from(c)
	}
	var err error
	if c.phone, err = c.r.Phone(c.ctx, softphone.Options{User: c.number, Keep: true}); err != nil {
		return err
	}
	if c.call, err = c.phone.Call(c.ctx, c.words.number); err != nil {
		return err
	}
	c.r.watch(c.phone)
	c.does(sc.play)
	_ = c.call.Hangup(c.ctx) // it may be over
	if c.err == nil {
		c.err = c.r.judge(c, c.cuts)
	}
	return c.err
}

func (c *caller) does(play func(*caller)) {
	play(c)
	if c.err == nil {
		c.err = c.call.MediaErr()
	}
}

// hears waits for words.
func (c *caller) hears(text string) {
	if c.err == nil {
		_, c.err = c.call.WaitHearText(c.ctx, text)
	}
}

// presses waits until the words are well begun.
func (c *caller) presses(keys string) {
	if c.err != nil {
		return
	}
	select {
	case <-time.After(600 * time.Millisecond):
		c.err = c.call.Press(c.ctx, keys)
	case <-c.ctx.Done():
		c.err = context.Cause(c.ctx)
	}
}

// talks waits for the agent and until the agent is gone.
func (c *caller) talks() {
	if c.err != nil {
		return
	}
	began, err := c.call.WaitToneBegan(c.ctx, agentTone)
	if err != nil {
		c.err = err
		return
	}
	c.cuts = append(c.cuts, began)
}

func (c *caller) isLetGo() {
	if c.err == nil {
		_, c.err = c.call.WaitEnded(c.ctx)
		c.ended = time.Now()
	}
}

// menus hears a menu to its end, presses a wrong key, interrupts, and keys in a
// number that is read back.
func (c *caller) menus() {
	w := c.words
	c.hears(w.greet)
	c.hears(w.menu)
	c.presses("8")
	c.hears(w.message(prompts.KeyNotUnderstood))
	c.hears(w.menu)
	c.presses("2")
	c.hears(w.order)
	c.presses("12345")
	c.hears(w.message(prompts.KeyConfirmEntry))
	c.presses("1")
	c.hears(w.noted)
	c.hears(w.menu)
}

func (c *caller) known() {
	w := c.words
	c.hears(w.greet)
	c.hears(w.hello)
	c.hears(w.menu)
	c.presses("1")
	c.hears(w.message(prompts.KeyEnterPIN))
	c.presses(w.pin)
	c.hears(w.balance)
	c.hears(w.menu)
}

func (c *caller) slowDirectory() {
	c.hears(c.words.greet)
	c.hears(c.words.menu)
}

func (c *caller) slowWarehouse() {
	w := c.words
	c.hears(w.menu)
	c.presses("4")
	c.hears(w.message(prompts.KeyOneMoment))
	c.hears(w.found)
	c.hears(w.menu)
}

func (c *caller) line() {
	w := c.words
	c.hears(w.menu)
	c.presses("3")
	c.talks()
	c.hears(w.thanks)
	c.isLetGo()
}

// calledBack asks for a call, and takes it.
func (c *caller) calledBack() {
	w := c.words
	wanted := make(chan *softphone.Call, 1)
	c.r.mu.Lock()
	c.r.waiting[c.number] = wanted
	c.r.mu.Unlock()
	c.hears(w.menu)
	c.presses("5")
	c.presses("1")
	c.hears(w.bye)
	c.isLetGo()
	if c.err != nil {
		return
	}
	var back *softphone.Call
	select {
	case back = <-wanted:
	case <-c.ctx.Done():
		c.err = fmt.Errorf("wait for the call back: %w", context.Cause(c.ctx))
		return
	}
	if c.err = c.r.judge(c, nil); c.err != nil {
		return
	}
	if c.err = back.Answer(c.ctx); c.err != nil {
		return
	}
	c.call, c.ended = back, time.Time{}
	c.hears(w.message(prompts.KeyPressOneToConnect))
	c.presses("1")
	c.talks()
	c.hears(w.message(prompts.KeyAgentLeft))
	c.isLetGo()
}

// hearsOut waits until what is being said is over. A pause of the speaker is shorter.
func (c *caller) hearsOut() {
	const quiet = 800 * time.Millisecond
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for c.err == nil {
		select {
		case <-tick.C:
			if !c.call.FirstSoundAt().IsZero() && c.call.QuietFor() >= quiet {
				return
			}
		case <-c.call.Done():
			return
		case <-c.ctx.Done():
			c.err = context.Cause(c.ctx)
		}
	}
}

// menusSpoken is menus with a voice.
func (c *caller) menusSpoken() {
	for _, keys := range []string{"2", "12345", "1"} {
		c.hearsOut()
		c.presses(keys)
	}
	c.hearsOut()
}

// knownSpoken hears its name and its balance.
func (c *caller) knownSpoken() {
	for _, keys := range []string{"1", c.words.pin} {
		c.hearsOut()
		c.presses(keys)
	}
	c.hearsOut()
}

// lineSpoken waits for the agent.
func (c *caller) lineSpoken() {
	c.hearsOut()
	c.presses("3")
	c.talks()
	c.isLetGo()
}
