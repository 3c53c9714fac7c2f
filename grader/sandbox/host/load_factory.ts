import type { SystemFactory } from "@contract/system.ts";
import type { Failure } from "./failure.ts";
import { loadFailure } from "./load_failure.ts";

/** Loads `system.ts` and gives its factory, or what is wrong with it. */
export async function loadFactory(
  submissionUrl: string,
): Promise<SystemFactory | Failure> {
  // Computed on purpose: only then do the read permissions cover all that the file imports (denoland/deno#30301).
  const specifier = submissionUrl + "system.ts";
  let module: Record<string, unknown>;
  try {
    module = await import(specifier);
  } catch (error) {
    return loadFailure(error, submissionUrl);
  }
  if (typeof module.default === "function") {
    return module.default as SystemFactory;
  }
  return { reason: "load_error", message: noFactory(module) };
}

function noFactory(module: Record<string, unknown>): string {
  const rule = "system.ts must default-export a factory (context) => System";
  if (module.default !== undefined) {
    const hint = isSystem(module.default)
      ? "; write: export default (context) => app"
      : "";
    return `${rule}; its default export is ${kindOf(module.default)}${hint}`;
  }
  const names = Object.keys(module).filter((name) => name !== "default");
  return names.length === 0
    ? `${rule}; it exports nothing`
    : `${rule}; it exports ${names.slice(0, 5).join(", ")}, but no default`;
}

/** Whether `value` can answer requests. */
export function isSystem(value: unknown): boolean {
  return typeof value === "object" && value !== null &&
    typeof (value as { fetch?: unknown }).fetch === "function";
}

/** "undefined", "a string", "an object with get, post". */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const keys = Object.keys(value).slice(0, 5);
  return keys.length === 0
    ? "an empty object"
    : `an object with ${keys.join(", ")}`;
}
