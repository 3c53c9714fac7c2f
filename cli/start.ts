/**
 * `deno task start`: sets up what is missing, then runs the server and one worker until Ctrl-C.
 *
 * @module
 */
import { join } from "node:path";
import { buildHostBundle } from "../grader/sandbox/mod.ts";
import { startKitDatabase } from "../grader/stores/mod.ts";
import { makeKitFolder } from "../grader/stores/kit_folder.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
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
  using lock = await takeStartLock(kitFolder);
  using interrupt = onInterrupt();
  const { signal } = interrupt;
  try {
    if (lock.status === "taken") {
      print(`Trestle runs already, started by process ${lock.pid}`);
      print(await greeting(signal));
      return EXIT.passed;
    }
    return await runKit({ kitFolder, port, print, signal });
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  }
}

interface KitOptions extends Required<Pick<StartOptions, "print">> {
  readonly kitFolder: string;
  readonly port?: number;
  readonly signal: AbortSignal;
}

/** Holds everything open until Ctrl-C, then closes it, last first. */
async function runKit(
  { kitFolder, port, print, signal }: KitOptions,
): Promise<ExitCode> {
  await using opened = new AsyncDisposableStack();
  // Of a start that was killed: nobody should ask that server any more.
  await Deno.remove(join(kitFolder, "server.json")).catch(() => {});
  const onProgress = (message: string) => print(paint("dim", message));
  const page = buildPage({ onProgress });
  page.catch(() => {}); // Awaited below; what is opened until then must be closed.

  const { url } = opened.use(await openDatabase({ onProgress, signal }));
  const server = opened.use(await startServer({ url, kitFolder, port, print }));
  await page;
  buildHostBundle({ onProgress });
  print(await greeting(signal));
  opened.use(keepWorking({ kitFolder, print }));

  await Promise.race([aborted(signal), server.ended]);
  if (signal.aborted) {
    print("Stopping. What is being graded goes on at the next start");
    return EXIT.passed;
  }
  const logFile = join(kitFolder, "server.log");
  print(`The server ended by itself; ${logFile} says why`);
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

async function greeting(signal: AbortSignal): Promise<string> {
  const link = await requestEnterLink(signal);
  return `Trestle is ready: ${paint(["bold", "underline"], link)}\n` +
    paint(
      "dim",
      "The link works once; `deno task start` prints another. Ctrl-C stops",
    );
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true })
  );
}
