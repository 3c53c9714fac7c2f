/** Nothing here yet, and how to change that. */
import type { ComponentChildren } from "preact";

interface EmptyProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

export function Empty({ title, children }: EmptyProps) {
  return (
    <div class="max-w-2xl border-2 border-dashed border-rule p-6">
      <h2 class="text-xl font-semibold">{title}</h2>
      <div class="mt-2 grid gap-3 text-soft">{children}</div>
    </div>
  );
}
