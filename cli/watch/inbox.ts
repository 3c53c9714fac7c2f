/** Holds what is to be done next: the last one put in wins, and ends what is under way. */
export class Inbox<T> {
  #item: T | undefined;
  #arrived = Promise.withResolvers<void>();
  #work = new AbortController();

  /** Replaces what waits and aborts the work under way. */
  put(item: T): void {
    this.#item = item;
    this.#work.abort();
    this.#arrived.resolve();
  }

  /** The next item, and a signal for its work that aborts when another arrives. */
  async take(): Promise<{ readonly item: T; readonly signal: AbortSignal }> {
    await this.#arrived.promise;
    this.#arrived = Promise.withResolvers();
    this.#work = new AbortController();
    const item = this.#item as T;
    this.#item = undefined;
    return { item, signal: this.#work.signal };
  }
}
