/** The one look of a button. */
import type { ComponentChildren } from "preact";

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick: () => void;
  readonly isBusy?: boolean;
  readonly label?: string;
}

export function Button({ children, onClick, isBusy, label }: ButtonProps) {
  return (
    <button
      type="button"
      class="min-h-8 rounded-sm border border-edge bg-sheet px-3 py-1 text-sm hover:border-ink disabled:opacity-60"
      disabled={isBusy}
      aria-label={label}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
