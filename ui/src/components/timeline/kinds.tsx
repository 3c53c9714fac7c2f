/** What each kind of row is called and how it is drawn. A new kind does not compile until it has a shape. */
import type { JSX } from "preact";
import type { TraceKind } from "@contract/trace.ts";

interface KindLook {
  readonly name: string;
  /** On a grid of 16, filled with the lane's colour. */
  readonly drawing: JSX.Element;
}

export const KINDS: Readonly<Record<TraceKind, KindLook>> = {
  request: { name: "request", drawing: <path d="M2 2 14 8 2 14Z" /> },
  response: { name: "response", drawing: <path d="M14 2 2 8l12 6Z" /> },
  redis: { name: "Redis", drawing: <path d="M8 1 15 8 8 15 1 8Z" /> },
  postgres: {
    name: "SQL",
    drawing: <path d="M2 3.500q6-4 12 0v9q-6 4-12 0Z" />,
  },
  upstream: {
    name: "upstream",
    drawing: <path d="M4.5 2h7L15 8l-3.5 6h-7L1 8Z" />,
  },
  peer: {
    name: "peer",
    drawing: <path d="M1 8l5-5v3h4V3l5 5-5 5v-3H6v3Z" />,
  },
  fault: { name: "fault", drawing: <path d="M9.5 0 3 9h4l-1 7 7-10H8.500Z" /> },
  clock: {
    name: "clock",
    drawing: (
      <path d="M8 1a7 7 0 1 0 .01 0ZM7 4h2v3.500l2.5 1.5-1 1.700L7 8.600Z" />
    ),
  },
  process: {
    name: "process",
    drawing: (
      <path d="M3.5 1 8 5.5 12.5 1 15 3.5 10.5 8l4.5 4.5-2.5 2.500L8 10.5 3.5 15 1 12.5 5.5 8 1 3.500Z" />
    ),
  },
  log: {
    name: "log",
    drawing: (
      <path d="M1 2.500h14v2.400H1Zm0 4.300h10v2.400H1Zm0 4.300h12v2.400H1Z" />
    ),
  },
};

/** A process that begins or goes on; every other row of its kind is an end. */
const BEGINNING = /^(ready|restarted|resumed)/;
const BEGINNING_DRAWING = <path d="M8 1a7 7 0 1 0 .01 0ZM6 4.5 12 8l-6 3.5Z" />;

interface KindMarkProps {
  readonly kind: TraceKind;
  /** What the row says: the beginning and the end of a process differ. */
  readonly text?: string;
  /** An answer is drawn as the outline of its call. */
  readonly isHollow?: boolean;
}

export function KindMark(
  { kind, text = "", isHollow = false }: KindMarkProps,
) {
  const isBeginning = kind === "process" && BEGINNING.test(text);
  return (
    <svg
      viewBox="-1 -1 18 18"
      aria-hidden="true"
      class={`kind-mark inline-block size-3 shrink-0 ${
        isHollow ? "hollow" : ""
      }`}
      fill-rule="evenodd"
    >
      {isBeginning ? BEGINNING_DRAWING : KINDS[kind].drawing}
    </svg>
  );
}
