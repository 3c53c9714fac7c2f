/** A learner half-way: 01 and 02 passed, 03 failing at its fourth stage. */
import type {
  StageProgress,
  WorkshopDetail,
  WorkshopSummary,
} from "@contract/api.ts";
import type { CheckKind, Level, StageManifest } from "@contract/manifest.ts";

type Row = readonly [
  number: string,
  slug: string,
  title: string,
  level: Level,
  hours: number,
  needs: readonly string[],
  stages: number,
  summary: string,
];

const ROWS: readonly Row[] = [
  [
    "01",
    "basics",
    "System design basics",
    "mid",
    8,
    [],
    8,
    "A key-value service that is estimated, made durable, sharded, cached, raced, and finally partitioned.",
  ],
  [
    "02",
    "url-shortener",
    "URL shortener",
    "mid",
    6,
    ["01.4"],
    8,
    "Short codes for long addresses, redirected fast, counted exactly, spread over shards.",
  ],
  [
    "03",
    "rate-limiter",
    "Rate limiter",
    "mid",
    6,
    ["01.5"],
    8,
    "A guard in front of an API that admits exactly what the policy says, for all instances together.",
  ],
  [
    "04",
    "distributed-cache",
    "Distributed cache",
    "mid",
    9,
    ["01.3", "01.4"],
    8,
    "A cache node and a cluster, and a cache in front of Postgres that serves no lies.",
  ],
  [
    "05",
    "message-queue",
    "Message queue",
    "mid",
    9,
    ["01.5"],
    9,
    "An at-least-once broker with visibility timeouts, priorities and dead letters, then a replayable log.",
  ],
  [
    "06",
    "load-balancer",
    "Load balancer",
    "mid",
    8,
    ["01.3"],
    8,
    "A proxy that spreads, retries, drains, and never makes an outage worse.",
  ],
  [
    "07",
    "search-engine",
    "Search engine",
    "senior",
    9,
    ["01.3"],
    8,
    "An inverted index that ranks, stays fresh and answers while it is rebuilt.",
  ],
  [
    "08",
    "chat",
    "Chat",
    "senior",
    9,
    ["05.4"],
    8,
    "Messages in order, to every device, exactly once to the eye, over connections that break.",
  ],
  [
    "09",
    "news-feed",
    "News feed",
    "mid",
    8,
    ["04.4"],
    8,
    "A feed that fans out on write, except for those who have too many followers.",
  ],
  [
    "10",
    "notification-system",
    "Notification system",
    "mid",
    8,
    ["05.5"],
    8,
    "One event, three channels, no duplicate, and respect for quiet hours.",
  ],
  [
    "11",
    "video-streaming",
    "Video streaming",
    "senior",
    10,
    ["05.8"],
    8,
    "Uploads that resume, transcodes that survive their worker, and a player that adapts.",
  ],
  [
    "12",
    "e-commerce",
    "E-commerce platform",
    "senior",
    10,
    ["03.4", "05.8"],
    8,
    "Carts, stock and orders that agree with each other on the busiest day of the year.",
  ],
  [
    "13",
    "ride-sharing",
    "Ride sharing",
    "senior",
    10,
    ["08"],
    8,
    "The nearest driver, offered to one rider at a time, while everything moves.",
  ],
  [
    "14",
    "file-storage",
    "File storage",
    "senior",
    10,
    ["01.3"],
    8,
    "Chunks stored once, synced to every device, and conflicts that lose nothing.",
  ],
  [
    "15",
    "payment-system",
    "Payment system",
    "senior",
    12,
    ["05.8", "12.4"],
    9,
    "Money that is never charged twice, never lost, and adds up every night.",
  ],
  [
    "16",
    "social-network",
    "Social network",
    "staff",
    14,
    ["09", "10"],
    9,
    "A graph, a feed and a privacy rule, over two regions.",
  ],
];

const RATE_LIMITER_STAGES: readonly [string, CheckKind[], string][] = [
  [
    "Fixed window and headers",
    ["api"],
    "A quota is a promise with a number in it; the headers say the number.",
  ],
  [
    "Token bucket",
    ["api"],
    "Burst and rate are two knobs, and rounding steals tokens.",
  ],
  [
    "Sliding windows",
    ["api"],
    "A fixed window lets twice the limit through at its edge.",
  ],
  [
    "Distributed",
    ["redis", "race"],
    "Decide and write in one step, where everybody decides.",
  ],
  [
    "Policies in Postgres",
    ["pg"],
    "Configuration is data: read rarely, replaced whole.",
  ],
  [
    "Store away",
    ["fault"],
    "Choose before the outage whether you fail open or closed.",
  ],
  [
    "Concurrency and shedding",
    ["fault", "race"],
    "A slot that its holder cannot give back must come back by itself.",
  ],
  ["Load", ["load"], "Under load the number of round trips decides."],
];

export const WORKSHOPS: readonly WorkshopSummary[] = ROWS.map(summaryOf);

export function workshopDetail(slug: string): WorkshopDetail | undefined {
  const summary = WORKSHOPS.find((each) => each.slug === slug);
  if (summary === undefined) return undefined;
  const isFinished = summary.stages.every(({ status }) => status === "passed");
  return {
    ...summary,
    brief: briefOf(summary),
    stageManifests: summary.stages.map((stage) =>
      stageManifest(summary, stage)
    ),
    debrief: isFinished
      ? "## Why it works\n\nThe unique index *decides and writes in one step*; everything else only asks it."
      : undefined,
  };
}

function summaryOf(row: Row): WorkshopSummary {
  const [number, slug, title, level, hours, needs, stages, summary] = row;
  return {
    slug: `${number}-${slug}`,
    number,
    title,
    summary,
    level,
    hours,
    needs,
    stages: Array.from(
      { length: stages },
      (_, index) => progressOf(number, index),
    ),
  };
}

function progressOf(workshop: string, index: number): StageProgress {
  const title = workshop === "03"
    ? RATE_LIMITER_STAGES[index]![0]
    : `Stage ${index + 1}`;
  const passed = workshop < "03" ? 99 : workshop === "03" ? 3 : 0;
  const stage = { number: index + 1, title };
  if (index < passed) {
    return { ...stage, status: "passed", passedAt: "2026-03-02T10:00:00Z" };
  }
  const isFailing = workshop === "03" && index === passed;
  return { ...stage, status: isFailing ? "failing" : "open" };
}

function stageManifest(
  { number, slug }: WorkshopSummary,
  stage: StageProgress,
): StageManifest {
  const [, kinds, teaches] = slug === "03-rate-limiter"
    ? RATE_LIMITER_STAGES[stage.number - 1]!
    : ["", ["api"] satisfies CheckKind[], "One idea at a time."] as const;
  return {
    number: stage.number,
    slug: `stage_${stage.number}`,
    title: stage.title,
    kinds,
    teaches,
    minutes: 45,
    checks: ["a", "b", "c"].map((letter) =>
      `${number}.${stage.number}${letter}`
    ),
  };
}

function briefOf({ number, title, summary }: WorkshopSummary): string {
  return `# ${number} — ${title}

${summary}

## How to work

\`deno task workshop ${
    Number(number)
  } --watch\` copies the stub, runs the checks on
every save and shows the first that fails.

## The contract

| call                  | answers                                  |
| --------------------- | ---------------------------------------- |
| \`ANY /api/*\`          | what the upstream says; 429 503          |
| \`PUT /policies/:name\` | 204; 412 when somebody else was faster   |

\`\`\`ts
export default function rateLimiter({ redis, upstreams }: Context): System {
  return { fetch: (request) => upstreams.api.fetch(new URL(request.url).pathname) };
}
\`\`\`

## Stages

### ${number}.3 Sliding windows

A fixed window lets **twice** the limit through around its edge.

### ${number}.4 Distributed

Two instances count in one place. Reading the counter, deciding, and writing it
back is three steps, and everybody else is allowed between them.

**What is tested.** Twenty requests for one key arrive on two instances while
all writes are held: exactly the limit passes.

> A 429 says when to come back. Say it **exactly**.

<script>globalThis.wasRun = true</script><img src="/icon.svg" alt="" onload="globalThis.wasRun = true">
`;
}
