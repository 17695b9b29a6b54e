// SPDX-License-Identifier: GPL-2.0-only
/*
 * Draws the page of tcplife report from the data in it, which report_json.c
 * explains. What comes from there goes into the page by textContent alone.
 */
"use strict";
(() => {
const data = JSON.parse(document.getElementById("data").textContent);
const charts = [];	/* { make, box, plot, marks } */
const sync = uPlot.sync("time");
const binTimes = Array.from({ length: data.bins }, (_, i) => i * data.width);
let active = null;	/* the finding that was clicked */

/* -- words -- */

function node(name, cls, text, ...kids)
{
	const e = document.createElement(name);

	if (cls)
		e.className = cls;
	if (text !== undefined && text !== null)
		e.textContent = text;
	e.append(...kids);
	return e;
}

const byId = (id) => document.getElementById(id);
const count = (n) => n === null || n === undefined ? "–" : n.toLocaleString("en-US", { maximumFractionDigits: 1 });

function ms(v)
{
	if (v === null || v === undefined)
		return "–";
	if (v >= 1000)
		return `${+(v / 1000).toPrecision(3)} s`;
	return v >= 1 ? `${+v.toPrecision(3)} ms` : `${+(v * 1000).toPrecision(3)} µs`;
}

function seconds(v)
{
	return v === null || v === undefined ? "–" : `${+v.toFixed(data.length < 20 ? 2 : 1)} s`;
}

function clock(v)
{
	return new Date(data.start + v * 1000).toISOString().slice(11, 19) + " UTC";
}

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/* Faint enough for what lies below to be seen. */
function faint(name, alpha)
{
	const hex = color(name);

	return hex + Math.round(alpha * 255).toString(16).padStart(2, "0");
}

/* -- charts -- */

function marksOf(id)
{
	return data.findings.map((f, i) => ({ ...f, i })).filter((f) => placeOf(f) === id);
}

/* A line where the finding was the worst, with its number. */
function drawMarks(u, marks)
{
	const { ctx, bbox } = u, scale = devicePixelRatio;

	ctx.save();
	ctx.strokeStyle = ctx.fillStyle = color("mark");
	ctx.font = `bold ${13 * scale}px system-ui, sans-serif`;
	ctx.textAlign = "center";
	ctx.textBaseline = "middle";
	for (const f of marks) {
		const x = Math.round(u.valToPos(f.at, "x", true));

		if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1)
			continue;
		ctx.lineWidth = (f.i === active ? 3 : 1.5) * scale;
		ctx.setLineDash(f.i === active ? [] : [5 * scale, 4 * scale]);
		ctx.beginPath();
		ctx.moveTo(x, bbox.top);
		ctx.lineTo(x, bbox.top + bbox.height);
		ctx.stroke();
		ctx.beginPath();
		ctx.arc(x, bbox.top - 2 * scale, 10 * scale, 0, 7);
		ctx.fill();
		ctx.fillStyle = color("card");
		ctx.fillText(f.i + 1, x, bbox.top - 1 * scale);
		ctx.fillStyle = color("mark");
	}
	ctx.restore();
}

/* All show the same time. */
function zoom(u, key)
{
	const { min, max } = u.scales.x;

	if (key !== "x" || zoom.busy)
		return;
	zoom.busy = true;
	for (const c of charts)
		if (c.plot && c.plot !== u)
			c.plot.setScale("x", { min, max });
	zoom.busy = false;
}

const WHOLE = [1, 2, 5].flatMap((n) => Array.from({ length: 9 }, (_, e) => n * 10 ** e)).sort((a, b) => a - b);

const LONG = 300, MINUTES = [1, 2, 5, 10, 15, 30].flatMap((n) => [n, n * 60, n * 3600]).sort((a, b) => a - b);

function tick(t)
{
	const two = (n) => String(n).padStart(2, "0");

	if (data.length <= LONG)
		return `${+t.toFixed(3)} s`;
	return `${Math.floor(t / 60)}:${two(Math.round(t % 60))}`;
}

/* The powers of ten from @min to @max. */
function decades(u, axis, min, max)
{
	const out = [];

	for (let e = Math.ceil(Math.log10(min) - 1e-9); 10 ** e <= max * 1.001; e++)
		out.push(10 ** e);
	return out;
}

function axes(spec)
{
	const common = () => ({
		stroke: color("soft"), grid: { stroke: color("grid"), width: 1 },
		ticks: { stroke: color("line"), width: 1 },
		font: "13px system-ui, sans-serif", labelFont: "13px system-ui, sans-serif",
	});

	return [
		{ ...common(), values: (u, v) => v.map(tick), incrs: data.length > LONG ? MINUTES : undefined, space: 70 },
		{ ...common(), ...(spec.log ? { splits: decades } : {}), label: spec.unit, labelSize: 24, size: 64, values: (u, v) => v.map((n) => n === null ? "" : spec.format(n)), ...(spec.whole ? { incrs: WHOLE } : {}) },
	];
}

/**
 * A chart in a card of its own.
 * make() returns { series, data, unit, format, whole, log, limit }.
 */
function chart(section, id, title, words, make)
{
	const box = node("div", "plot"), card = node("div", "card", null,
		node("h3", null, title), node("p", null, words), box);

	card.id = id;
	byId(section).append(card);
	charts.push({ id, make, box, plot: null });
}

function yRange(spec)
{
	if (spec.log)
		return { distr: 3 };
	return { range: (u, min, max) => [0, Math.max(max || 0, spec.limit || 0, 1) * 1.12] };
}

function draw(c, width)
{
	const spec = c.make(), marks = marksOf(c.id);

	if (c.plot)
		c.plot.destroy();
	c.plot = new uPlot({
		width, height: spec.height || 250, padding: [18, 18, 0, 0],
		scales: { x: { time: false, range: (u, min, max) => min === max || min === null ? [0, data.length || 1] : [min, max] }, y: yRange(spec) },
		axes: axes(spec),
		cursor: { sync: { key: sync.key, scales: ["x", null] }, drag: { x: true, y: false } },
		series: [{ label: "time", value: (u, v) => v === null ? "–" : `${seconds(v)}  (${clock(v)})` }, ...spec.series],
		hooks: { draw: [(u) => drawMarks(u, marks)], setScale: [zoom] },
	}, spec.data, c.box);
	c.plot.root.querySelectorAll("canvas").forEach((e) => e.setAttribute("role", "img"));
}

let drawnWidth = 0;

function drawAll(width)
{
	drawnWidth = width || charts[0].box.clientWidth;
	for (const c of charts)
		draw(c, drawnWidth);
}

function line(label, name, more)
{
	return { label, stroke: color(name), width: 2, value: (u, v) => count(v), points: { size: 5 }, ...more };
}

/* -- connections -- */

const total = (a) => a.reduce((x, y) => x + y, 0);
const all = data.ended.reduce((n, e) => n + e.total, 0);
/* Few in narrow bins make no rate. */
const isRate = data.width >= 0.2 || all / Math.max(data.bins, 1) >= 4;
const perBin = isRate ? 1 / data.width : 1;
const width = data.width < 1 ? `${+(data.width * 1000).toFixed(1)} ms` : `${data.width} s`;
const connUnit = isRate ? "connections / s" : `connections in ${width}`;
const rate = (a) => a.map((n) => n * perBin);
const stepped = uPlot.paths.stepped({ align: 1 });

chart("charts-conns", "opened", "Opened", `Connections that began, by which end of them is here: who called, and who was called. Each point is ${width}.`, () => ({
	unit: connUnit, format: count, whole: !isRate, data: [binTimes, rate(data.active), rate(data.passive)],
	series: [
		line(`active (${count(total(data.active))})`, "orange", { paths: stepped, points: { show: false }, fill: faint("orange", .3) }),
		line(`passive (${count(total(data.passive))})`, "blue", { paths: stepped, points: { show: false }, dash: [6, 3] }),
	],
}));

/* What is well first, then what there was the most of. */
const endColors = ["red", "orange", "purple", "olive", "sky", "green", "grey"];
const well = ["fin", "closed"];
const ends = [...data.ended].sort((a, b) => well.includes(b.name) - well.includes(a.name) || b.total - a.total);

function endSeries()
{
	const shown = ends.slice(0, 7), rest = ends.slice(7), out = [];
	let next = 0;

	for (const e of shown)
		out.push({ name: e.name, total: e.total, counts: e.counts, color: e.name === "fin" ? "blue" : e.name === "closed" ? "sky" : endColors[next++] });
	if (rest.length)
		out.push({ name: "others", total: total(rest.map((e) => e.total)), color: "grey", counts: binTimes.map((_, i) => total(rest.map((e) => e.counts[i]))) });
	return out;
}

chart("charts-conns", "ended", "Ended, by reason", "Stacked: the height of all is how many ended. fin: both sides closed, as it should be.", () => {
	const parts = endSeries(), sums = [];
	let sum = binTimes.map(() => 0);

	for (const p of parts) {
		sum = sum.map((n, i) => n + p.counts[i] * perBin);
		sums.push(sum);
	}
	/* The tallest is drawn first, the others over it. */
	return {
		unit: connUnit, format: count, whole: !isRate, data: [binTimes, ...sums.reverse()],
		series: [...parts].reverse().map((p) => line(`${p.name} (${count(p.total)})`, p.color, {
			fill: color(p.color), width: 1, paths: stepped, points: { show: false },
			value: (u, v, s, i) => i === null || i === undefined ? "–" : count(p.counts[i] * perBin),
		})),
	};
});

/* -- listeners -- */

const times = data.samples.t;

/*
 * A queue in each bin: as long as a connection met it; where none came, as long
 * as the last sample saw it; null while nobody listened, as far as is known.
 */
function inBins(met, sampled)
{
	let s = 0, last = null;

	return met.map((n, i) => {
		let most = n;

		for (; s < times.length && times[s] < (i + 1) * data.width; s++) {
			last = sampled.length ? sampled[s] : null;
			if (last !== null)
				most = Math.max(most || 0, last);
		}
		return most === null ? last : most;
	});
}

/* How many were dropped, in the bin of the sample that told. */
function dropsInBins(dropped)
{
	const bins = binTimes.map(() => null);

	dropped.forEach((n, i) => {
		const bin = Math.min(Math.floor(times[i] / data.width), data.bins - 1);

		if (n)
			bins[bin] = (bins[bin] || 0) + n;
	});
	return bins;
}

const queues = data.queues.map((q, i) => ({ ...q, i })).sort((a, b) => b.overflows - a.overflows || b.drops - a.drops || b.accepts - a.accepts || 0);
const SHOWN = 8;

for (const q of queues.slice(0, SHOWN)) {
	const lost = (q.overflows || 0) + (q.drops || 0), limit = q.backlog === null ? 0 : q.backlog + 1;
	const peak = Math.max(0, ...q.accq_met, ...q.accq, ...q.synq_met, ...q.synq);
	const far = limit > 4 * Math.max(peak, 1);
	const words = [
		q.backlog === null ? "backlog not known: it came and went between two samples" : `backlog ${count(q.backlog)}, so that ${count(limit)} may wait${far ? " (above the chart)" : ""}`,
		`${count(q.accepts)} accepted`,
		lost ? `${count(lost)} SYNs or final ACKs dropped` : "nothing dropped",
	].join("; ");

	chart("charts-queues", `queue-${q.i}`, `${q.address}  ${q.comm || "owner not known"}${q.pid ? ` (pid ${q.pid})` : ""}`, `${words}.`, () => {
		const accq = inBins(q.accq_met, q.accq), synq = inBins(q.synq_met, q.synq), drops = dropsInBins(q.dropped);
		const series = [
			line("accept queue", "blue", { fill: faint("blue", .3), paths: stepped, points: { show: false } }),
			line("SYN queue", "orange", { dash: [6, 3], paths: stepped, points: { show: false } }),
		];
		const rows = [binTimes, accq, synq];

		if (lost) {
			series.push(line("dropped then", "red", {
				paths: () => null, points: { show: true, size: 10, fill: color("red") },
				value: (u, v, s, i) => i === null || i === undefined ? "–" : count(drops[i]),
			}));
			rows.push(drops.map((n, i) => n && Math.max(accq[i] || 0, synq[i] || 0)));
		}
		if (limit && !far) {
			series.push(line("room in each queue", "grey", { dash: [2, 4], points: { show: false } }));
			rows.push(binTimes.map(() => limit));
		}
		return { unit: "waiting", format: count, whole: true, data: rows, series, limit: far ? 0 : limit };
	});
}
if (!queues.length)
	byId("charts-queues").append(node("p", "hint", "No socket listened, and no connection came out of one."));
if (queues.length > SHOWN)
	byId("charts-queues").append(node("p", "hint", `${queues.length - SHOWN} more listeners, which dropped less, are not drawn.`));

/* -- counters -- */

const before = uPlot.paths.stepped({ align: -1 });

chart("charts-counters", "timewait", "Open, and in TIME_WAIT", "How many there were of each when a sample was taken.", () => ({
	unit: "connections", format: count, whole: true,
	data: [times, data.samples.now_time_wait, data.samples.now_established, data.samples.now_close_wait],
	series: [
		line("TIME_WAIT", "blue", { fill: faint("blue", .2) }),
		line("ESTABLISHED", "green", { dash: [8, 3] }),
		line("CLOSE_WAIT: the peer has closed, its own process has not", "red", { dash: [3, 3] }),
	],
}));

const again = [["retrans_syn", "SYN", "red"], ["retrans_synack", "SYN-ACK", "orange"], ["retrans_fin", "FIN", "purple"], ["retrans_data", "data", "blue"]];

chart("charts-counters", "resent", "Sent again", "Segments that were sent again because nothing answered: how many since the sample before.", () => ({
	unit: "segments", format: count, whole: true,
	data: [times, ...again.map(([key]) => data.samples[key])],
	series: again.map(([key, name, col], i) => line(`${name} (${count(total(data.samples[key]))})`, col, { paths: before, points: { show: false }, dash: [[], [8, 3], [3, 3], [10, 3, 2, 3]][i] })),
}));

/* -- how long -- */

const percents = [["half of them took less", "blue", []], ["9 in 10", "green", [8, 3]], ["99 in 100", "orange", [3, 3]], ["the longest", "red", [2, 4]]];

function spanChart(id, title, words, span)
{
	const n = total(span.counts);

	chart("charts-spans", id, title, n ? `${words} ${count(n)} of them, over the time when it ended; each within a fifth.` : `${words} There was none.`, () => {
		const few = span.counts.filter((c) => c).length < 120;

		return {
			unit: "time (log scale)", format: ms, log: n > 0, data: [binTimes, ...span.lines],
			series: percents.map(([label, col, dash]) => line(label, col, { dash, value: (u, v) => ms(v), points: { show: few, size: 5 } })),
		};
	});
}

spanChart("handshake", "Handshake", "From the first SYN, or SYN-ACK, to ESTABLISHED.", data.spans[0]);
spanChart("accept", "Wait for accept()", "From the final ACK, when it was put into the accept queue, to accept().", data.spans[1]);
spanChart("life", "Lifetime", "From ESTABLISHED to CLOSE.", data.spans[2]);

/* -- findings -- */

const places = {
	"no-local-port": "timewait", "timewait-overflow": "timewait", "close-wait-leak": "timewait",
	"fin-resent": "resent", "slow-accept": "accept",
};

/* The chart where it is seen the best. */
function placeOf(f)
{
	if (f.rule === "slow-accept" || f.listener < 0 || f.listener === undefined)
		return places[f.rule] || "ended";
	return byId(`queue-${f.listener}`) ? `queue-${f.listener}` : "ended";
}

function go(i, event)
{
	const id = placeOf(data.findings[i]);

	event.preventDefault();
	active = i;
	for (const c of charts) {
		byId(c.id).classList.toggle("shown", c.id === id);
		c.plot.redraw(false);
	}
	byId(id).scrollIntoView({ block: "center" });
	history.replaceState(null, "", `#${id}`);
}

function finding(f, i)
{
	const a = node("a", "go", `Show it at ${seconds(f.at)} on the time line`);

	a.href = `#${placeOf(f)}`;
	a.addEventListener("click", (event) => go(i, event));
	return node("article", "finding", null, node("div", "rank", i + 1), node("div", null, null,
		node("h3", null, f.title[0].toUpperCase() + f.title.slice(1)), node("p", null, `${f.what}.`), node("p", "change", `${f.change}.`), a));
}

byId("findings").append(...data.findings.map(finding));
if (!data.findings.length)
	byId("findings").append(node("p", "well", data.whole && !data.left_out ?
		"All is well: tcplife doctor found nothing to change." : "Nothing was found in what is here; not all of it could be looked at."));

/* -- the worst -- */

const columns = ["", "connection", "process", "began", "handshake", "accept wait", "lifetime", "sent again", "end"];

function toggle(button, row, text)
{
	const opened = row.nextSibling && row.nextSibling.dataset && row.nextSibling.dataset.ladder;

	button.setAttribute("aria-expanded", String(!opened));
	button.textContent = opened ? "ladder" : "close";
	if (opened)
		return row.nextSibling.remove();
	const cell = node("td", "open", null, node("pre", "ladder", text)), below = node("tr", null, null, cell);

	cell.colSpan = columns.length;
	below.dataset.ladder = 1;
	row.after(below);
}

function worstRow(c, kind)
{
	const button = node("button", null, "ladder"), names = ["SYN", "SYN-ACK", "data", "FIN"];
	const resent = c.resent.map((n, i) => n ? `${n} ${names[i]}` : "").filter(Boolean).join(", ");
	const hot = (i, cls) => `${cls || ""} ${kind === i ? "hot" : ""}`.trim();
	const row = node("tr", null, null, node("td", null, null, button),
		node("td", null, c.role === "passive" ? `${c.local} ← ${c.remote}` : `${c.local} → ${c.remote}`),
		node("td", null, c.comm || "–"), node("td", "n", seconds(c.at)),
		node("td", hot(1, "n"), ms(c.times[0])), node("td", hot(0, "n"), ms(c.times[1])),
		node("td", "n", ms(c.times[2])), node("td", hot(2), resent || "–"), node("td", hot(3), c.end));

	button.type = "button";
	button.setAttribute("aria-expanded", "false");
	button.addEventListener("click", () => toggle(button, row, c.ladder));
	return row;
}

data.worst.forEach((w, kind) => {
	if (!w.items.length)
		return;
	const table = node("table", "list", null,
		node("thead", null, null, node("tr", null, null, ...columns.map((c, i) => node("th", i > 2 && i < 7 ? "n" : "", c)))),
		node("tbody", null, null, ...w.items.map((c) => worstRow(c, kind))));

	byId("worst").append(node("h3", null, w.title), node("div", "table", null, table));
});
if (!data.worst.some((w) => w.items.length))
	byId("worst").append(node("p", "well", "None: no handshake and no wait for accept() took a millisecond, nothing was sent again, nothing failed."));

/* -- around it -- */

const failed = total(ends.filter((e) => !well.includes(e.name)).map((e) => e.total));
const t = data.totals, dropped = ["drop_synq_full", "drop_max_syn_backlog", "drop_accq_full", "drop_other"].reduce((n, k) => n + (t[k] || 0), 0);
const longest = (s) => s.lines[3].reduce((a, b) => Math.max(a, b || 0), 0);
const h = data.header;

byId("title").textContent = h.command ? `TCP connections while ${h.command} ran` : "TCP connections";
document.title = `tcplife report${h.command ? `: ${h.command}` : ""}`;
byId("about").textContent = [
	new Date(data.start).toISOString().replace("T", " ").slice(0, 19) + " UTC", `${seconds(data.length)} long`,
	h.hostname, `Linux ${h.kernel}`,
].filter(Boolean).join("  ·  ");
byId("version").textContent = h.tcplife;

function tile(value, words, bad)
{
	byId("tiles").append(node("div", bad ? "tile bad" : "tile", null, node("b", null, value), node("span", null, words)));
}

tile(count(total(data.active) + total(data.passive)), "endpoints of connections began");
tile(count(all - failed), "ended well");
tile(count(failed), "ended otherwise", failed > 0);
tile(count(dropped), "SYNs dropped", dropped > 0);
tile(total(data.spans[1].counts) ? ms(longest(data.spans[1])) : "–", "longest wait for accept()", longest(data.spans[1]) >= 100);
tile(count(data.tally.lost_kernel + data.tally.lost_socket), "records lost", data.tally.lost_kernel + data.tally.lost_socket > 0);

function banner(text)
{
	byId("banners").append(node("p", "banner", text));
}

if (!data.whole)
	banner("The recording was cut off, or still went on: what came after its last whole part is missing here.");
if (data.tally.lost_kernel + data.tally.lost_socket)
	banner(`${count(data.tally.lost_kernel + data.tally.lost_socket)} records were lost: charts of connections lack them. The counters are complete.`);
if (data.tally.kept_back)
	banner(`An event filter kept back ${count(data.tally.kept_back)} records: charts of connections lack them. The counters are complete.`);
if (data.left_out)
	banner("There were more listeners than a report shows: those that dropped least are left out.");
if (data.crowded)
	banner("More listeners came and went between two samples than a report shows: the later ones are left out.");

const counters = node("div", "counters card");

for (const [name, n] of Object.entries(t))
	if (n)
		counters.append(node("div", null, null, node("span", null, name), node("b", null, count(n))));
byId("totals").append(node("p", "hint", "What was counted while it was recorded; what is 0 is left out. alive, halfopen_now and now_…: at its end."), counters);
byId("charts-conns").firstElementChild.after(node("p", "hint", "Drag over a chart to see a part of the time in all of them; double-click to see all of it. Click a name in a legend to hide it."));

/* -- light, dark, paper, size -- */

const PAPER = 680;
let timer = 0;

drawAll();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll());
matchMedia("print").addEventListener("change", (e) => drawAll(e.matches ? PAPER : 0));
addEventListener("resize", () => {
	clearTimeout(timer);
	timer = setTimeout(() => {
		if (!matchMedia("print").matches && charts[0].box.clientWidth !== drawnWidth)
			drawAll();
	}, 150);
});
})();
