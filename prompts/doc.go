// Package prompts is what a caller hears, as text: the standing messages of
// linekeeper in Russian and English, and numbers, durations, money and phone
// numbers in words of the right gender, case and plural.
//
// Words instead of digits, because speech engines read "21 минута" and
// "на 2 минуты" with whatever gender and case they guess. The package is pure;
// prompts/voice turns the texts into sound.
package prompts
