/** Reports in Redis, and the lease of whoever is loading one: all that instances know of each other's work. */
import type { Context } from "@contract/system.ts";
import { notImplemented } from "./problem.ts";

export type Glance =
  | { readonly status: "fresh"; readonly body: string }
  | { readonly status: "stale"; readonly body: string }
  | { readonly status: "miss" };

export interface ReportCache {
  glance(id: string): Promise<Glance>;
  /** Takes the lease if nobody has it and the report is not fresh. The token is needed to end it. */
  takeLease(id: string, token: string): Promise<Glance | "leased" | "busy">;
  store(id: string, body: string): Promise<void>;
  endLease(id: string, token: string): Promise<void>;
}

export function reportCache(_context: Context): ReportCache {
  // TODO 04.6
  const toBuild = () =>
    Promise.reject(notImplemented("04.6", "keep reports in Redis"));
  return {
    glance: toBuild,
    takeLease: toBuild,
    store: toBuild,
    endLease: toBuild,
  };
}
