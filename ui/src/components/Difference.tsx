/** Expected and received, side by side, with what differs underlined. */
import { differenceBetween, type Piece } from "../models/difference.ts";
import { CopyButton } from "./CopyButton.tsx";

interface DifferenceProps {
  readonly expected?: string;
  readonly received?: string;
}

export function Difference({ expected, received }: DifferenceProps) {
  if (expected === undefined && received === undefined) return null;
  const pieces = differenceBetween(expected, received);
  return (
    <div class="grid gap-4 sm:grid-cols-2">
      <Side
        name="Expected"
        text={expected}
        pieces={pieces.expected}
        mark="mark-expected"
      />
      <Side
        name="Received"
        text={received}
        pieces={pieces.received}
        mark="mark-received"
      />
    </div>
  );
}

interface SideProps {
  readonly name: "Expected" | "Received";
  readonly text: string | undefined;
  readonly pieces: readonly Piece[];
  readonly mark: string;
}

function Side({ name, text, pieces, mark }: SideProps) {
  if (text === undefined) return null;
  return (
    <section aria-label={name} class="min-w-0">
      <div class="flex items-center justify-between">
        <h3 class="label">{name}</h3>
        <CopyButton text={text} what={`what was ${name.toLowerCase()}`} />
      </div>
      <pre
        class="mt-1 max-h-96 overflow-auto rounded-sm border border-rule bg-sheet p-3 whitespace-pre-wrap"
        tabIndex={0}
      >{pieces.map((piece, index) =>
        piece.isDifferent
          ? <mark key={index} class={mark}>{piece.text}</mark>
          : piece.text)}</pre>
    </section>
  );
}
