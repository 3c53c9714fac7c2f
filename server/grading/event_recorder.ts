import type { RunEvent } from "@contract/events.ts";
import type { Attempt, WorkerApi } from "./worker_api.ts";

/** Writes the events of one run in their order, without making the run wait. */
export class EventRecorder {
  readonly #api: WorkerApi;
  readonly #attempt: Attempt;
  #written: Promise<void> = Promise.resolve();

  constructor(api: WorkerApi, attempt: Attempt) {
    this.#api = api;
    this.#attempt = attempt;
  }

  /** Takes an event. The end of the run is recorded with its result, not here. */
  record(event: RunEvent): void {
    if (event.kind === "run_finished") return;
    this.#written = this.#written.then(async () => {
      await this.#api.recordEvent(this.#attempt, event);
    });
    // `settled` reports it; until then it must not count as unhandled.
    this.#written.catch(() => {});
  }

  /** Resolves when everything is written; rejects if something could not be. */
  settled(): Promise<void> {
    return this.#written;
  }
}
