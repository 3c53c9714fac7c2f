import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { buildPage, type BuiltPage } from "./testdata/build_page.ts";

const INITIAL_BYTES_MAX = 60 * 1024;

describe("The built page", () => {
  let built: BuiltPage;
  let html: string;
  before(async () => {
    built = await buildPage();
    html = await Deno.readTextFile(new URL("index.html", built.url));
  });
  after(() => built[Symbol.asyncDispose]());

  it("needs at most 60 KB of scripts before it is drawn", async () => {
    const scripts = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)];

    const sizes = await Promise.all(
      scripts.map(([, path]) => gzippedBytes(new URL(path!, built.url))),
    );

    expect(scripts.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0))
      .toBeLessThanOrEqual(INITIAL_BYTES_MAX);
  });

  it("has no inline script or style, so that the policy can be strict", () => {
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
  });

  it("fetches nothing from elsewhere", () => {
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });
});

async function gzippedBytes(file: URL): Promise<number> {
  const bytes = await Deno.readFile(file);
  const gzipped = new Blob([bytes]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return (await new Response(gzipped).arrayBuffer()).byteLength;
}
