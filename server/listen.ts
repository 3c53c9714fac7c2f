import type { Log } from "./log.ts";

/** The port of a first start; a later one takes that of the last. */
const FIRST_PORT = 7390;

/** Ports tried, one after the other, before the system chooses. */
const PORTS_TRIED = 10;

export interface ListenOptions {
  /** Tried first. */
  readonly port?: number;
  readonly log: Log;
}

/** Serves on the loopback interface, on the wanted port or the next one that is free. */
export function listen(
  handler: (request: Request) => Response | Promise<Response>,
  { port = FIRST_PORT, log }: ListenOptions,
): Deno.HttpServer<Deno.NetAddr> {
  const wanted = Array.from({ length: PORTS_TRIED }, (_, step) => port + step);
  for (const candidate of [...wanted.filter((each) => each < 65_536), 0]) {
    try {
      const server = Deno.serve({
        hostname: "127.0.0.1",
        port: candidate,
        onListen: () => {},
      }, handler);
      if (candidate !== port) {
        log("warning", "port_taken", { wanted: port, taken: server.addr.port });
      }
      return server;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error(`No port on 127.0.0.1 is free, not even one of the system's`);
}
