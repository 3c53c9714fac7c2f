/** Every key that does something here. */
import type { RefObject } from "preact";
import { useApp } from "../app_context.ts";
import { Button } from "./Button.tsx";

const TIMELINE_KEYS = [
  { key: "↑ ↓", does: "In the evidence: the row before, the row after" },
  { key: "← →", does: "In the evidence: from a call to its answer and back" },
  { key: "Home End", does: "In the evidence: the first row, the last row" },
];

interface KeyboardMapProps {
  readonly dialog: RefObject<HTMLDialogElement | null>;
}

export function KeyboardMap({ dialog }: KeyboardMapProps) {
  const { shortcuts } = useApp();
  return (
    <dialog
      ref={dialog}
      aria-labelledby="keyboard-map"
      class="m-auto w-lg max-w-[calc(100vw-2rem)] rounded-sm border border-edge bg-sheet p-6 text-ink backdrop:bg-black/50"
    >
      <h2 id="keyboard-map" class="text-2xl font-semibold">Keyboard map</h2>
      <dl class="mt-4 grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-2">
        {[...shortcuts.active.value, ...TIMELINE_KEYS].map(({ key, does }) => (
          <div key={key} class="contents">
            <dt>
              <kbd class="rounded-sm border border-edge px-2 py-0.5">{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="mt-5 flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          class="size-4 accent-ink"
          checked={shortcuts.isOn.value}
          onChange={(event) =>
            shortcuts.isOn.value = event.currentTarget.checked}
        />
        Single keys do something
      </label>
      <p class="mt-5">
        <Button onClick={() => dialog.current?.close()}>Close</Button>
      </p>
    </dialog>
  );
}
