package main

import "github.com/linekeeper/linekeeper/e2e/softphone"

// The numbers of the hotline and of the people who call it. Those with a record
// in demo/callers.csv are known by number.
const (
	hotline     = "+78005550101"
	hotlineName = "support"

	ivanNumber   = "+79161234501" // in the directory
	mariaNumber  = "+79035550117" // not hers in the directory
	petrNumber   = "+79035550121"
	olgaNumber   = "+79161234504" // in the directory
	ninaNumber   = "+79035550131"
	sergeyNumber = "+79035550123"
	johnNumber   = "+442079460003" // in the directory, speaks English
)

// Accounts and PINs are those of demo/callers.md.
const (
	ivanPIN                = "2580"
	mariaAccount, mariaPIN = "1002", "4711"
	wrongPIN               = "1111"
)

const (
	operatorName    = "Anna"
	operatorAccount = "101"
	operatorTone    = 1000 // Hz
	colleague       = "Boris"
	colleagueID     = "102"
	musicTone       = 440
)

// person is somebody with a telephone. A voice is a tone of its own, so that
// what is heard tells who speaks.
type person struct {
	name   string
	number string
	tone   int

	play  *playing
	phone *softphone.Phone
	call  *softphone.Call // the present one
}

func cast() []*person {
	return []*person{
		{name: "Ivan", number: ivanNumber, tone: 650},
		{name: "John", number: johnNumber, tone: 300},
		{name: "Maria", number: mariaNumber, tone: 1150},
		{name: "Petr", number: petrNumber, tone: 1400},
		{name: "Olga", number: olgaNumber, tone: 1050},
		{name: "Nina", number: ninaNumber, tone: 400},
		{name: "Sergey", number: sergeyNumber, tone: 900},
	}
}
