import type { Estimate } from "@contract/estimate.ts";

/** Back of the envelope for a cache; see the design sheet. */
export default [
  {
    id: "04.e1",
    question:
      "{qps} reads a second, of which {hitPercent} % hit the cache. How many reads a second reach the database?",
    inputs: { qps: [10_000, 50_000], hitPercent: [80, 90, 95] },
    unit: "reads/s",
    answer: ({ qps, hitPercent }) => qps! * (100 - hitPercent!) / 100,
    formula:
      "reads × (1 − hit rate): from 80 % to 95 % is a quarter of the load, not a sixth less",
    mixUps: {
      4: "hits for misses",
      9: "hits for misses",
      19: "hits for misses",
    },
  },
  {
    id: "04.e2",
    question:
      "A hit takes 1 ms, a miss {missMs} ms in all. What is the mean latency at {hitPercent} % hits?",
    inputs: { missMs: [20, 50], hitPercent: [80, 90, 95] },
    unit: "ms",
    answer: ({ missMs, hitPercent }) =>
      (hitPercent! + (100 - hitPercent!) * missMs!) / 100,
    formula: "hit rate × 1 ms + (1 − hit rate) × the time of a miss",
  },
  {
    id: "04.e3",
    question:
      "How many million entries of {bytes} bytes, everything included, fit into {gigabytes} GB? (1 GB = 10^9 bytes)",
    inputs: { bytes: [500, 2_000], gigabytes: [20, 64] },
    unit: "million entries",
    answer: ({ bytes, gigabytes }) => gigabytes! * 1e9 / bytes! / 1e6,
    formula: "bytes of memory ÷ bytes per entry",
  },
  {
    id: "04.e4",
    question:
      "One of {nodes} cache nodes is lost. With consistent hashing, what percentage of all keys is cold afterwards?",
    inputs: { nodes: [4, 5, 10] },
    unit: "%",
    answer: ({ nodes }) => 100 / nodes!,
    formula: "only the keys of the lost node: 1 ÷ nodes",
  },
  {
    id: "04.e5",
    question:
      "And with `hash mod {nodes}`, when it becomes `hash mod` one less?",
    inputs: { nodes: [4, 5, 10] },
    unit: "%",
    answer: ({ nodes }) => 100 * (1 - 1 / nodes!),
    formula:
      "a key stays only if both remainders agree: 1 of n keys, so (n − 1) ÷ n move",
    tolerance: 0.05,
  },
  {
    id: "04.e6",
    question:
      "A report takes {loadMs} ms to make and is wanted {perSecond} times a second. It ends, and nothing stops a stampede: how many requests go to make it before the first one is done?",
    inputs: { loadMs: [500, 2_000], perSecond: [200, 1_000] },
    unit: "requests",
    answer: ({ loadMs, perSecond }) => perSecond! * loadMs! / 1000,
    formula: "arrival rate × time to make it (Little's law)",
  },
] satisfies Estimate[];
