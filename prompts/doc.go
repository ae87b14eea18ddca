// Package prompts is what a caller hears, as text: the standing messages of
// linekeeper in Russian and English, and values in words of the right gender,
// case and plural.
//
//   - Message, Greeting, Brief and WaitQuote give whole sentences.
//   - Number, Ordinal, Money, Duration, Date, Clock, Phone, Digits, Code and Spell
//     put one value into words that fit inside a sentence.
//   - Filter does so by name, for the templates of hotline documents.
//   - Pieces gives the core sounds of Asterisk that say a text, for where nothing
//     can be spoken.
//
// Words instead of digits, because speech engines read "21 минута" and
// "на 2 минуты" with whatever gender and case they guess. The package is pure;
// prompts/voice turns the texts into sound.
package prompts
