import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { type DatabaseAddress, parseDatabaseUrl } from "./db/connect.ts";

/** What the server is told from outside. */
export interface Config {
  readonly database: DatabaseAddress;
  /** Folder of server.json and of the last port. */
  readonly stateDir: string;
  /** The repository: workshops/, solutions/ and the page lie in it. */
  readonly projectDir: string;
  readonly port?: number;
  /** The server ends when its standard input closes. */
  readonly isTied: boolean;
}

const PORT = z.coerce.number().int().min(1).max(65_535).optional();

/** Reads arguments first, then the environment. Throws an error that names the field. */
export function readConfig(
  args: string[],
  env: Readonly<Record<string, string | undefined>>,
): Config {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string" },
      tied: { type: "boolean", default: false },
    },
  });
  if (!env.DATABASE_URL) {
    throw new Error(
      "The server needs DATABASE_URL; `deno task start` sets up a database and starts it",
    );
  }
  const projectDir = fileURLToPath(new URL("../", import.meta.url));
  return {
    database: parseDatabaseUrl(env.DATABASE_URL),
    stateDir: env.TRESTLE_DIR || join(projectDir, ".trestle"),
    projectDir,
    port: parsePort(values.port ?? env.PORT),
    isTied: values.tied,
  };
}

function parsePort(text: string | undefined): number | undefined {
  const port = PORT.safeParse(text);
  if (port.success) return port.data;
  throw new RangeError(`A port is a number from 1 to 65535, not "${text}"`);
}
