import type { Context, System } from "@contract/system.ts";
import { openClockFile } from "../clock_file.ts";
import type { HostInit } from "../types.ts";
import { type Failure, failureOf } from "./failure.ts";
import { installFetchGuard } from "./fetch_guard.ts";
import { isSystem, kindOf, loadFactory } from "./load_factory.ts";
import { makeContext } from "./make_context.ts";
import { serveHttp } from "./serve_http.ts";
import { serveTcp } from "./serve_tcp.ts";
import { stopOnSignal } from "./stop_on_signal.ts";
import { virtualClock } from "./virtual_clock.ts";
import { installVirtualDate } from "./virtual_date.ts";
import { installVirtualTemporal } from "./virtual_temporal.ts";

export interface StartInstanceOptions {
  readonly submissionUrl: string;
  readonly dataDir: string;
  /** Ends the process for this reason. */
  readonly onFailure: (failure: Failure) => void;
  readonly exit: (code: number) => never;
}

/** Becomes the instance that `init` describes, or says why the learner's code does not let it. */
export async function startInstance(
  init: HostInit,
  { submissionUrl, dataDir, onFailure, exit }: StartInstanceOptions,
): Promise<"listening" | Failure> {
  const now = openClockFile(init.clockFile);
  installVirtualDate(now);
  installVirtualTemporal(now);
  installFetchGuard(submissionUrl, onFailure);
  const stopping = new AbortController();
  // Connecting to Redis and parsing the learner's files have nothing to wait for from each other.
  const [context, factory] = await Promise.all([
    makeContext({
      init,
      clock: virtualClock(now),
      dataDir,
      signal: stopping.signal,
      submissionUrl,
    }),
    loadFactory(submissionUrl),
  ]);
  if (typeof factory !== "function") return factory;
  const system = await makeSystem(() => factory(context), submissionUrl);
  if ("reason" in system) return system;
  const servers = serve(system, { init, context, submissionUrl, onFailure });
  stopOnSignal({ system, servers, stopping, log: context.log, exit });
  return "listening";
}

async function makeSystem(
  make: () => System | Promise<System>,
  submissionUrl: string,
): Promise<System | Failure> {
  try {
    const system = await make();
    if (isSystem(system)) return system;
    return {
      reason: "load_error",
      message:
        "The factory of system.ts must return a System, an object with a fetch method; " +
        `it returned ${kindOf(system)}`,
    };
  } catch (error) {
    return failureOf(error, {
      reason: "load_error",
      doing: "The factory of system.ts failed",
      submissionUrl,
    });
  }
}

function serve(system: System, { init, context, submissionUrl, onFailure }: {
  readonly init: HostInit;
  readonly context: Context;
  readonly submissionUrl: string;
  readonly onFailure: (failure: Failure) => void;
}): { shutdown(): Promise<void> }[] {
  const describe = (doing: string) => (error: unknown): string => {
    const failure = failureOf(error, {
      reason: "crashed",
      doing,
      submissionUrl,
    });
    context.log(failure.message);
    // One failed request is the learner's to handle; these two make the whole run void.
    if (failure.reason !== "crashed") onFailure(failure);
    return failure.message;
  };
  const http = serveHttp({
    socket: init.httpSocket,
    system,
    onError: describe("fetch() failed"),
  });
  if (system.tcp === undefined) return [http];
  const tcp = serveTcp({
    socket: init.tcpSocket,
    tcp: (connection) => system.tcp!(connection),
    onError: describe("tcp() failed"),
  });
  return [http, tcp];
}
