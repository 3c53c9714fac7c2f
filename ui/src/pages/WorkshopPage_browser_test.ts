import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  browserSuite,
  launchBrowser,
  type TestBrowser,
} from "../../testdata/browser.ts";
import { eventsOf } from "../../testdata/events_of.ts";
import { RACE_REPORT } from "../../testdata/reports.ts";

const suite = browserSuite("A workshop's page in a browser");

describe(suite.name, suite.options, () => {
  let browser: TestBrowser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser[Symbol.asyncDispose]());

  it("shows a new run by itself, check by check, to its first failure", async () => {
    await using opened = await browser.open("/workshops/03-rate-limiter");
    const { page, fixture } = opened;
    await page.getByText("Partly passed").waitFor();
    const verdict = page.locator(".verdict");
    const events = [...eventsOf(RACE_REPORT)];

    const isFollowed = fixture.nextFollower();
    fixture.begin();
    await verdict.getByText("Number 3 in the queue, about 9 s to go").waitFor();
    await isFollowed;
    const started = events.findIndex(({ kind }) => kind === "check_started");
    for (const event of events.slice(0, started + 1)) fixture.push(event);
    await verdict.getByText("Stage 1: Fixed window and headers").waitFor();
    await page.getByText("keeps promise 1 of this stage: running").waitFor();
    for (const event of events.slice(started + 1)) fixture.push(event);

    await page.getByRole("heading", { name: /exactly 10 may pass/ }).waitFor();
  });

  it("unlocks hints one by one", async () => {
    await using opened = await browser.open(
      "/workshops/03-rate-limiter/stages/4",
    );
    const { page } = opened;
    const button = page.getByRole("button", { name: "Show this hint" });

    await button.click();
    await page.getByText("Who decides?").waitFor();
    await button.click();
    await page.getByText("in one step that nobody can come between").waitFor();
    await button.click();

    await page.getByText("and if you die here?").waitFor();
    expect(await button.count()).toBe(0);
  });

  it("leads the focus to the hint that was revealed", async () => {
    await using opened = await browser.open(
      "/workshops/03-rate-limiter/stages/4",
    );
    const { page } = opened;

    await page.getByRole("button", { name: "Show this hint" }).press("Enter");
    await page.getByText("Who decides?").waitFor();

    const focused = await page.evaluate(() =>
      document.activeElement?.textContent
    );
    expect(focused).toBe("1 · A nudge");
  });

  it("puts the failing check first, with a command to see it again", async () => {
    await using opened = await browser.open("/workshops/03-rate-limiter");
    const { page } = opened;
    await page.getByRole("article").waitFor();

    const text = await page.getByRole("article").textContent();

    expect(text).toContain("deno task workshop 3 --stage 4 --seed k3v9-2m7q");
    expect(text).toContain("admit key=alice used=9");
  });

  it("copies what was received", async () => {
    await using opened = await browser.open("/workshops/03-rate-limiter", {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const { page } = opened;

    await page.getByRole("button", { name: "Copy what was received" }).click();
    await page.getByRole("status").filter({ hasText: "Copied" }).waitFor();

    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe("200 × 13\n429 × 0");
  });
});
