package dialplan

import (
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/prompts"
)

func (c *call) do(a Action) { c.out = append(c.out, a) }

func (c *call) note(kind string, data map[string]any) { c.do(Note{Type: kind, Data: data}) }

// say speaks in a language; texts that are "" are left out. When none is left, for
// all was about what is not known, nothing is heard, and its Spoken comes at once.
func (c *call) say(lang string, texts ...string) {
	texts = slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return t == "" })
	c.music(false)
	c.s.Seq++
	c.s.Saying = c.s.Seq
	c.do(Say{Seq: c.s.Seq, Language: lang, Texts: texts})
}

// hush ends speech at once.
func (c *call) hush() {
	if c.s.Saying != 0 {
		c.s.Saying = 0
		c.do(StopSpeech{})
	}
}

func (c *call) timer(after time.Duration) {
	c.s.Seq++
	c.s.Timing = c.s.Seq
	c.do(Timer{Seq: c.s.Seq, After: after})
}

func (c *call) stopTimer() {
	if c.s.Timing != 0 {
		c.s.Seq++
		c.s.Timing = 0
		c.do(Timer{Seq: c.s.Seq})
	}
}

func (c *call) music(on bool) {
	if c.s.Music != on {
		c.s.Music = on
		c.do(Music{On: on})
	}
}

// quiet ends speech and timer before something else begins.
func (c *call) quiet() {
	c.hush()
	c.stopTimer()
}

// message is a built-in text in the language of the call.
func (c *call) message(key prompts.Key, args ...any) string {
	return prompts.Message(c.s.Language, key, args...)
}

// node is the present node. A document that was changed under a resumed call
// may no longer have it; then it is one without branches.
func (c *call) node() *Node {
	if n := c.doc.Nodes[c.s.Node]; n != nil {
		return n
	}
	return &Node{Tries: defaultTries, Timeout: defaultTimeout, Account: Length{1, 16}, PIN: Length{4, 4}}
}

// enter goes to a node. "" ends the call with a word.
func (c *call) enter(name string) {
	c.quiet()
	c.dropTake()
	node := c.doc.Nodes[name]
	if !c.holdsAside(node) {
		c.release()
		c.s.Aside = ""
	}
	c.s.Asked = false
	c.hops++
	switch {
	case name == "":
		c.leave(c.message(prompts.KeyGoodbye))
		return
	case node == nil, c.hops > c.doc.mostHops(), !c.settle(node):
		// The document changed under the call, or it goes round in circles.
		c.broken()
		return
	}
	c.s.Node, c.s.Then, c.s.Tries, c.s.Digits, c.s.Account, c.s.secret = name, "", 0, "", "", nil
	c.s.Path = append(c.s.Path, name)
	c.s.Path = c.s.Path[max(0, len(c.s.Path)-maxPath):]
	c.note("node.entered", map[string]any{"node": name})
	switch node.Kind {
	case KindMenu, KindIdentify, KindCallback, KindCollect:
		c.s.Ousted = false // who goes another way waits from then on
	}
	if node.Kind != KindIdentify && !node.sure(c.s.Caller) {
		c.identify()
		return
	}
	c.arrive(node)
}

// mostHops is how many nodes can be entered in one step. Dialogues may be passed
// more than once.
func (d *Document) mostHops() int { return (len(d.Nodes) + 1) * (len(d.Dialogues) + 1) }

// release gives up the place, if this call still holds one.
func (c *call) release() {
	if c.s.Held {
		c.s.Held = false
		c.do(LeavePlace{})
	}
}

// arrive does what the node is for.
func (c *call) arrive(node *Node) {
	switch node.Kind {
	case KindSay:
		c.sayNode(node)
	case KindMenu:
		c.pushMenu(node.Name)
		c.askMenu()
	case KindIdentify:
		c.identify()
	case KindQueue:
		c.join(node)
	case KindCallback:
		c.arrange()
	case KindGoto:
		c.enter(node.Next)
	case KindHours:
		c.hours(node)
	case KindLookup:
		c.lookup(node)
	case KindMessage:
		c.invite()
	case KindTransfer:
		c.transfer(node)
	case KindSurvey:
		c.survey()
	case KindCollect:
		c.collect()
	case KindCall:
		c.callDialogue(node)
	case KindReturn:
		c.returns(node)
	case KindBranch:
		c.branch(node)
	case KindSet:
		c.set(node)
	case KindWait:
		c.pause(node)
	case KindHangup:
		c.leave(c.message(prompts.KeyGoodbye))
	default:
		c.broken()
	}
}

// tidy drops timers that another one of the same step takes the place of.
func (c *call) tidy() []Action {
	last := -1
	for i, a := range c.out {
		if _, ok := a.(Timer); ok {
			last = i
		}
	}
	out := make([]Action, 0, len(c.out))
	for i, a := range c.out {
		if _, ok := a.(Timer); !ok || i == last {
			out = append(out, a)
		}
	}
	return out
}
