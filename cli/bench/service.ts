import { join } from "node:path";
import { findWorkshop, PROJECT_DIR } from "../../grader/workshops.ts";
import { readStub } from "../my/stub.ts";
import { type ServerAddress, ServerClient } from "../server_client.ts";
import { shownMs } from "../terminal/durations.ts";
import { type Measurement, spread } from "./measurement.ts";

const START_MS_MAX = 2_000;
const CLAIM_MS_MAX = 20;
const SUBMISSIONS = 10;

/** A service of its own in an empty folder: its second start, and how soon a waiting worker takes a submission. */
export async function measureService(
  signal: AbortSignal,
): Promise<Measurement[]> {
  const kitDir = await Deno.makeTempDir({ prefix: "trestle-service-" });
  await Deno.chmod(kitDir, 0o711); // The stores' account passes through.
  try {
    await (await startService(kitDir)).stop();
    const startedMs = performance.now();
    const service = await startService(kitDir);
    const startMs = performance.now() - startedMs;
    try {
      const claims = await claimTimes(kitDir, signal);
      return [secondStart(startMs), enqueueToClaimed(claims)];
    } finally {
      await service.stop();
    }
  } finally {
    await Deno.remove(kitDir, { recursive: true });
  }
}

function secondStart(startMs: number): Measurement {
  return {
    what: "second start, to the printed link",
    result: shownMs(startMs),
    target: `≤ ${shownMs(START_MS_MAX)}`,
    isReached: startMs <= START_MS_MAX,
  };
}

function enqueueToClaimed(claims: readonly number[]): Measurement {
  const { p50, p95 } = spread(claims);
  return {
    what: "submission sent → claimed, as the command line sees it",
    result: `p50 ${shownMs(p50)}, p95 ${shownMs(p95)} of ${claims.length}`,
    target: `p50 ≤ ${CLAIM_MS_MAX} ms between the two rows`,
    isReached: p50 <= CLAIM_MS_MAX,
  };
}

/** From sending a submission to hearing that it is being graded; each is over before the next is sent. */
async function claimTimes(
  kitDir: string,
  signal: AbortSignal,
): Promise<number[]> {
  const address: ServerAddress = JSON.parse(
    await Deno.readTextFile(join(kitDir, "server.json")),
  );
  const client = new ServerClient(address);
  const found = await findWorkshop("2");
  const stub = await readStub(found);
  const times: number[] = [];
  for (let run = 0; run < SUBMISSIONS && !signal.aborted; run++) {
    const key = crypto.randomUUID();
    // Equal files would be answered with the earlier report.
    const files = { ...stub, "note.md": key };
    const sentMs = performance.now();
    const { id } = await client.submit(
      { workshop: found.workshop.slug, files },
      { key, signal },
    );
    for await (const { kind } of client.follow(id, signal)) {
      if (kind === "claimed") times.push(performance.now() - sentMs);
    }
  }
  return times;
}

async function startService(kitDir: string) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", join(PROJECT_DIR, "cli/main.ts"), "start"],
    env: { TRESTLE_DIR: kitDir, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let printed = "";
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  while (!printed.includes("Trestle is ready")) {
    const { value, done } = await lines.read();
    if (done) throw new Error(`deno task start ended: ${printed}`);
    printed += value;
  }
  return {
    stop: async () => {
      child.kill("SIGINT");
      await child.status;
      await lines.cancel();
    },
  };
}
