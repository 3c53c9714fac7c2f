/** Single keys while a component is on the page. */
import { useEffect } from "preact/hooks";
import { useApp } from "../app_context.ts";
import type { Shortcut } from "../models/shortcuts.ts";

export function useShortcuts(
  list: readonly Shortcut[],
  keys: readonly unknown[],
): void {
  const { shortcuts } = useApp();
  useEffect(() => shortcuts.add(list), keys as unknown[]);
}
