import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LEARNER_IMPORTS } from "./learner_imports.ts";
import { mendPostgres } from "./mend_postgres.ts";
import { sandboxFolder } from "./sandbox_folder.ts";
import { fillCache } from "./fill_cache.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const SANDBOX = join(PROJECT, "grader/sandbox");

/** Seven days. */
const BUNDLE_AGE_MS_MAX = 7 * 24 * 3_600_000;

/** The bundled host: everything that a sandboxed process reads beside the submission. */
export interface HostBundle {
  readonly dir: string;
  readonly main: string;
  readonly importMap: string;
  /** A DENO_DIR with V8's code cache of the bundle; each host starts on a copy, in 0.1 s instead of 0.25 s. */
  readonly warmCache: string;
}

let built: HostBundle | undefined;

/**
 * Gives the bundled host, building it when its sources, the dependencies or Deno changed (0.7 s). A bundle, because
 * the sandbox has neither packages nor a network, and because one file is parsed faster than 700.
 */
export function buildHostBundle(
  { onProgress = () => {} }: {
    readonly onProgress?: (message: string) => void;
  } = {},
): HostBundle {
  if (built !== undefined) return built;
  const dir = join(sandboxFolder(), `host-${hashSources()}`);
  const bundle = {
    dir,
    main: join(dir, "host.js"),
    importMap: join(dir, "import_map.json"),
    warmCache: `${dir}-cache`,
  };
  if (!existsSync(dir)) {
    onProgress("Preparing the sandbox (once)");
    removeOldBundles();
    buildAtomically(dir, writeBundle);
  }
  // The cache holds for the bundle's final path, so it cannot be part of the same step.
  if (!existsSync(bundle.warmCache)) {
    buildAtomically(bundle.warmCache, (draft) => fillCache(bundle, draft));
  }
  return built = bundle;
}

function hashSources(): string {
  const hash = createHash("sha256").update(Deno.version.deno);
  const sources = [SANDBOX, join(SANDBOX, "host")].flatMap((folder) =>
    [...Deno.readDirSync(folder)]
      .filter(({ name }) => /(?<!_test)\.(ts|cjs)$/.test(name))
      .map(({ name }) => join(folder, name)).sort()
  );
  const files = [
    ...sources,
    join(PROJECT, "contract/system.ts"),
    join(PROJECT, "deno.lock"),
  ];
  for (const file of files) {
    hash.update(file).update(Deno.readFileSync(file));
  }
  return hash.digest("hex").slice(0, 16);
}

/** What earlier versions of the kit left; no host lives as long as this. */
function removeOldBundles(): void {
  for (const { name } of Deno.readDirSync(sandboxFolder())) {
    if (!name.startsWith("host-")) continue;
    const folder = join(sandboxFolder(), name);
    const { mtime } = Deno.statSync(folder);
    const ageMs = Date.now() - (mtime?.getTime() ?? Date.now());
    if (ageMs > BUNDLE_AGE_MS_MAX) Deno.removeSync(folder, { recursive: true });
  }
}

/** Builds beside and renames: whoever looks sees all of it or nothing, and two processes may build at once. */
function buildAtomically(dir: string, build: (draft: string) => void): void {
  const draft = Deno.makeTempDirSync({
    dir: dirname(dir),
    prefix: `${basename(dir)}.`,
  });
  Deno.chmodSync(draft, 0o755);
  try {
    build(draft);
    Deno.renameSync(draft, dir);
  } catch (error) {
    Deno.removeSync(draft, { recursive: true });
    if (!existsSync(dir)) throw error;
  }
}

function writeBundle(dir: string): void {
  const entries = join(dir, "entries");
  Deno.mkdirSync(entries);
  writeEntries(entries);
  bundle(entries, dir);
  mendPostgres(dir);
  Deno.removeSync(entries, { recursive: true });
  writeContract(dir);
  writeImportMap(dir);
  // Whatever our umask: the sandbox may run as another account.
  for (const { name, isFile } of Deno.readDirSync(dir)) {
    if (isFile) Deno.chmodSync(join(dir, name), 0o644);
  }
}

function writeEntries(folder: string): void {
  const main = JSON.stringify(join(SANDBOX, "host/main.ts"));
  Deno.writeTextFileSync(join(folder, "host.ts"), `import ${main};\n`);
  for (const name of LEARNER_IMPORTS) {
    const file = join(folder, `${fileOf(name)}.ts`);
    Deno.writeTextFileSync(file, entryOf(name));
  }
}

/** Gives on what a package exports. Of a CommonJS one only names that are spelt out: `export *` finds none there. */
function entryOf(name: string): string {
  const specifier = JSON.stringify(name);
  if (name === "redis") {
    const names = Object.keys(createRequire(import.meta.url)("@redis/client"));
    return `export { ${names.join(", ")} } from ${specifier};\n`;
  }
  const byDefault = `export { default } from ${specifier};\n`;
  return `export * from ${specifier};\n${name === "postgres" ? byDefault : ""}`;
}

function bundle(entries: string, outdir: string): void {
  const files = [...Deno.readDirSync(entries)].map(({ name }) =>
    join(entries, name)
  );
  const { success, stderr } = new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--platform=deno",
      // One copy of each library, shared by the host and the learner's code.
      "--code-splitting",
      `--config=${join(PROJECT, "deno.json")}`,
      `--outdir=${outdir}`,
      ...files,
    ],
    stdout: "null",
  }).outputSync();
  if (success) return;
  throw new Error(
    `Bundling the host of the systems under test failed. Run "deno install" in ${PROJECT}, with a ` +
      `network (the first time Deno fetches its bundler). It said: ${
        new TextDecoder().decode(stderr).slice(-2_000)
      }`,
  );
}

/** Learners import types from the contract; a plain `import` of them is looked up at run time too. */
function writeContract(dir: string): void {
  Deno.mkdirSync(join(dir, "contract"));
  Deno.chmodSync(join(dir, "contract"), 0o755);
  const copy = join(dir, "contract/system.ts");
  Deno.copyFileSync(join(PROJECT, "contract/system.ts"), copy);
  Deno.chmodSync(copy, 0o644);
}

function writeImportMap(dir: string): void {
  const imports = Object.fromEntries(
    LEARNER_IMPORTS.map((name) => [name, `./${fileOf(name)}.js`]),
  );
  Deno.writeTextFileSync(
    join(dir, "import_map.json"),
    JSON.stringify({ imports: { "@contract/": "./contract/", ...imports } }),
  );
}

function fileOf(specifier: string): string {
  return specifier.replace("/", "_");
}
