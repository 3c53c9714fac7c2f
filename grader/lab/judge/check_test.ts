import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JudgeAssignment, JudgeMessage } from "../../grade_types.ts";
import { startStores, type Stores } from "../../stores/mod.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const WORKSHOP = join(HERE, "../testdata/workshop");
const STAGE_FILE = join(WORKSHOP, "tests/1_sample.ts");
const CONFIG = join(HERE, "../../../deno.json");

describe("check()", () => {
  it("fails a plain `deno test` with all that there is to know", async () => {
    const { code, stdout } = await denoTest({ TRESTLE_SEED: "1a2b3c4d" })
      .output();
    const text = new TextDecoder().decode(stdout);
    expect(code).toBe(1);
    expect(text).toContain("00.1a answers ... ok");
    expect(text).toContain("00.1b knows its limit ... FAILED");
    expect(text.match(/The limit is 3/g)).toHaveLength(1);
    expect(text).toContain("expected  3");
    expect(text).toContain("received  2");
    expect(text).toContain("Look at config.limit.");
    expect(text).toContain("--seed 1a2b3c4d");
  });

  it("tells the grader its plan, waits for go, then tells each outcome", async () => {
    await using stores = await startStores();
    expect(await messagesOf(stores)).toEqual([
      "plan 00.1a 00.1b",
      "started 00.1a",
      "finished 00.1a pass",
      "started 00.1b",
      "finished 00.1b fail",
    ]);
  });

  it("runs only the checks that the grader asks for", async () => {
    await using stores = await startStores();
    expect(await messagesOf(stores, ["00.1b"])).toEqual([
      "plan 00.1a 00.1b",
      "started 00.1b",
      "finished 00.1b fail",
    ]);
  });

  it("ends by itself and leaves nothing when the grader hangs up", async () => {
    await using stores = await startStores();
    using judge = listenForJudge(stores.address.runDir);
    const child = denoTest({
      TRESTLE_JUDGE: JSON.stringify({
        socket: judge.path,
        workshopSlug: "00-sample",
        submissionDir: WORKSHOP,
        seed: "1a2b3c4d",
        floor: "local",
        stores: stores.address,
      }),
    }).spawn();
    await judge.hangUpAfterPlan();
    const { code } = await child.output();
    expect(code).not.toBe(0);
    const left = [...Deno.readDirSync(stores.address.runDir)]
      .map(({ name }) => name).filter((name) => name.startsWith("s"));
    expect(left).toEqual([]);
  });
});

/** What a judge of the sample says until it has ended, and that it leaves nothing: neither labs nor their Redis. */
async function messagesOf(
  stores: Stores,
  checks?: readonly string[],
): Promise<string[]> {
  const { runDir } = stores.address;
  using judge = listenForJudge(runDir);
  const assignment: JudgeAssignment = {
    socket: judge.path,
    workshopSlug: "00-sample",
    submissionDir: WORKSHOP,
    checks,
    seed: "1a2b3c4d",
    floor: "local",
    stores: stores.address,
  };
  const child = denoTest({ TRESTLE_JUDGE: JSON.stringify(assignment) })
    .spawn();
  const messages = await judge.run();
  await child.output();
  const left = [...Deno.readDirSync(runDir)]
    .map(({ name }) => name).filter((name) => name.startsWith("s"));
  expect(left).toEqual([]);
  return messages.map(summaryOf);
}

function denoTest(env: Record<string, string>): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-check", "-A", "--config", CONFIG, STAGE_FILE],
    env: { ...env, NO_COLOR: "1", TRESTLE_SUBMISSION: WORKSHOP },
    stdout: "piped",
    stderr: "piped",
  });
}

function listenForJudge(dir: string) {
  const path = join(dir, `judge-${crypto.randomUUID().slice(0, 8)}.sock`);
  const listener = Deno.listen({ transport: "unix", path });
  const lines = (connection: Deno.Conn) =>
    connection.readable.pipeThrough(new TextDecoderStream())
      .pipeThrough(splitLines());
  return {
    path,
    /** Says go once the plan is here; gives all messages. */
    async run(): Promise<JudgeMessage[]> {
      const connection = await listener.accept();
      const messages: JudgeMessage[] = [];
      for await (const line of lines(connection)) {
        messages.push(JSON.parse(line));
        if (messages.length > 1) continue;
        await connection.write(new TextEncoder().encode("go\n"));
      }
      return messages;
    },
    async hangUpAfterPlan(): Promise<void> {
      const connection = await listener.accept();
      await connection.read(new Uint8Array(1000));
      connection.close();
    },
    [Symbol.dispose]: () => listener.close(),
  };
}

function splitLines(): TransformStream<string, string> {
  let rest = "";
  return new TransformStream({
    transform(chunk, controller) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) controller.enqueue(line);
    },
  });
}

function summaryOf(message: JudgeMessage): string {
  switch (message.kind) {
    case "broke":
      return `broke ${message.reason}`;
    case "plan":
      return `plan ${message.checks.map(({ id }) => id).join(" ")}`;
    case "check_started":
      return `started ${message.id}`;
    case "check_finished":
      return `finished ${message.check.id} ${message.check.status}`;
  }
}
