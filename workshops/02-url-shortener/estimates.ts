import type { Estimate } from "@contract/estimate.ts";

/** Back of the envelope for the shortener; see the design sheet. */
export default [
  {
    id: "02.e1",
    question:
      "A shortener gets {linksPerMonth} new links a month and keeps them for {years} years. How many links is that in the end?",
    inputs: {
      linksPerMonth: [50_000_000, 100_000_000, 200_000_000],
      years: [5, 10],
    },
    unit: "links",
    answer: ({ linksPerMonth, years }) => linksPerMonth! * 12 * years!,
    formula: "links per month × 12 × years",
    tolerance: 0.05,
    mixUps: { 12: "months for years" },
  },
  {
    id: "02.e2",
    question:
      "How many characters of base 62 does a *counter* need for {links} links?",
    inputs: { links: [500_000_000, 12_000_000_000, 100_000_000_000] },
    unit: "characters",
    answer: ({ links }) => Math.ceil(Math.log(links!) / Math.log(62)),
    formula:
      "the smallest n with 62^n ≥ links; 62^5 = 0.92 × 10^9, 62^6 = 56.8 × 10^9",
    tolerance: 0,
  },
  {
    id: "02.e3",
    question:
      "And how many when codes are *random* and at most 1 % of the space may be taken, so that a new code is free 99 times out of 100? ({links} links)",
    inputs: { links: [100_000_000, 12_000_000_000, 30_000_000_000] },
    unit: "characters",
    answer: ({ links }) => Math.ceil(Math.log(links! * 100) / Math.log(62)),
    formula:
      "the smallest n with 62^n ≥ 100 × links: a counter may fill the space, a random code must find a free place",
    tolerance: 0,
  },
  {
    id: "02.e4",
    question:
      "How many terabytes are {links} links of {bytes} bytes each? (1 TB = 10^12 bytes)",
    inputs: {
      links: [6_000_000_000, 12_000_000_000],
      bytes: [250, 500, 1000],
    },
    unit: "TB",
    answer: ({ links, bytes }) => links! * bytes! / 1e12,
    formula: "links × bytes ÷ 10^12",
  },
  {
    id: "02.e5",
    question:
      "There are {readsPerDay} redirects a day of links of 500 bytes. How many gigabytes of cache hold the 20 % that get most of them? (1 GB = 10^9 bytes)",
    inputs: { readsPerDay: [100_000_000, 350_000_000, 1_000_000_000] },
    unit: "GB",
    answer: ({ readsPerDay }) => readsPerDay! * 0.2 * 500 / 1e9,
    formula:
      "reads × 0.2 × 500 ÷ 10^9, with every read a different link: the upper bound",
  },
  {
    id: "02.e6",
    question:
      "{readsPerMonth} redirects a month: how many per second at a peak of {peak} times the mean?",
    inputs: {
      readsPerMonth: [1_000_000_000, 10_000_000_000],
      peak: [3, 5],
    },
    unit: "redirects/s",
    answer: ({ readsPerMonth, peak }) => readsPerMonth! / (30 * 86400) * peak!,
    formula: "reads ÷ (30 × 86,400) × peak",
    mixUps: { 5: "the mean for the peak", 3: "the mean for the peak" },
  },
] satisfies Estimate[];
