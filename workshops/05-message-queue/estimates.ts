import type { Estimate } from "@contract/estimate.ts";

/** Back of the envelope for the broker; see the design sheet. */
export default [
  {
    id: "05.e1",
    question:
      "{perSec} messages a second come in, and a worker needs {workMs} ms for each. How many workers are busy at a time, on average? (Little's law)",
    inputs: {
      perSec: [2_000, 5_000, 10_000],
      workMs: [20, 50, 200],
    },
    unit: "workers",
    answer: ({ perSec, workMs }) => perSec! * workMs! / 1000,
    formula: "messages per second × seconds per message",
    mixUps: { 1000: "milliseconds for seconds" },
  },
  {
    id: "05.e2",
    question:
      "{busy} workers are busy on average. How many do you run so that each is busy {percent} % of the time, and bursts do not wait long?",
    inputs: { busy: [200, 500, 1_000], percent: [60, 70, 80] },
    unit: "workers",
    answer: ({ busy, percent }) => Math.ceil(busy! * 100 / percent!),
    formula: "busy workers ÷ share of the time that each is busy, rounded up",
    tolerance: 0.01,
  },
  {
    id: "05.e3",
    question:
      "Workers are away for {awaySec} s while {inPerSec} messages a second come in. Then they handle {outPerSec} a second, and new ones keep coming. How many seconds until the queue is empty?",
    inputs: {
      awaySec: [300, 600, 1_800],
      inPerSec: [1_000, 2_000],
      outPerSec: [3_000, 4_000],
    },
    unit: "s",
    answer: ({ awaySec, inPerSec, outPerSec }) =>
      awaySec! * inPerSec! / (outPerSec! - inPerSec!),
    formula:
      "what has piled up ÷ (out − in): only the surplus eats into the pile",
  },
  {
    id: "05.e4",
    question:
      "A log keeps {days} days of {perSec} records a second, 1 KB each, in one copy. How many gigabytes is that? (1 GB = 10^9 bytes, 1 KB = 10^3)",
    inputs: { days: [3, 7, 30], perSec: [500, 1_000, 5_000] },
    unit: "GB",
    answer: ({ days, perSec }) => days! * 86_400 * perSec! * 1e3 / 1e9,
    formula: "days × 86,400 × records per second × 10^3 ÷ 10^9",
    mixUps: { 24: "hours for days", 3: "three copies for one" },
  },
  {
    id: "05.e5",
    question:
      "A message fails {attempts} times in a row. It waits {baseMs} ms after the first failure, on average, and twice as long after each further one. How many seconds pass between first and last failure, not counting the work?",
    inputs: { attempts: [5, 8, 10], baseMs: [500, 1_000, 2_000] },
    unit: "s",
    answer: ({ attempts, baseMs }) =>
      baseMs! * (2 ** (attempts! - 1) - 1) / 1000,
    formula:
      "base × (2^(attempts − 1) − 1): one wait less than there are attempts",
    mixUps: { 2: "one wait too many, or too few" },
    tolerance: 0.05,
  },
  {
    id: "05.e6",
    question:
      "{receivers} idle receivers look into the database every {lookMs} ms. How many queries a second do they make, with nothing to do?",
    inputs: { receivers: [50, 200, 1_000], lookMs: [20, 50, 100] },
    unit: "queries/s",
    answer: ({ receivers, lookMs }) => receivers! * 1000 / lookMs!,
    formula: "receivers × 1000 ÷ milliseconds between two looks",
  },
] satisfies Estimate[];
