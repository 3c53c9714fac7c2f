import type { Estimate } from "@contract/estimate.ts";

/** Back of the envelope for the limiter; see the design sheet. */
export default [
  {
    id: "03.e1",
    question:
      "{keys} clients send {limit} requests a minute each, and a sliding log keeps 8 bytes for each request of the last minute. How many megabytes is that, entries alone? (1 MB = 10^6 bytes)",
    inputs: {
      keys: [500_000, 1_000_000, 2_000_000],
      limit: [50, 100, 200],
    },
    unit: "MB",
    answer: ({ keys, limit }) => keys! * limit! * 8 / 1e6,
    formula: "clients × requests per minute × 8 ÷ 10^6",
  },
  {
    id: "03.e2",
    question:
      "A sliding counter keeps two numbers of 8 bytes for each of {keys} clients. How many megabytes? (1 MB = 10^6 bytes)",
    inputs: { keys: [500_000, 1_000_000, 4_000_000] },
    unit: "MB",
    answer: ({ keys }) => keys! * 16 / 1e6,
    formula:
      "clients × 2 × 8 ÷ 10^6: what each request costs a log, a client costs a counter twice",
    mixUps: { 2: "one number for two" },
  },
  {
    id: "03.e3",
    question:
      "{instances} instances behind a load balancer each allow a client {limit} ÷ {instances} requests a minute, with nothing shared. A client with one long-lived connection always meets the same instance. How many requests a minute does it really get?",
    inputs: { instances: [5, 10, 20], limit: [100, 600, 1000] },
    unit: "requests/min",
    answer: ({ instances, limit }) => limit! / instances!,
    formula:
      "limit ÷ instances: the other instances' shares are out of its reach",
    tolerance: 0,
    mixUps: {
      5: "the whole limit for one share",
      10: "the whole limit for one share",
      20: "the whole limit for one share",
    },
  },
  {
    id: "03.e4",
    question:
      "A fixed window admits {limit} requests a minute. How many can one client get admitted within two seconds, if it chooses them well?",
    inputs: { limit: [60, 100, 500] },
    unit: "requests",
    answer: ({ limit }) => 2 * limit!,
    formula:
      "2 × limit: all of one window in its last second, all of the next in its first",
    tolerance: 0,
    mixUps: { 2: "one window for the two around the boundary" },
  },
  {
    id: "03.e5",
    question:
      "A gateway decides {perSec} requests a second and each decision is one round trip to Redis, which carries out {redisPerSec} such scripts a second on one core. How many Redis shards does it take at 60 % load each?",
    inputs: {
      perSec: [100_000, 300_000, 500_000],
      redisPerSec: [50_000, 80_000],
    },
    unit: "shards",
    answer: ({ perSec, redisPerSec }) =>
      Math.ceil(perSec! / (redisPerSec! * 0.6)),
    formula: "decisions per second ÷ (scripts per second × 0.6), rounded up",
    tolerance: 0,
  },
  {
    id: "03.e6",
    question:
      "An API answers in {latencyMs} ms and gets {perSec} requests a second. How many requests are under way at a time, on average? (Little's law)",
    inputs: { latencyMs: [50, 200, 2000], perSec: [100, 500, 2000] },
    unit: "requests",
    answer: ({ latencyMs, perSec }) => latencyMs! / 1000 * perSec!,
    formula: "requests per second × seconds per request",
    mixUps: { 1000: "milliseconds for seconds" },
  },
] satisfies Estimate[];
