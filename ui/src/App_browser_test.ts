import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import axe from "axe-core";
import type { Page } from "playwright-core";
import {
  browserSuite,
  launchBrowser,
  type TestBrowser,
} from "../testdata/browser.ts";

/** Every view in one of its states, and a text that is there once it is drawn. */
const VIEWS: readonly (readonly [path: string, text: string])[] = [
  ["/", "19 of 131 stages passed, about 146 hours"],
  ["/workshops/03-rate-limiter", "before any write of it took effect"],
  ["/workshops/03-rate-limiter/brief", "Two instances count in one place"],
  ["/workshops/03-rate-limiter/stages/4", "Show this hint"],
  ["/workshops/03-rate-limiter/history", "Our fault"],
  ["/workshops/02-url-shortener/debrief", "Why it works"],
  ["/workshops/07-search-engine", "Nothing submitted yet"],
  ["/workshops/99-none", "There is no such thing here"],
  ["/submissions", "Show older ones"],
  ["/submissions/s-race", "What was submitted"],
  ["/submissions/s-burst", "Show all 172 rows"],
  ["/submissions/s-load-error", "Did not load"],
  ["/submissions/s-inconclusive", "does not count against you"],
  ["/submissions/s-canceled", "Canceled"],
  ["/submissions/s-sweep", "killed after the reply"],
  ["/submissions/s-passed", "All stages pass"],
  ["/nowhere", "There is no page at this address"],
];

const suite = browserSuite("The page in a browser");

describe(suite.name, suite.options, () => {
  let browser: TestBrowser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser[Symbol.asyncDispose]());

  for (const [path, text] of VIEWS) {
    it(`draws ${path}: accessible, light and dark, 360 pixels wide`, async () => {
      await using opened = await browser.open(path, { colorScheme: "light" });
      const { page } = opened;
      await showsText(page, text);

      const light = await violationsIn(page);
      await page.emulateMedia({ colorScheme: "dark" });
      const dark = await violationsIn(page);
      await page.setViewportSize({ width: 360, height: 700 });
      const overflowPx = await page.evaluate(() =>
        document.documentElement.scrollWidth - innerWidth
      );

      expect({ light, dark }).toEqual({ light: [], dark: [] });
      expect(overflowPx).toBeLessThanOrEqual(0);
    });
  }

  it("runs nothing that hides in a brief", async () => {
    await using opened = await browser.open(
      "/workshops/03-rate-limiter/brief",
      { bypassCSP: true },
    );
    await showsText(opened.page, "Two instances count");

    const wasRun = await opened.page.evaluate(() => "wasRun" in globalThis);

    expect(wasRun).toBe(false);
  });

  it("keeps to the content security policy", async () => {
    await using opened = await browser.open("/submissions/s-race");
    await showsText(opened.page, "What was submitted");

    expect(opened.complaints).toEqual([]);
  });

  it("says how to come in, and lets in", async () => {
    await using opened = await browser.open("/");
    const { page, fixture } = opened;
    fixture.isSignedIn = false;
    await page.reload();

    await showsText(page, "Come in by the printed link");
    fixture.isSignedIn = true;
    await page.getByText("I have opened the link").click();

    await showsText(page, "Next:");
  });

  it("says that the server is away and goes on once it is back", async () => {
    await using opened = await browser.open("/submissions");
    const { page, fixture } = opened;
    await showsText(page, "Show older ones");

    await fixture.stop();
    await page.getByText("Show older ones").click();
    await showsText(page, "The server cannot be reached");
    fixture.start();

    // The banner says it, and so does the refusal beside the button.
    await page.getByText("The server cannot be reached").first()
      .waitFor({ state: "hidden" });
  });

  it("leads by keys: skip link, map, places, theme", async () => {
    await using opened = await browser.open("/");
    const { page } = opened;
    await showsText(page, "Next:");

    await page.keyboard.press("Tab");
    const first = await page.evaluate(() =>
      document.activeElement?.textContent
    );
    await page.keyboard.press("?");
    await showsText(page, "Single keys do something");
    await page.keyboard.press("Escape");
    await page.keyboard.press("d");
    await page.keyboard.press("d");
    const theme = await page.evaluate(() =>
      document.documentElement.dataset.theme
    );
    await page.keyboard.press("s");

    await page.waitForURL("**/submissions");
    expect([first, theme]).toEqual(["Skip to the content", "dark"]);
  });

  it("leaves single keys alone once they are switched off", async () => {
    await using opened = await browser.open("/");
    const { page } = opened;
    await showsText(page, "Next:");

    await page.keyboard.press("?");
    await page.getByLabel("Single keys do something").uncheck();
    await page.keyboard.press("Escape");
    await page.keyboard.press("s");

    expect(new URL(page.url()).pathname).toBe("/");
  });
});

async function showsText(page: Page, text: string): Promise<void> {
  await page.getByText(text).first().waitFor();
}

/** Rules of WCAG 2.2 up to AA that the page breaks, and where. */
async function violationsIn(page: Page): Promise<string[]> {
  // The page's policy refuses scripts that are added to it; evaluating one is not adding it.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    })
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(" ")}`)
  );
}
