import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";

const COMPONENT_LINES_MAX = 120;
const SOURCES = new URL("src/", import.meta.url);

describe("The layers of the dashboard", () => {
  const files = [...filesIn(SOURCES)].filter((path) =>
    !/_test\.ts$/.test(path)
  );
  const textOf = (path: string) =>
    Deno.readTextFileSync(new URL(path, SOURCES));

  it("only api.ts talks to the server", () => {
    const talking = files.filter((path) =>
      /\.tsx?$/.test(path) &&
      /\bfetch\(|new EventSource|XMLHttpRequest/.test(textOf(path))
    );

    expect(talking).toEqual(["api.ts"]);
  });

  it("models hold no markup", () => {
    const models = files.filter((path) => path.startsWith("models/"));

    expect(models.filter((path) => path.endsWith(".tsx"))).toEqual([]);
    expect(models.filter((path) => /from "preact/.test(textOf(path))))
      .toEqual([]);
  });

  it("a component has at most 120 lines", () => {
    const long = files.filter((path) =>
      path.endsWith(".tsx") &&
      textOf(path).split("\n").length > COMPONENT_LINES_MAX
    );

    expect(long).toEqual([]);
  });
});

/** Paths below `dir`, relative to it. */
function* filesIn(dir: URL, prefix = ""): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(dir)) {
    if (isDirectory) {
      yield* filesIn(new URL(`${name}/`, dir), `${prefix}${name}/`);
    } else yield prefix + name;
  }
}
