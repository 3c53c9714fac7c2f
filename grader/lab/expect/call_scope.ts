import { AsyncLocalStorage } from "node:async_hooks";

/** Thrown by every call of a check that goes on after its end; nobody is waiting for it any more. */
export class ScopeEnded extends Error {
  override readonly name = "ScopeEnded";
}

/**
 * The part of a check that a call belongs to. A check that ran out of time, and an operation whose instance was
 * killed, cannot be stopped from outside: but each of their later calls finds its scope ended and throws.
 */
export class CallScope {
  readonly signal: AbortSignal;
  readonly #ended = new AbortController();

  constructor() {
    const outer = currentScope()?.signal;
    this.signal = outer === undefined
      ? this.#ended.signal
      : AbortSignal.any([outer, this.#ended.signal]);
  }

  /** Runs `operation`; all calls that it makes belong to this scope. */
  run<T>(operation: () => Promise<T>): Promise<T> {
    return scopes.run(this, operation);
  }

  end(why: string): void {
    this.#ended.abort(new ScopeEnded(why));
  }
}

const scopes = new AsyncLocalStorage<CallScope>();

export function currentScope(): CallScope | undefined {
  return scopes.getStore();
}

/** Throws when the calling part of the check has been ended. */
export function throwIfScopeEnded(): void {
  currentScope()?.signal.throwIfAborted();
}
