/**
 * A real browser on the built page, in front of the fixture server.
 *
 * @module
 */
import {
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { buildPage } from "./build_page.ts";
import { type StartedFixture, startFixture } from "./start_fixture.ts";

const CANDIDATES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** Where Chromium is, if it is. */
export const CHROMIUM: string | undefined = CANDIDATES.find(isFile);

/** To be given to `describe`: the reason stands in its name, because the runner does not print one. */
export function browserSuite(name: string) {
  const reason = `skipped: none of ${CANDIDATES.join(", ")} is there`;
  return CHROMIUM === undefined
    ? { name: `${name} (${reason})`, options: { skip: true } }
    : { name, options: {} };
}

export interface TestBrowser extends AsyncDisposable {
  /** A page of its own with its own server, both closed together. */
  open(path: string, options?: OpenOptions): Promise<OpenPage>;
}

export interface OpenOptions extends BrowserContextOptions {
  readonly fixture?: StartedFixture;
}

export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  readonly fixture: StartedFixture;
  /** What the browser complained about: errors, and what the content security policy refused. */
  readonly complaints: readonly string[];
}

export async function launchBrowser(): Promise<TestBrowser> {
  const dist = await buildPage();
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });

  async function open(
    path: string,
    { fixture = startFixture(dist.url), ...options }: OpenOptions = {},
  ): Promise<OpenPage> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const complaints: string[] = [];
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    await page.goto(fixture.url + path);
    return {
      page,
      fixture,
      complaints,
      async [Symbol.asyncDispose]() {
        await context.close();
        await fixture.stop();
      },
    };
  }

  return {
    open,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await dist[Symbol.asyncDispose]();
    },
  };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // Not there, or not for us: the next one may be.
  }
}
