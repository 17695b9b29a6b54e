// SPDX-License-Identifier: GPL-2.0-only
/*
 * Usage: node report.mjs PAGE FOLDER
 *
 * Looks at a page of tcplife report with Debian's chromium, as a person would:
 * in light and dark, clicks, prints. Each line that it prints is a fault, but
 * for those that begin with "#". Screenshots go to FOLDER.
 */
import { createRequire } from "node:module";

const [page, folder] = process.argv.slice(2);
const require = createRequire(`${process.cwd()}/build/npm/`);
const { chromium } = require("playwright-core");
const fault = (...words) => console.log(...words);

/* How many colours, so that an empty canvas is told from one with lines. */
const colors = (canvas) => {
	const { width, height } = canvas, seen = new Set();
	const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;

	for (let i = 0; i < pixels.length; i += 4)
		seen.add(pixels[i] << 24 ^ pixels[i + 1] << 16 ^ pixels[i + 2] << 8 ^ pixels[i + 3]);
	return width && height ? seen.size : 0;
};

const background = (p) => p.evaluate(() => getComputedStyle(document.body).backgroundColor);

function watch(p)
{
	p.on("console", (m) => fault(`the console has a ${m.type()}: ${m.text()}`));
	p.on("pageerror", (e) => fault(`the script fails: ${e.message}`));
	p.on("dialog", (d) => { fault(`a dialog: ${d.message()}`); d.dismiss(); });
	p.on("request", (r) => r.url().startsWith("file:") && r.url().endsWith(page.split("/").pop()) ||
		fault(`it loads ${r.url()}`));
}

async function checkCharts(p, scheme)
{
	const charts = await p.locator("canvas").all();

	if (charts.length < 8)
		fault(`${scheme}: ${charts.length} charts, want 8 or more`);
	for (const [i, c] of charts.entries()) {
		const n = await c.evaluate(colors);

		if (n < 5)
			fault(`${scheme}: chart ${i} has ${n} colours: nothing is drawn`);
	}
	console.log(`# ${scheme}: ${charts.length} charts`);
}

async function checkLadder(p)
{
	const button = p.locator("#worst button").first();

	if (await p.locator("pre.ladder").count())
		fault("a ladder is open before the click");
	await button.click();
	const text = await p.locator("pre.ladder").first().textContent();

	if (!/^connection [0-9a-f]+, /.test(text) || !text.includes("|<--") && !text.includes("-->|"))
		fault(`the click opens no ladder: ${text.slice(0, 60)}`);
	console.log(`#ladder ${JSON.stringify(text)}`);
	await button.click();
	if (await p.locator("pre.ladder").count())
		fault("a second click does not close the ladder");
	await button.click();
}

async function checkFinding(p)
{
	const link = p.locator(".finding .go").first();

	if (!await link.count())
		return console.log("# no finding");
	await link.click();
	await p.waitForTimeout(600);
	if (await p.locator(".card.shown").count() !== 1)
		fault("the link of a finding shows no chart");
	else if (!await p.locator(".card.shown").evaluate((e) => {
		const r = e.getBoundingClientRect();

		return r.top < innerHeight && r.bottom > 0;
	}))
		fault("the chart of a finding is not in sight");
}

/* A name of a process is text, whatever is in it. */
async function checkText(p)
{
	const injected = await p.locator("main script, main img, main iframe").count();

	if (injected)
		fault(`${injected} elements came out of the data`);
	const policy = await p.locator("meta[http-equiv]").getAttribute("content");

	if (!policy.startsWith("default-src 'none'") || policy.includes("unsafe"))
		fault(`the policy is ${policy}`);
}

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const shades = [];

for (const scheme of ["light", "dark"]) {
	const context = await browser.newContext({ colorScheme: scheme, viewport: { width: 1200, height: 900 } });
	const p = await context.newPage();

	watch(p);
	await p.goto(`file://${page}`);
	await checkCharts(p, scheme);
	shades.push(await background(p));
	await p.screenshot({ path: `${folder}/report-${scheme}.png`, fullPage: true });
	await checkText(p);
	if (await p.locator("#worst button").count())
		await checkLadder(p);
	await checkFinding(p);
	await p.screenshot({ path: `${folder}/report-${scheme}-clicked.png`, fullPage: true });
	await p.emulateMedia({ media: "print" });
	await p.waitForTimeout(300);
	await checkCharts(p, `${scheme}, printed`);
	if (await background(p) !== "rgb(255, 255, 255)")
		fault(`${scheme}: paper is ${await background(p)}`);
	const wide = await p.locator("canvas").first().evaluate((e) => e.clientWidth);

	if (wide > 720)
		fault(`${scheme}: a chart is ${wide} wide, more than paper is`);
	await p.screenshot({ path: `${folder}/report-${scheme}-print.png`, fullPage: true });
	const pdf = await p.pdf({ path: `${folder}/report-${scheme}.pdf`, format: "A4" });

	if (pdf.length < 20000)
		fault(`${scheme}: ${pdf.length} bytes of PDF`);
	await context.close();
}
if (shades[0] === shades[1])
	fault(`light and dark are both ${shades[0]}`);
await browser.close();
