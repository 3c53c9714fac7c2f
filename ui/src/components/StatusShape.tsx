/** The shape of a status: readable without its colour. */
import type { JSX } from "preact";
import type { Shape, Tone } from "./statuses.ts";

const TONES: Readonly<Record<Tone, string>> = {
  pass: "text-pass",
  fail: "text-fail",
  wait: "text-wait",
  calm: "text-faint",
};

/** On a grid of 16; `knockout` strokes are drawn in the colour of the page. */
const SHAPES: Readonly<Record<Shape, () => JSX.Element>> = {
  check: () => (
    <>
      <circle cx="8" cy="8" r="7" class="fill-current" />
      <path d="m4.6 8.3 2.4 2.4 4.4-5" class="knockout" />
    </>
  ),
  cross: () => (
    <>
      <rect x="1" y="1" width="14" height="14" rx="2" class="fill-current" />
      <path d="m5 5 6 6m0-6-6 6" class="knockout" />
    </>
  ),
  alert: () => (
    <>
      <path d="M8 .8 15.6 15H.4Z" class="fill-current" />
      <path d="M8 6v4m0 2v.6" class="knockout" />
    </>
  ),
  clock: () => (
    <path d="M8 1.5a6.5 6.5 0 1 0 .01 0M8 4.5V8l2.6 1.8" class="line" />
  ),
  dash: () => (
    <>
      <circle cx="8" cy="8" r="6.4" class="line" stroke-dasharray="2 2.4" />
    </>
  ),
  question: () => (
    <>
      <path d="M8 .6 15.4 8 8 15.4.6 8Z" class="fill-current" />
      <path
        d="M6.2 6.6a1.8 1.8 0 1 1 2.5 1.6q-.7.4-.7 1.1m0 2v.4"
        class="knockout"
      />
    </>
  ),
  hidden: () => (
    <path
      d="M1.5 9.5q6.5 5 13 0M3 11l-1 1.800M8 12.300v2.200M13 11l1 1.8"
      class="line"
    />
  ),
  turning: () => (
    <>
      <circle cx="8" cy="8" r="6.4" class="line opacity-30" />
      <path d="M8 1.6A6.4 6.4 0 0 1 14.4 8" class="line turning" />
    </>
  ),
  dot: () => <circle cx="8" cy="8" r="5.5" class="line" />,
  half: () => (
    <>
      <circle cx="8" cy="8" r="6.4" class="line" />
      <path d="M8 1.600a6.4 6.4 0 0 1 0 12.800Z" class="fill-current" />
    </>
  ),
};

interface StatusShapeProps {
  readonly shape: Shape;
  readonly tone: Tone;
}

/** Always beside a word, or inside something that has a label. */
export function StatusShape({ shape, tone }: StatusShapeProps) {
  const Drawing = SHAPES[shape];
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden="true"
      class={`status-shape inline-block size-4 shrink-0 ${TONES[tone]}`}
    >
      <Drawing />
    </svg>
  );
}
