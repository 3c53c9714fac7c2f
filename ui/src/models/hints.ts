/** Hints of one stage, given one level at a time. */
import { type Signal, signal } from "@preact/signals";
import type { StageHints } from "@contract/api.ts";
import type { Api, ApiError } from "../api.ts";
import { loadResource, type Resource } from "./resource.ts";

export interface Hints {
  readonly state: Signal<Resource<StageHints>>;
  readonly isUnlocking: Signal<boolean>;
  /** Why the last unlocking did not work. */
  readonly refusal: Signal<string | undefined>;
  /** True when a level was unlocked by this call. */
  unlock(): Promise<boolean>;
  reload(): Promise<void>;
  dispose(): void;
}

export function createHints(api: Api, slug: string, stage: number): Hints {
  const resource = loadResource((abort) => api.hints(slug, stage, abort));
  const isUnlocking = signal(false);
  const refusal = signal<string>();

  async function unlock() {
    if (isUnlocking.value) return false;
    isUnlocking.value = true;
    refusal.value = undefined;
    try {
      const value = await api.unlockHint(slug, stage);
      resource.state.value = { status: "ready", value };
      return true;
    } catch (error) {
      refusal.value = (error as ApiError).message;
      return false;
    } finally {
      isUnlocking.value = false;
    }
  }

  const { state, reload, dispose } = resource;
  return { state, isUnlocking, refusal, unlock, reload, dispose };
}
