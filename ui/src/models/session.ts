/** Who is at the page, and whether the server is there. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { SessionView } from "@contract/api.ts";
import type { Api } from "../api.ts";
import { loadResource, type Resource } from "./resource.ts";

/** How often an unreachable server is asked whether it is back. */
const KNOCK_MS = 2000;

export interface Session {
  readonly state: Signal<Resource<SessionView>>;
  reload(): Promise<void>;
}

export function createSession(api: Api): Session {
  return loadResource((abort) => api.session(abort));
}

export interface Contact {
  readonly isReached: ReadonlySignal<boolean>;
  /** To be told of each call: see `ApiOptions.onContact`. */
  report(isReached: boolean): void;
}

/** Knocks while the server is away; `knock` is a call that reports by itself. */
export function createContact(
  knock: () => Promise<unknown>,
  knockMs = KNOCK_MS,
): Contact {
  const isReached = signal(true);
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    isReached,
    report(reached) {
      isReached.value = reached;
      if (reached) {
        clearInterval(timer);
        timer = undefined;
      } else {
        // A failed knock reports itself and needs nothing more.
        timer ??= setInterval(() => knock().catch(() => {}), knockMs);
      }
    },
  };
}
