package drawing

import (
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/linekeeper/linekeeper/dialplan"
)

// look is the colours of a kind of node: they and the shapes tell at a glance
// what happens where, and what has to do with each other looks alike.
type look struct{ fill, line string }

var (
	plainLook = look{"#f3f4f6", "#6b7280"}
	looks     = map[dialplan.Kind]look{
		dialplan.KindSay: {"#eff6ff", "#3b82f6"}, dialplan.KindMenu: {"#ecfdf5", "#059669"}, dialplan.KindIdentify: {"#fefce8", "#ca8a04"},
		dialplan.KindQueue: {"#fdf2f8", "#db2777"}, dialplan.KindCallback: {"#f5f3ff", "#7c3aed"}, dialplan.KindHours: {"#fff7ed", "#ea580c"},
		dialplan.KindHangup: {"#e5e7eb", "#111827"}, dialplan.KindReturn: {"#e5e7eb", "#111827"},
		dialplan.KindCollect: {"#ecfdf5", "#059669"}, dialplan.KindSurvey: {"#ecfdf5", "#059669"}, dialplan.KindMessage: {"#f5f3ff", "#7c3aed"},
		dialplan.KindTransfer: {"#fdf2f8", "#db2777"}, dialplan.KindLookup: {"#ecfeff", "#0891b2"}, dialplan.KindBranch: {"#fff7ed", "#ea580c"},
	}
)

// SVG writes the picture. It stands for itself: no fonts or styles from elsewhere.
func (p Picture) SVG(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" font-family="DejaVu Sans, Verdana, sans-serif" font-size="12">`+"\n",
		p.Width, p.Height, p.Width, p.Height)
	fmt.Fprintf(&b, "<title>%s</title>\n", html.EscapeString(p.Title))
	b.WriteString(`<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 10 5 0 10z" fill="#374151"/></marker></defs>` + "\n")
	fmt.Fprintf(&b, `<rect width="%.0f" height="%.0f" fill="#ffffff"/>`+"\n", p.Width, p.Height)
	for _, g := range p.Groups {
		fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="10" fill="#fafafa" stroke="#9ca3af" stroke-dasharray="6 4"/>`+"\n", g.X, g.Y, g.W, g.H)
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" font-weight="bold" fill="#4b5563">%s</text>`+"\n", g.X+14, g.Y+20, html.EscapeString(g.Name))
	}
	for _, way := range p.Ways {
		fmt.Fprintf(&b, `<path d="%s" fill="none" stroke="#374151" stroke-width="1.2" marker-end="url(#tip)"/>`+"\n", curve(way.Points))
	}
	for _, box := range p.Boxes {
		box.svg(&b)
	}
	b.WriteString("</svg>\n")
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the picture: %w", err)
	}
	return nil
}

// curve leads through points: straight beside boxes, bent between ranks.
func curve(points []Point) string {
	var b strings.Builder
	for i, p := range points {
		switch {
		case i == 0:
			fmt.Fprintf(&b, "M%.1f %.1f", p.X, p.Y)
		case p.X == points[i-1].X:
			fmt.Fprintf(&b, "L%.1f %.1f", p.X, p.Y)
		default:
			last := points[i-1]
			middle := (last.Y + p.Y) / 2
			fmt.Fprintf(&b, "C%.1f %.1f %.1f %.1f %.1f %.1f", last.X, middle, p.X, middle, p.X, p.Y)
		}
	}
	return b.String()
}

func (x Box) svg(b *strings.Builder) {
	middle := x.X + x.W/2
	if x.Node == "" {
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="4" fill="#ffffff" fill-opacity="0.92"/>`, x.X, x.Y, x.W, x.H)
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" font-size="11" text-anchor="middle" fill="#111827">%s</text>`+"\n", middle, x.Y+13, html.EscapeString(x.Lines[0]))
		return
	}
	l, known := looks[x.Kind]
	if !known {
		l = plainLook
	}
	name := short(x.Node)
	if x.Node == start {
		l, name = look{"#1f2937", "#1f2937"}, x.Head
	}
	fmt.Fprintf(b, `<g><title>%s</title>%s`, html.EscapeString(x.Node), x.shape(l))
	ink, soft := "#111827", "#4b5563"
	if x.Node == start {
		ink, soft = "#ffffff", "#e5e7eb"
	}
	head := ""
	if x.Node != start {
		head = fmt.Sprintf(`<tspan font-weight="normal" font-size="11" fill="%s">  %s</tspan>`, soft, html.EscapeString(clip(x.Head, max(8, 34-len([]rune(name))))))
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="middle" font-weight="bold" fill="%s" xml:space="preserve">%s%s</text>`,
		middle, x.Y+19, ink, html.EscapeString(clip(name, 26)), head)
	for i, line := range x.Lines {
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="middle" fill="%s">%s</text>`, middle, x.Y+36+lineHeight*float64(i), ink, html.EscapeString(line))
	}
	b.WriteString("</g>\n")
}

// shape is the outline of a box: a pill where things begin and end, a hexagon where the clock or
// a condition decides, bars at the sides of a queue, lines there where a dialogue
// is called, else a rounded box.
func (x Box) shape(l look) string {
	style := fmt.Sprintf(`fill="%s" stroke="%s" stroke-width="1.5"`, l.fill, l.line)
	outline := fmt.Sprintf(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="7" %s/>`, x.X, x.Y, x.W, x.H, style)
	switch {
	case x.Node == start || x.Kind == dialplan.KindHangup || x.Kind == dialplan.KindReturn:
		return fmt.Sprintf(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="%.1f" %s/>`, x.X, x.Y, x.W, x.H, x.H/2, style)
	case x.Kind == dialplan.KindHours || x.Kind == dialplan.KindBranch:
		return fmt.Sprintf(`<path d="M%.1f %.1fl12 %.1fH%.1fl12 %.1f-12 %.1fH%.1fz" %s/>`,
			x.X, x.Y+x.H/2, -x.H/2, x.X+x.W-12, x.H/2, x.H/2, x.X+12, style)
	case x.Kind == dialplan.KindCall: // a part of its own, as in a flow chart
		return outline + fmt.Sprintf(`<path d="M%.1f %.1fv%.1fM%.1f %.1fv%.1f" stroke="%s"/>`,
			x.X+8, x.Y, x.H, x.X+x.W-8, x.Y, x.H, l.line)
	case x.Kind == dialplan.KindQueue:
		return outline + fmt.Sprintf(`<path d="M%.1f %.1fv%.1fM%.1f %.1fv%.1f" stroke="%s" stroke-width="4"/>`,
			x.X+7, x.Y+8, x.H-16, x.X+x.W-7, x.Y+8, x.H-16, l.line)
	case x.Last:
		return outline + fmt.Sprintf(`<rect x="%.1f" y="%.1f" width="%.1f" height="5" rx="2" fill="#111827"/>`, x.X+20, x.Y+x.H-2.5, x.W-40)
	}
	return outline
}
