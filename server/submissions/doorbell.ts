/** Wakes one waiter: a ring while nobody waits is kept, several rings are one. */
export class Doorbell {
  #isRung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  /** Resolves at a ring (true), or after `timeoutMs` or when `signal` aborts (false). */
  async wait(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#isRung && !signal.aborted) await this.#sleep(timeoutMs, signal);
    const wasRung = this.#isRung;
    this.#isRung = false;
    return wasRung;
  }

  async #sleep(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, timeoutMs);
    signal.addEventListener("abort", () => resolve(), { once: true });
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
    clearTimeout(timer);
  }
}
