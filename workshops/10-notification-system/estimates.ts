import type { Estimate } from "@contract/estimate.ts";

/** Back of the envelope for notifications; see the design sheet. */
export default [
  {
    id: "10.e1",
    question:
      "{users} million users get {perDay} notifications a day each, evenly. How many notifications a second is that?",
    inputs: { users: [5, 10, 20], perDay: [3, 5, 10] },
    unit: "notifications/s",
    answer: ({ users, perDay }) => users! * 1e6 * perDay! / 86_400,
    formula: "users × notifications per day ÷ 86,400",
    mixUps: { 24: "hours for days" },
  },
  {
    id: "10.e2",
    question:
      "News breaks: one push to each of {users} million users within {minutes} minutes. How many a second?",
    inputs: { users: [5, 10, 20], minutes: [5, 10, 15] },
    unit: "notifications/s",
    answer: ({ users, minutes }) => users! * 1e6 / (minutes! * 60),
    formula: "users ÷ (minutes × 60)",
    mixUps: { 60: "minutes for seconds" },
  },
  {
    id: "10.e3",
    question:
      "The provider takes {perSec} messages a second. How many hours does a broadcast to {users} million users last?",
    inputs: { perSec: [500, 1000, 2000], users: [5, 10] },
    unit: "hours",
    answer: ({ perSec, users }) => users! * 1e6 / perSec! / 3600,
    formula: "users ÷ messages per second ÷ 3,600",
    mixUps: { 60: "minutes for hours" },
  },
  {
    id: "10.e4",
    question:
      "Each call fails with a chance of {percent} %, independently, and is tried again at most 3 times. How many calls per notification is that on average?",
    inputs: { percent: [10, 20, 50] },
    unit: "calls",
    answer: ({ percent }) => {
      const failing = percent! / 100;
      return 1 + failing + failing ** 2 + failing ** 3;
    },
    formula: "1 + p + p² + p³, with p the chance of a failure",
    tolerance: 0.02,
  },
  {
    id: "10.e5",
    question:
      "A provider answers in {latencyMs} ms, and {perSec} calls a second are to be made. How many workers does it take if all are busy all the time? (Little's law)",
    inputs: { latencyMs: [100, 200, 500], perSec: [500, 1000, 2000] },
    unit: "workers",
    answer: ({ latencyMs, perSec }) => latencyMs! / 1000 * perSec!,
    formula: "calls per second × seconds per call",
    mixUps: { 1000: "milliseconds for seconds" },
  },
  {
    id: "10.e6",
    question:
      "A provider is down for {minutes} minutes while {perSec} notifications a second come in. Afterwards {drainPerSec} a second can be sent. For how many seconds after the outage does a queue remain?",
    inputs: { minutes: [5, 10], perSec: [600], drainPerSec: [900, 1000, 1200] },
    unit: "s",
    answer: ({ minutes, perSec, drainPerSec }) =>
      minutes! * 60 * perSec! / (drainPerSec! - perSec!),
    formula:
      "what has queued ÷ (sent per second − new per second): new ones keep coming",
  },
] satisfies Estimate[];
