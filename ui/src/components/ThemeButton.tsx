/** Light, dark, or as the system has it. */
import { useApp } from "../app_context.ts";
import type { Theme } from "../models/theme.ts";

const LOOKS: Readonly<Record<Theme, { sign: string; word: string }>> = {
  system: { sign: "◐", word: "as your system has it" },
  light: { sign: "○", word: "light" },
  dark: { sign: "●", word: "dark" },
};

export function ThemeButton() {
  const { theme } = useApp();
  const { sign, word } = LOOKS[theme.theme.value];
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={`Theme: ${word}`}
      title={`Theme: ${word}`}
      onClick={theme.next}
    >
      <span aria-hidden="true">{sign}</span>
    </button>
  );
}
