import type { Sql } from "postgres";
import type { SubmissionEvent } from "@contract/events.ts";
import { type QueuePlace, readQueueLine } from "./queue_line.ts";

/** Several changes of the line within this time are told as one. */
const QUEUE_CHANGE_MS = 250;

/** Events after which the line looks different. */
const QUEUE_KINDS: ReadonlySet<string> = new Set<SubmissionEvent["kind"]>([
  "queued",
  "claimed",
  "lease_lost",
  "canceled",
  "run_finished",
]);

/** A new event of a submission; what it says is read from its row. */
export interface EventNotice {
  readonly submissionId: string;
  readonly personId: string;
  readonly kind: string;
}

export interface HubListener {
  onEvent?(notice: EventNotice): void;
  /** The line as it stands now, by submission. */
  onQueue?(line: ReadonlyMap<string, QueuePlace>): void;
  /** The connection was lost for a while: notices may be missing. */
  onGap?(): void;
}

/** Tells every stream of this server what happens, over one database connection. */
export class EventHub implements AsyncDisposable {
  readonly #sql: Sql;
  readonly #listeners = new Set<HubListener>();
  #queueTimer: ReturnType<typeof setTimeout> | undefined;
  #unlisten: () => Promise<void> = () => Promise.resolve();

  private constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Starts to listen; what is committed after this is not missed. */
  static async start(sql: Sql): Promise<EventHub> {
    const hub = new EventHub(sql);
    const { unlisten } = await sql.listen(
      "trestle_event",
      (payload) => hub.#receive(payload),
      // Called again after each reconnection.
      () => hub.#each((listener) => listener.onGap?.()),
    );
    hub.#unlisten = unlisten;
    return hub;
  }

  /** Adds a listener until the result is disposed. */
  subscribe(listener: HubListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#queueTimer);
    this.#listeners.clear();
    await this.#unlisten();
  }

  #receive(payload: string): void {
    const [submissionId = "", personId = "", kind = ""] = payload.split(" ");
    this.#each((listener) =>
      listener.onEvent?.({ submissionId, personId, kind })
    );
    if (QUEUE_KINDS.has(kind)) {
      this.#queueTimer ??= setTimeout(() => this.#tellQueue(), QUEUE_CHANGE_MS);
    }
  }

  async #tellQueue(): Promise<void> {
    this.#queueTimer = undefined;
    const isWanted = [...this.#listeners].some(({ onQueue }) => onQueue);
    if (!isWanted) return;
    const line = await readQueueLine(this.#sql).catch(() => undefined);
    // Without the database there is no line to tell; the next change tries again.
    if (line) this.#each((listener) => listener.onQueue?.(line));
  }

  #each(tell: (listener: HubListener) => void): void {
    for (const listener of [...this.#listeners]) tell(listener);
  }
}
