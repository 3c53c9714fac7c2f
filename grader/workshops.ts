import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Workshop } from "@contract/manifest.ts";
import { parseManifest } from "./manifest.ts";

/** The repository: workshops/, solutions/ and my/ lie in it. */
export const PROJECT_DIR = fileURLToPath(new URL("../", import.meta.url));

/** A workshop and the folder that holds its stub, tests and manifest. */
export interface FoundWorkshop {
  readonly workshop: Workshop;
  readonly dir: string;
}

/** The name that was asked for fits no workshop: the caller's mistake, not a broken file. */
export class UnknownWorkshopError extends Error {
  override readonly name = "UnknownWorkshopError";
}

/** Every workshop below `projectDir`, by number. Throws a TypeError at the first broken manifest. */
export async function findWorkshops(
  projectDir: string = PROJECT_DIR,
): Promise<FoundWorkshop[]> {
  const slugs = await workshopSlugs(projectDir);
  return Promise.all(slugs.map((slug) => readWorkshop(projectDir, slug)));
}

/** The workshop called "3", "03", "03-rate-limiter" or "rate-limiter". */
export async function findWorkshop(
  name: string,
  projectDir: string = PROJECT_DIR,
): Promise<FoundWorkshop> {
  const slugs = await workshopSlugs(projectDir);
  const wanted = name.replace(/\/$/, "").toLowerCase();
  const slug = slugs.find((slug) =>
    slug === wanted || slug.slice(3) === wanted ||
    (/^\d+$/.test(wanted) && Number(slug.slice(0, 2)) === Number(wanted))
  );
  if (slug === undefined) {
    throw new UnknownWorkshopError(
      `There is no workshop ${JSON.stringify(name)}; there are ${
        slugs.join(", ") || "none"
      }`,
    );
  }
  return readWorkshop(projectDir, slug);
}

async function workshopSlugs(projectDir: string): Promise<string[]> {
  const slugs: string[] = [];
  for await (const entry of Deno.readDir(join(projectDir, "workshops"))) {
    if (entry.isDirectory && /^\d\d-/.test(entry.name)) slugs.push(entry.name);
  }
  return slugs.sort();
}

async function readWorkshop(
  projectDir: string,
  slug: string,
): Promise<FoundWorkshop> {
  const dir = join(projectDir, "workshops", slug);
  return { workshop: parseManifest(await manifestText(dir), slug), dir };
}

async function manifestText(dir: string): Promise<string> {
  const path = join(dir, "workshop.json");
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new TypeError(`${path} is missing: it says what the workshop is`, {
      cause,
    });
  }
}
