import type { Estimate } from "@contract/estimate.ts";

/** Back of the envelope for any service; see the design sheet. */
export default [
  {
    id: "01.e1",
    question:
      "A service takes {writesPerMonth} writes a month (30 days). How many is that a second, on average?",
    inputs: { writesPerMonth: [50_000_000, 100_000_000, 300_000_000] },
    unit: "writes/s",
    answer: ({ writesPerMonth }) => writesPerMonth! / (30 * 86_400),
    formula:
      "writes ÷ (30 × 86,400 s); a month has about 2.6 million seconds, so 100 million are 38.6 a second",
  },
  {
    id: "01.e2",
    question:
      "There are {readsPerWrite} reads to a write, {writesPerSec} writes a second on average, and the busiest second has {peak} times the average. How many reads a second at the peak?",
    inputs: {
      readsPerWrite: [10, 100],
      writesPerSec: [38.6, 120],
      peak: [2, 3, 5],
    },
    unit: "reads/s",
    answer: ({ readsPerWrite, writesPerSec, peak }) =>
      readsPerWrite! * writesPerSec! * peak!,
    formula: "writes per second × reads per write × peak",
    mixUps: {
      2: "the average for the peak",
      3: "the average for the peak",
      5: "the average for the peak",
    },
  },
  {
    id: "01.e3",
    question:
      "Two parts with {threeNines} and one with {fourNines} are in series: a request needs all three. How many minutes a year is the whole down? (A year has 525,600 minutes.)",
    inputs: { threeNines: [0.999, 0.9995], fourNines: [0.9999, 0.99995] },
    unit: "minutes",
    answer: ({ threeNines, fourNines }) =>
      (1 - threeNines! ** 2 * fourNines!) * 525_600,
    formula:
      "(1 − product of all) × 525,600; for small numbers about the sum of what each is down: three nines twice and four nines once make 1,103 minutes",
    tolerance: 0.02,
    mixUps: { 60: "hours for minutes" },
  },
  {
    id: "01.e4",
    question:
      "A rule of thumb gives {gigabytes} GB of data to {millions} million users and puts {percent} % of the data into the cache. How many gigabytes of cache?",
    inputs: {
      gigabytes: [100, 1_000, 10_000],
      millions: [1, 10],
      percent: [2, 10],
    },
    unit: "GB",
    answer: ({ gigabytes, percent }) => gigabytes! * percent! / 100,
    formula:
      "data × share: 1 TB for 10 million users at 2 % are 20 GB. If 20 % of the hot data are cached and that is 2 % of all, then hot is 10 % of all",
    mixUps: { 5: "20 % of hot data for a share of all data" },
  },
  {
    id: "01.e5",
    question:
      "{terabytes} TB are to be spread over shards of at most {each} TB. How many shards?",
    inputs: { terabytes: [10, 25, 40], each: [2, 3] },
    unit: "shards",
    answer: ({ terabytes, each }) => Math.ceil(terabytes! / each!),
    formula: "data ÷ size of a shard, rounded up: 10 TB at 2 TB are 5",
    tolerance: 0,
  },
  {
    id: "01.e6",
    question:
      "{shards} shards hold {keys} keys, evenly. One more joins. How many keys move, with consistent placement?",
    inputs: { shards: [4, 5, 9], keys: [1_000_000, 60_000_000] },
    unit: "keys",
    answer: ({ shards, keys }) => keys! / (shards! + 1),
    formula:
      "keys ÷ (shards + 1): the share of the newcomer, and no more. hash % n would move all the rest instead",
    mixUps: { 4: "what stays for what moves", 5: "what stays for what moves" },
  },
] satisfies Estimate[];
