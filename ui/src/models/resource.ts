/** Something fetched: on its way, here, or refused. */
import { type Signal, signal } from "@preact/signals";
import type { ApiError } from "../api.ts";

export type Resource<T> =
  | { readonly status: "loading" }
  | { readonly status: "ready"; readonly value: T }
  | { readonly status: "failed"; readonly error: ApiError };

export interface LoadedResource<T> {
  readonly state: Signal<Resource<T>>;
  /** Fetches again; what was there stays visible meanwhile, also when the new attempt fails. */
  reload(): Promise<void>;
  dispose(): void;
}

/** Starts to load at once. */
export function loadResource<T>(
  load: (signal: AbortSignal) => Promise<T>,
): LoadedResource<T> {
  const state = signal<Resource<T>>({ status: "loading" });
  let current = new AbortController();

  async function reload() {
    current.abort();
    const own = current = new AbortController();
    if (state.value.status === "failed") state.value = { status: "loading" };
    try {
      const value = await load(own.signal);
      if (!own.signal.aborted) state.value = { status: "ready", value };
    } catch (error) {
      if (own.signal.aborted || state.value.status === "ready") return;
      state.value = { status: "failed", error: error as ApiError };
    }
  }

  void reload();
  return { state, reload, dispose: () => current.abort() };
}
