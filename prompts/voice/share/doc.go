// Package share brings sounds over HTTP to a switch that does not see linekeeper's
// files: Links makes signed addresses, a Server answers them, and Delivery is the
// voice that has the switch fetch a sound before a caller is to hear it.
//
// What Asterisk 22 does with an address (tried on 22.10.1, main/media_cache.c and
// res_http_media_cache.c):
//   - It gets a sound once with GET, without Range, and keeps it until max-age is
//     over. Then it asks with HEAD and If-None-Match, three times for each playing,
//     and holds a lock meanwhile that every other sound waits for. So max-age
//     lasts as long as the address is good, and it never comes to that.
//   - The kind of file is told by Content-Type and not by the address.
//   - An address that is shorter than the path of its own cached file cannot be
//     played (asterisk/asterisk issue 444). Ours are about 100 characters long.
//   - Of two calls that want a new sound in the same moment one may hear nothing
//     (issue 1689). Delivery has each sound fetched once before it is played.
package share
