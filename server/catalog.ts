import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { hintsIn } from "@contract/hints.ts";
import type { Manifest, Workshop } from "@contract/manifest.ts";
import type { Log } from "./log.ts";

/** A workshop on disk and the hash of what judges it. */
export interface CatalogEntry {
  readonly workshop: Workshop;
  readonly suiteHash: string;
}

/** The workshops of this kit: read once for what they are, afresh for what people read. */
export interface Catalog {
  /** By number. */
  readonly entries: readonly CatalogEntry[];
  find(slug: string): CatalogEntry | undefined;
  /** The workshop's README, markdown. */
  brief(slug: string): Promise<string>;
  /** The notes beside the reference solution; undefined where there are none. */
  debrief(slug: string): Promise<string | undefined>;
  /** The levels of a stage's hints, weakest first; none where there is no file. */
  hints(slug: string, stage: number): Promise<string[]>;
}

/** Reads every manifest below `root`; one that cannot be read is reported and left out. */
export async function readCatalog(root: string, log: Log): Promise<Catalog> {
  const entries = new Map<string, CatalogEntry>();
  const graderHash = await folderHash(join(root, "grader"));
  for (const slug of await workshopSlugs(root)) {
    try {
      entries.set(slug, await readEntry(root, slug, graderHash));
    } catch (error) {
      log("error", "workshop_unreadable", { slug, error: String(error) });
    }
  }
  return {
    entries: [...entries.values()],
    find: (slug) => entries.get(slug),
    brief: async (slug) =>
      await textOf(join(root, "workshops", slug, "README.md")) ?? "",
    debrief: (slug) => textOf(join(root, "solutions", slug, "NOTES.md")),
    hints: async (slug, stage) => {
      const path = join(root, "workshops", slug, "hints", `${stage}.md`);
      return hintsIn(await textOf(path) ?? "").map(({ text }) => text);
    },
  };
}

async function workshopSlugs(root: string): Promise<string[]> {
  const slugs: string[] = [];
  for await (
    const { name, isDirectory } of Deno.readDir(join(root, "workshops"))
  ) {
    if (isDirectory && /^\d\d-[a-z0-9-]+$/.test(name)) slugs.push(name);
  }
  return slugs.sort();
}

/** A verdict holds for these checks, run by this grader: a mended check judges the same files anew. */
async function readEntry(
  root: string,
  slug: string,
  graderHash: string,
): Promise<CatalogEntry> {
  const dir = join(root, "workshops", slug);
  const text = await Deno.readTextFile(join(dir, "workshop.json"));
  const manifest = JSON.parse(text) as Manifest;
  const testsHash = await folderHash(join(dir, "tests"));
  return {
    workshop: { ...manifest, number: slug.slice(0, 2), slug },
    suiteHash: createHash("sha256").update(graderHash).update(testsHash)
      .update(text).digest("hex"),
  };
}

/** Of the names and the contents of all files in there, if there are any. */
async function folderHash(dir: string): Promise<string> {
  const hash = createHash("sha256");
  const paths = existsSync(dir) ? await filesBelow(dir) : [];
  for (const path of paths.sort()) {
    const bytes = await Deno.readFile(path);
    hash.update(`${path.slice(dir.length)} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}

async function filesBelow(dir: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(dir)) {
    const path = join(dir, name);
    if (isDirectory) files.push(...await filesBelow(path));
    else files.push(path);
  }
  return files;
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
