import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { SubmissionDetail } from "@contract/api.ts";
import { waitingText } from "./submit.ts";
import { runCliWith } from "./testdata/run_cli.ts";
import { temporaryFolder } from "./testdata/temporary_folder.ts";

const CANCELED: SubmissionDetail = {
  id: "s1",
  workshop: "03-rate-limiter",
  state: "canceled",
  verdict: "canceled",
  attempt: 1,
  receivedAt: "2026-01-01T00:00:00Z",
  finishedAt: "2026-01-01T00:00:01Z",
  checks: [],
  files: { "system.ts": "1" },
};

describe("submit()", () => {
  it("says that a submission was canceled, which is not Ctrl-C", async () => {
    const { code, stdout, stderr } = await submitToCanceler();
    expect(code).toBe(2);
    expect(stderr).toBe("Submission s1 was canceled before it had a verdict\n");
    expect(stdout).toBe("");
  });

  it("prints a canceled submission under --json", async () => {
    const { code, stdout } = await submitToCanceler("--json");
    const { files: _files, ...view } = CANCELED;
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual(view);
  });
});

describe("waitingText()", () => {
  const rows: [position: number, text: string][] = [
    [1, "Waiting, about 20 s"],
    [2, "Waiting: 1 ahead, about 20 s"],
    [5, "Waiting: 4 ahead, about 20 s"],
  ];
  for (const [position, text] of rows) {
    it(`says "${text}" at place ${position}`, () => {
      expect(waitingText({ position, etaMs: 20_000 })).toBe(text);
    });
  }
});

/** Runs the command against a server on which every submission is canceled on its page. */
async function submitToCanceler(...options: string[]) {
  await using server = Deno.serve(
    { port: 0, onListen: () => {} },
    (request) =>
      request.url.endsWith("/events")
        ? new Response(null, { status: 204 })
        : Response.json(CANCELED),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  await using kit = await temporaryFolder({
    "server.json": JSON.stringify({ url, token: "secret" }),
    "my/03-rate-limiter/system.ts": "export default 1",
  });
  return await runCliWith(
    { TRESTLE_DIR: kit.dir },
    ["submit", "3", "--my", `${kit.dir}/my`, ...options],
  );
}
