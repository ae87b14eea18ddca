// Package csvfile is a callers.Directory read from a CSV file.
//
// The first line names the columns, in any order: number, account, pin_hash,
// name, language, time_zone, balance, currency, vip, code, and any number of
// field.NAME and answer.NAME. Only account is required. The file is UTF-8, with or
// without a byte order mark; fields are separated by "," or, when the first line
// has more of them, by ";" (decimals may then have a comma). Blank lines are passed
// over.
//
//   - number: any spelling that callers.Normalize reads; several records may
//     share one
//   - account: 1 to 32 digits, different in each record
//   - pin_hash: PHC string of argon2id; without it no PIN fits
//   - language: a language tag, kept without its region
//   - time_zone: IANA name such as Europe/Moscow, where the person lives: promises
//     to call back keep to the hours of that clock
//   - balance: a decimal such as 1523.50, with a currency of ISO 4217
//   - vip: yes, true, 1, no, false, 0 or empty
//   - code: 1 to 32 digits that only this caller has, different in each record
//   - field.NAME: whatever documents may say or decide by
//   - answer.NAME: what the caller must know, as a PHC string of argon2id or as
//     1 to 32 digits
//
// A file that was written anew is read again by itself; one with a fault never
// takes the place of a good one.
package csvfile
