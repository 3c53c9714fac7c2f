/** The one look of a button. */
import type { ComponentChildren } from "preact";

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick: () => void;
  /** Clicks are ignored meanwhile; the button keeps the focus, which a disabled one would lose. */
  readonly isBusy?: boolean;
  readonly label?: string;
}

export function Button({ children, onClick, isBusy, label }: ButtonProps) {
  return (
    <button
      type="button"
      class="min-h-8 rounded-sm border border-edge bg-sheet px-3 py-1 text-sm hover:border-ink aria-disabled:opacity-60"
      aria-disabled={isBusy}
      aria-label={label}
      onClick={isBusy ? undefined : onClick}
    >
      {children}
    </button>
  );
}
