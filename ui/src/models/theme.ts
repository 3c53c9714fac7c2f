/** Light, dark, or as the system has it. public/theme.js applies the choice before the first paint. */
import { effect, type Signal, signal } from "@preact/signals";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = typeof THEMES[number];

const KEY = "trestle-theme";

export interface ThemeChoice {
  readonly theme: Signal<Theme>;
  next(): void;
}

export function createTheme(
  storage: Storage,
  dataset: DOMStringMap,
): ThemeChoice {
  const stored = THEMES.find((each) => each === storage.getItem(KEY));
  const theme = signal<Theme>(stored ?? "system");
  effect(() => {
    if (theme.value === "system") {
      storage.removeItem(KEY);
      delete dataset.theme;
    } else {
      storage.setItem(KEY, theme.value);
      dataset.theme = theme.value;
    }
  });
  return {
    theme,
    next() {
      const index = THEMES.indexOf(theme.value) + 1;
      theme.value = THEMES[index % THEMES.length]!;
    },
  };
}
