/** Single keys that do things. They can be switched off, as WCAG 2.1.4 asks. */
import { effect, type Signal, signal } from "@preact/signals";

const STORAGE_KEY = "trestle-shortcuts";

export interface Shortcut {
  readonly key: string;
  readonly does: string;
  readonly run: () => void;
}

export interface Shortcuts {
  readonly isOn: Signal<boolean>;
  /** Those that work where the reader is. */
  readonly active: Signal<readonly Shortcut[]>;
  /** Adds some until the returned function is called. */
  add(shortcuts: readonly Shortcut[]): () => void;
  /** True when the key meant something. */
  press(key: string): boolean;
}

export function createShortcuts(storage: Storage): Shortcuts {
  const isOn = signal(storage.getItem(STORAGE_KEY) !== "off");
  const active = signal<readonly Shortcut[]>([]);
  effect(() => storage.setItem(STORAGE_KEY, isOn.value ? "on" : "off"));
  return {
    isOn,
    active,
    add(shortcuts) {
      active.value = [...active.peek(), ...shortcuts];
      return () => {
        active.value = active.peek().filter((each) =>
          !shortcuts.includes(each)
        );
      };
    },
    press(key) {
      if (!isOn.value) return false;
      const shortcut = active.value.findLast((each) => each.key === key);
      shortcut?.run();
      return shortcut !== undefined;
    },
  };
}
