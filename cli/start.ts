/**
 * `deno task start`: sets up what is missing, then runs the server and one worker until Ctrl-C.
 *
 * @module
 */
import { join } from "node:path";
import { startKitDatabase } from "../grader/stores/mod.ts";
import { makeKitFolder } from "../grader/stores/kit_folder.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import { findServer } from "./server_client.ts";
import { buildPage } from "./service/build_page.ts";
import { databaseUrl } from "./service/database_url.ts";
import { requestEnterLink } from "./service/enter_link.ts";
import { startServer } from "./service/server.ts";
import { takeStartLock } from "./service/start_lock.ts";
import { keepWorking } from "./service/worker.ts";
import { onInterrupt } from "./signals.ts";
import { paint } from "./terminal/paint.ts";

export interface StartOptions {
  /** Tried first; the next free one is taken when it is not. Default: that of the last start. */
  readonly port?: number;
  readonly print?: (line: string) => void;
}

/** Runs until it is interrupted. A second start beside a first one prints the first one's link. */
export async function start(
  { port, print = console.log }: StartOptions = {},
): Promise<ExitCode> {
  const kitFolder = await makeKitFolder();
  const lock = await takeStartLock(kitFolder);
  if (lock.status === "taken") return await greetAgain(lock.pid, print);

  await using opened = new AsyncDisposableStack();
  opened.use(lock);
  using interrupt = onInterrupt();
  const { signal } = interrupt;
  const onProgress = (message: string) => print(paint("dim", message));

  const [database] = await Promise.all([
    openDatabase({ onProgress, signal }),
    buildPage({ onProgress }),
  ]);
  opened.use(database);
  const server = opened.use(
    await startServer({ url: database.url, kitFolder, port, print }),
  );
  print(await greeting());
  opened.use(await keepWorking({ kitFolder, print }));

  await Promise.race([aborted(signal), server.ended]);
  if (signal.aborted) {
    print("Stopping. What is being graded goes on at the next start");
    return EXIT.passed;
  }
  print(
    `The server ended by itself; ${join(kitFolder, "server.log")} says why`,
  );
  return EXIT.wrong;
}

/** The kit's own database, or the one that DATABASE_URL names. */
async function openDatabase(
  options: { onProgress: (message: string) => void; signal: AbortSignal },
): Promise<{ readonly url: string } & AsyncDisposable> {
  const url = Deno.env.get("DATABASE_URL");
  if (url) return { url, [Symbol.asyncDispose]: () => Promise.resolve() };
  const kit = await startKitDatabase(options);
  return {
    url: databaseUrl(kit.connection),
    [Symbol.asyncDispose]: () => kit[Symbol.asyncDispose](),
  };
}

async function greeting(): Promise<string> {
  const link = await requestEnterLink(await findServer());
  return `Trestle is ready: ${paint(["bold", "underline"], link)}\n` +
    paint(
      "dim",
      "The link works once; `deno task start` prints another. Ctrl-C stops",
    );
}

async function greetAgain(
  pid: number,
  print: (line: string) => void,
): Promise<ExitCode> {
  print(`Trestle runs already, started by process ${pid}`);
  print(await greeting());
  return EXIT.passed;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true })
  );
}
