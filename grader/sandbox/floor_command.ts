import type { HostLimits } from "./types.ts";

/** A process to start: the whole of its environment, and whom it runs as. */
export interface FloorCommand {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
}

/** What every floor gets to wrap. */
export interface FloorOptions {
  /** Deno with its flags. */
  readonly command: readonly string[];
  readonly limits: HostLimits;
  /** All that the process may see of the machine; the first of the read-only ones is the submission. */
  readonly folders: {
    readonly readOnly: readonly string[];
    readonly writable: readonly string[];
  };
  /** For Deno's own caches, `localStorage` among them; lies in a writable folder. Never shared by two processes, or one could tell the next. */
  readonly denoDir: string;
}
