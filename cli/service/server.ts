import { join } from "node:path";
import { type LogLine, startService } from "./service_process.ts";

export interface StartServerOptions {
  /** Of the database. */
  readonly url: string;
  readonly kitFolder: string;
  readonly port?: number;
  readonly print: (line: string) => void;
}

export interface RunningServer extends AsyncDisposable {
  readonly ended: Promise<unknown>;
}

/** Starts the server and waits until it answers. */
export async function startServer(
  { url, kitFolder, port, print }: StartServerOptions,
): Promise<RunningServer> {
  const listening = Promise.withResolvers<void>();
  const logFile = join(kitFolder, "server.log");
  const service = startService({
    script: "server/main.ts",
    args: port === undefined ? [] : ["--port", String(port)],
    env: { DATABASE_URL: url, TRESTLE_DIR: kitFolder },
    logFile,
    onLog(line) {
      if (line.event === "listening") listening.resolve();
      tell(line, print);
    },
  });
  service.ended.then(({ code }) =>
    listening.reject(
      new Error(
        `The server could not start (exit code ${code}); ${logFile} says why`,
      ),
    )
  );
  await listening.promise;
  return {
    ended: service.ended,
    [Symbol.asyncDispose]: () => service.stop(),
  };
}

/** What a person at the terminal should know; the rest is in the log. */
function tell(line: LogLine, print: (line: string) => void): void {
  if (line.event === "port_taken") {
    print(`Port ${line.wanted} is taken; using ${line.taken}`);
  }
  if (line.event === "worker_role_unavailable") {
    print(`Workers use the server's own database login: ${line.reason}`);
  }
}
