package aritest

import (
	"encoding/json"
	"fmt"
)

// When is the time stamp of everything that this package makes up.
const When = "2026-11-21T20:51:08.251+0000"

// Channel is a channel as Asterisk 22 writes it. In Stasis, app names the
// application with its arguments after commas; otherwise it is "".
func Channel(id, state, app string) string {
	appName := "AppDial2"
	if app != "" {
		appName = "Stasis"
	}
	return fmt.Sprintf(`{"id":%s,"name":"PJSIP/alice-00000001","state":%s,"protocol_id":"",`+
		`"caller":{"name":"Alice","number":"+79990001122"},"connected":{"name":"","number":""},"accountcode":"",`+
		`"dialplan":{"context":"inbound","exten":"88005550101","priority":2,"app_name":%s,"app_data":%s},`+
		`"creationtime":"%s","language":"ru"}`, quote(id), quote(state), quote(appName), quote(app), When)
}

// Bridge is a bridge as Asterisk 22 writes it, class "stasis" for those that
// ARI made.
func Bridge(id, class string, channels ...string) string {
	list, _ := json.Marshal(append([]string{}, channels...))
	return fmt.Sprintf(`{"id":%s,"technology":"simple_bridge","bridge_type":"mixing","bridge_class":%s,"creator":"Stasis",`+
		`"name":"","channels":%s,"creationtime":"%s","video_mode":"none"}`, quote(id), quote(class), list, When)
}

// Event is an event of a type, with further members as JSON text: for
// "ChannelDestroyed" say `"cause":16,"channel":`+Channel("1", "Up", "").
func Event(name, members string) string {
	if members != "" {
		members = "," + members
	}
	return fmt.Sprintf(`{"type":%s,"timestamp":"%s"%s,"asterisk_id":"02:00:00:00:00:01","application":"linekeeper"}`,
		quote(name), When, members)
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a string always can be written
	return string(b)
}
