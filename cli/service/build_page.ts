import { createHash } from "node:crypto";
import { join } from "node:path";
import { PROJECT_DIR } from "../../grader/workshops.ts";

const BUILD_MS_MAX = 120_000;

export interface BuildPageOptions {
  readonly onProgress: (message: string) => void;
  readonly projectDir?: string;
  /** Writes ui/dist; the default runs Vite. */
  readonly build?: (projectDir: string) => Promise<void>;
}

/** Builds the dashboard unless ui/dist was made from these very sources. */
export async function buildPage(
  { onProgress, projectDir = PROJECT_DIR, build = runVite }: BuildPageOptions,
): Promise<void> {
  const marker = join(projectDir, "ui/dist/.sources");
  const wanted = await sourcesHash(projectDir);
  const built = await Deno.readTextFile(marker).catch(() => "");
  if (built === wanted) return;
  onProgress("Building the page (only after its sources changed)");
  await build(projectDir);
  await Deno.writeTextFile(marker, wanted);
}

/** Everything that the page is made of: its own files, the contract, and the versions of its packages. */
async function sourcesHash(projectDir: string): Promise<string> {
  const hash = createHash("sha256");
  const paths = [
    ...await filesBelow(join(projectDir, "ui")),
    ...await filesBelow(join(projectDir, "contract")),
    join(projectDir, "deno.lock"),
  ];
  for (const path of paths.sort()) {
    hash.update(`${path.slice(projectDir.length)}\0`)
      .update(await Deno.readFile(path));
  }
  return hash.digest("hex");
}

async function filesBelow(dir: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(dir)) {
    if (name === "dist" || name === "testdata") continue;
    const path = join(dir, name);
    if (isDirectory) files.push(...await filesBelow(path));
    else if (!name.endsWith("_test.ts")) files.push(path);
  }
  return files;
}

async function runVite(projectDir: string): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "npm:vite", "build", "ui", "--logLevel", "warn"],
    cwd: projectDir,
    stdin: "null",
    signal: AbortSignal.timeout(BUILD_MS_MAX),
  }).output();
  if (success) return;
  const text = new TextDecoder();
  throw new Error(
    `The page could not be built:\n${text.decode(stdout)}${
      text.decode(stderr)
    }`,
  );
}
