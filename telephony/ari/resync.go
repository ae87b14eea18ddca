package ari

import (
	"context"
	"slices"
	"strings"

	"github.com/CyCoreSystems/ari/v5"

	"github.com/linekeeper/linekeeper/telephony"
)

// wireChannel is what GET /channels says of one channel beyond ari.ChannelData.
type wireChannel struct {
	Language string `json:"language"`
	Dialplan struct {
		AppName string `json:"app_name"`
		AppData string `json:"app_data"`
	} `json:"dialplan"`
}

// arrived says whether the channel is in the application named app. A channel
// that was moved there from another application keeps the old one's name;
// subscribed, the application's own list, tells.
func (w wireChannel) arrived(app string, subscribed, ours bool) bool {
	if w.Dialplan.AppName != "Stasis" {
		return false
	}
	name, _, _ := strings.Cut(w.Dialplan.AppData, ",")
	return name == app || subscribed && !ours
}

// Snapshot implements telephony.Switch. It makes three requests, so what
// changes between them may show in one list only.
func (c *Client) Snapshot(ctx context.Context) (telephony.Snapshot, error) {
	const op = "take a snapshot"
	var app ari.ApplicationData
	err := c.rest.get(ctx, op, segments("applications", c.opts.App), nil, &app)
	if unlessGone(err) != nil { // gone: not connected, and no channel of ours lives
		return telephony.Snapshot{}, err
	}
	var channels []ari.ChannelData
	var more []wireChannel
	if err := c.rest.get(ctx, op, segments("channels"), nil, &both{&channels, &more}); err != nil {
		return telephony.Snapshot{}, err
	}
	var bridges []ari.BridgeData
	if err := c.rest.get(ctx, op, segments("bridges"), nil, &bridges); err != nil {
		return telephony.Snapshot{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var snap telephony.Snapshot
	own := map[string]int{} // index in snap.Channels
	for i := range channels {
		if ch, ok := c.ownChannel(&channels[i], more[i], app); ok {
			own[channels[i].ID] = len(snap.Channels)
			snap.Channels = append(snap.Channels, ch)
		}
	}
	c.addBridges(&snap, bridges, own, app)
	return snap, nil
}

// ownChannel describes a channel, if it is one of ours: under our control,
// originated by us now or by an earlier process.
func (c *Client) ownChannel(d *ari.ChannelData, more wireChannel, app ari.ApplicationData) (telephony.Channel, bool) {
	ch := channelOf(d, more.Language)
	subscribed := slices.Contains(app.ChannelIDs, d.ID)
	ours := c.track.ours(ch.ID, c.opts.IDPrefix)
	// A channel that has just left Stasis keeps its name until the dialplan goes on.
	ch.Arrived = more.arrived(c.opts.App, subscribed, ours || isFar(ch.ID)) && !c.track.away[ch.ID]
	if isFar(ch.ID) && !ch.Arrived {
		return ch, false
	}
	return c.track.describe(ch, c.opts.IDPrefix), ch.Arrived || ours || subscribed
}

// addBridges adds the bridges of ours to a snapshot: those with our prefix,
// those that the application watches and those that hold channels of ours. own
// has the index of each channel in the snapshot.
func (c *Client) addBridges(snap *telephony.Snapshot, bridges []ari.BridgeData, own map[string]int, app ari.ApplicationData) {
	for _, b := range bridges {
		if b.Class != "stasis" { // of Queue() or Dial(), and not ours to command
			continue
		}
		bridge := telephony.Bridge{ID: telephony.BridgeID(b.ID)}
		ours := strings.HasPrefix(b.ID, c.opts.IDPrefix) || slices.Contains(app.BridgeIDs, b.ID)
		for _, id := range b.ChannelIDs {
			bridge.Channels = append(bridge.Channels, telephony.ChannelID(id))
			if i, ok := own[id]; ok {
				ours = true
				snap.Channels[i].Bridge = bridge.ID
			}
		}
		if ours {
			snap.Bridges = append(snap.Bridges, bridge)
		}
	}
}
