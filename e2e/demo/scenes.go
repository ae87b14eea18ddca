package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// scenes plays everything. Whoever fails ends the play for all others.
func (p *playing) scenes(ctx context.Context) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	var all sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	act := func(f func(context.Context) error) {
		all.Go(func() {
			if err := f(ctx); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
				end(fmt.Errorf("the play was broken off"))
			}
		})
	}

	p.tell.heading("Before the operators come to work: Ivan needs none, John does.")
	act(p.ivan)
	act(p.john)
	if err := p.journal.wait(ctx, "John was told that nobody is at work", func(s story) bool {
		return s.of(johnNumber).has("place.left")
	}); err != nil {
		end(err)
	}

	anna := &operator{play: p}
	act(func(ctx context.Context) error {
		if err := anna.logIn(ctx); err != nil {
			return err
		}
		return anna.serves(ctx, map[string]talk{
			ninaNumber: {missed: true}, mariaNumber: {}, petrNumber: {lasts: 8 * time.Second, hangsUp: true}, olgaNumber: {}, sergeyNumber: {},
		})
	})
	p.tell.heading("Maria calls from a number that nobody knows, and wants to talk to somebody.")
	act(p.maria)
	act(p.nina)
	act(p.petr)
	act(p.olga)
	act(p.sergey)
	all.Wait()
	return errors.Join(errs...)
}

// when is a moment that scenes wait for, as it stands in the journal.
type when func(story) bool

func inLine(number string) when { return func(s story) bool { return s.inLine(number) } }

func promised(number string) when {
	return func(s story) bool { return s.promised(number).has("callback.asked") }
}

// ivan is known by number and needs nobody.
func (p *playing) ivan(ctx context.Context) error {
	return p.who("Ivan").does(ctx,
		calls,
		hears("Иван Петров, рады вас слышать"),
		hears("Узнать баланс"), presses("1", "balance"),
		hears("пин-код"), presses(ivanPIN, "PIN"),
		hears("Ваш баланс"), hears("Узнать баланс"),
		hangsUp,
	)
}

// john calls while no operator is logged in.
func (p *playing) john(ctx context.Context) error {
	return p.who("John").does(ctx,
		listens(700*time.Millisecond),
		calls,
		hears("it is good to hear from you"),
		hears("For your balance"), presses("2", "operator"),
		hears("The operators are not at work now"),
		listens(5*time.Second),
		hangsUp,
	)
}

// maria calls from a number that nobody knows, and errs once.
func (p *playing) maria(ctx context.Context) error {
	return p.who("Maria").does(ctx,
		calls,
		hears("номер лицевого счёта"), presses(mariaAccount+"#", "account"),
		hears("пин-код"), presses(wrongPIN, "a wrong PIN"),
		hears("не подходит"), hears("номер лицевого счёта"), presses(mariaAccount+"#", "account"),
		hears("пин-код"), presses(mariaPIN, "PIN"),
		hears("Мария Соколова, рады вас слышать"),
		hears("Узнать баланс"),
		waitsUntil("Nina is in line", inLine(ninaNumber)),
		presses("2", "operator"),
		hears("место в очереди: второе"), hears("минут"),
		talks(3*time.Second),
		waitsUntil("Olga has her promise", promised(olgaNumber)),
		waitsUntil("Sergey is in line", inLine(sergeyNumber)),
		listens(time.Second),
		hangsUp,
	)
}

// nina is in line before Maria and loses patience.
func (p *playing) nina(ctx context.Context) error {
	return p.who("Nina").does(ctx,
		waitsUntil("Maria erred with her PIN", func(s story) bool {
			return s.of(mariaNumber).has("identify", "method", "pin", "ok", false)
		}),
		calls,
		hears("номер лицевого счёта"), presses("#", "she has no account"),
		hears("Узнать баланс"), presses("2", "operator"),
		hears("следующий в очереди"),
		waitsUntil("Maria is told her wait", func(s story) bool { return s.of(mariaNumber).has("wait.quoted") }),
		listens(3500*time.Millisecond),
		hangsUp,
	)
}

// petr waits while Anna talks with Maria.
func (p *playing) petr(ctx context.Context) error {
	return p.who("Petr").does(ctx,
		waitsUntil("Maria talks", func(s story) bool { return s.of(mariaNumber).has("call.connected") }),
		p.heading("While Anna talks, others wait: Petr, Olga, Sergey."),
		calls,
		hears("номер лицевого счёта"), presses("#", "he has no account"),
		hears("Узнать баланс"), presses("2", "operator"),
		talks(4*time.Second),
		hears("Спасибо за звонок"),
		staysToTheEnd,
	)
}

// olga would rather be called back, and keeps her place.
func (p *playing) olga(ctx context.Context) error {
	olga := p.who("Olga")
	if err := olga.does(ctx,
		waitsUntil("Petr is in line", inLine(petrNumber)),
		calls,
		hears("Ольга Ким, рады вас слышать"),
		hears("Узнать баланс"), presses("2", "operator"),
		hears("место в очереди"),
		hears("Можно не ждать на линии"), presses("1", "call me back"),
		hears("Мы перезвоним на номер"), listens(1500*time.Millisecond), presses("1", "the number is right"),
		hears("Можно положить трубку"), listens(time.Second),
		hangsUp,
	); err != nil {
		return err
	}
	if err := p.mobile(olga); err != nil {
		return err
	}
	return olga.does(ctx,
		isCalledBack,
		hears("Здравствуйте, Ольга Ким"),
		hears("нажмите один"), presses("1", "I am here"),
		talks(4*time.Second),
		hangsUp,
	)
}

// sergey comes after Olga and must be served after her.
func (p *playing) sergey(ctx context.Context) error {
	return p.who("Sergey").does(ctx,
		waitsUntil("Olga is in line", inLine(olgaNumber)),
		listens(3*time.Second),
		calls,
		hears("номер лицевого счёта"), presses("#", "he has no account"),
		hears("Узнать баланс"), presses("2", "operator"),
		hears("место в очереди"),
		talks(3*time.Second),
		hangsUp,
	)
}

// heading announces a scene when somebody's turn has come.
func (p *playing) heading(text string) step {
	return func(context.Context, *person) error {
		p.tell.heading("%s", text)
		return nil
	}
}

func (p *playing) who(name string) *person {
	for _, who := range p.cast {
		if who.name == name {
			return who
		}
	}
	return &person{name: name, play: p} // not in the cast: its first step fails
}
