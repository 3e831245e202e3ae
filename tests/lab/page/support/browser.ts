import { accessSync, constants, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { source as axe } from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const PHOTOS = resolve(__dirname, "../../../../.stamps/pages");

/** What went wrong in a page without being seen. */
export interface Watched {
  page: Page;
  /** Errors and warnings in its console, and exceptions. */
  complaints: string[];
  /** Requests to anything but the lab. */
  strangers: string[];
}

export async function openBrowser(): Promise<Browser> {
  try {
    accessSync(CHROMIUM, constants.X_OK);
  } catch {
    throw new Error(`${CHROMIUM} is missing. Debian: apt-get install chromium`);
  }
  return chromium.launch({
    executablePath: CHROMIUM,
    // Chromium refuses its sandbox to root, as whom containers run; it sees nothing here but the lab.
    chromiumSandbox: process.getuid?.() !== 0,
  });
}

export async function openPage(browser: Browser, address: string): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const watched: Watched = { page, complaints: [], strangers: [] };
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) watched.complaints.push(message.text());
  });
  page.on("pageerror", (error) => watched.complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(`${address}/`)) watched.strangers.push(request.url());
  });
  return watched;
}

/** A photo of the whole page for people to look at; it lies in `.stamps/pages`. */
export async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync(PHOTOS, { recursive: true });
  await page.screenshot({ path: join(PHOTOS, `${name}.png`), fullPage: true });
}

/** Breaches of WCAG 2.2 A and AA that a program can find, each with the element. */
export async function breaches(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  // As text, because it runs in the page, where there is nothing of ours.
  const result = (await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(tags)}, resultTypes: ["violations"] })`,
  )) as { violations: { id: string; nodes: { html: string }[] }[] };
  return result.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** By how many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - innerWidth");
}
