import { startHost } from "./start_host.ts";
import type { Host, HostOptions } from "./types.ts";

/** Hosts started ahead for the same options, so that an instance starts in tens of milliseconds. */
export interface HostPool extends AsyncDisposable {
  /** A host that is started or starting; another one takes its place. */
  take(): Host;
}

/**
 * Keeps `size` hosts waiting. Starting one costs about 0.2 s of processor time, so a pool should be as large as the
 * restarts that come in a row, not larger. Disposing ends those that nobody took.
 */
export function openHostPool(options: HostOptions, size: number): HostPool {
  const waiting: Host[] = [];
  let isOpen = true;
  const fill = () => {
    while (isOpen && waiting.length < size) waiting.push(startHost(options));
  };
  fill();
  return {
    take() {
      if (!isOpen) throw new Error("The pool of hosts is closed");
      const host = waiting.shift() ?? startHost(options);
      refillAfterUse(host, fill);
      return host;
    },
    async [Symbol.asyncDispose]() {
      isOpen = false;
      await Promise.all(waiting.map((host) => host.kill()));
    },
  };
}

/** Not at once: the host that was taken is wanted now, and its successor would compete for the processor. */
function refillAfterUse(host: Host, fill: () => void): void {
  const load = host.load.bind(host);
  host.load = (init) => load(init).finally(fill);
  void host.exit.then(fill);
}
