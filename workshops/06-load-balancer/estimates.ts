import type { Estimate } from "@contract/estimate.ts";

/** Back of the envelope for the balancer; see the design sheet. */
export default [
  {
    id: "06.e1",
    question:
      "{perSec} requests a second come in at the peak, and a server carries {perServer} a second. How many servers do you need so that each is at most 60 % busy, with two more in reserve (N+2)?",
    inputs: {
      perSec: [50_000, 100_000, 200_000],
      perServer: [1_000, 2_000, 4_000],
    },
    unit: "servers",
    answer: ({ perSec, perServer }) =>
      Math.ceil(Math.round(perSec! / (perServer! * 0.6) * 1e6) / 1e6) + 2,
    formula: "requests ÷ (requests per server × 0.6), rounded up, + 2",
    tolerance: 0,
  },
  {
    id: "06.e2",
    question:
      "{perSec} requests a second take {latencyMs} ms each. How many are under way at a time, on average? (Little's law)",
    inputs: { perSec: [20_000, 100_000], latencyMs: [50, 100, 250] },
    unit: "requests",
    answer: ({ perSec, latencyMs }) => perSec! * latencyMs! / 1000,
    formula: "requests per second × seconds per request",
    mixUps: { 1000: "milliseconds for seconds" },
  },
  {
    id: "06.e3",
    question:
      "Health checks run every {everySec} s, and three failures in a row take a backend out. It dies right after a check has passed. For how many seconds does it go on getting requests?",
    inputs: { everySec: [2, 5, 10] },
    unit: "s",
    answer: ({ everySec }) => everySec! * 3,
    formula:
      "interval × 3: the third failing check comes three intervals later",
    tolerance: 0,
  },
  {
    id: "06.e4",
    question:
      "One of {backends} equal backends answers nothing but errors, and the balancer has not noticed for {seconds} s. {perSec} requests come in a second. How many fail?",
    inputs: {
      backends: [5, 10, 20],
      seconds: [6, 15, 30],
      perSec: [1_000, 5_000],
    },
    unit: "requests",
    answer: ({ backends, seconds, perSec }) => perSec! * seconds! / backends!,
    formula: "requests per second × seconds ÷ backends",
  },
  {
    id: "06.e5",
    question:
      "{balancers} balancers check {backends} backends every 5 s each. How many checks a second does one backend answer?",
    inputs: { balancers: [10, 50, 200], backends: [20, 100] },
    unit: "checks/s",
    answer: ({ balancers }) => balancers! / 5,
    formula:
      "balancers ÷ 5 s: how many other backends there are makes no difference to one",
  },
  {
    id: "06.e6",
    question:
      "A client, a gateway and a service each try up to {attempts} times, one inside the other. The database below fails every time. How many attempts does one click cause there?",
    inputs: { attempts: [2, 3, 4] },
    unit: "attempts",
    answer: ({ attempts }) => attempts! ** 3,
    formula: "attempts × attempts × attempts: each layer repeats all below it",
    tolerance: 0,
  },
  {
    id: "06.e7",
    question:
      "All backends fail for {seconds} s while {perSec} requests a second come in. Retries have a budget of one for ten requests; the few that were saved up do not matter. How many attempts a second do the backends see?",
    inputs: { seconds: [30, 300], perSec: [1_000, 5_000, 20_000] },
    unit: "attempts/s",
    answer: ({ perSec }) => perSec! * 1.1,
    formula: "requests per second × 1.1, however long it lasts",
    tolerance: 0.02,
  },
  {
    id: "06.e8",
    question:
      "{perSec} requests a second are answered within {latencyMs} ms each. Opening a connection takes {openMs} ms more. How many connections are in use at a time, on average, if one is opened for each request?",
    inputs: {
      perSec: [5_000, 20_000],
      latencyMs: [10, 50],
      openMs: [1, 3],
    },
    unit: "connections",
    answer: ({ perSec, latencyMs, openMs }) =>
      perSec! * (latencyMs! + openMs!) / 1000,
    formula: "requests per second × (seconds per request + seconds to open)",
    mixUps: { 1000: "milliseconds for seconds" },
  },
] satisfies Estimate[];
