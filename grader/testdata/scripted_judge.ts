/** Speaks the judge's side of the protocol by a script, without lab or stores: for the tests of grade.ts. */
import type { CheckReport } from "@contract/report.ts";
import type { JudgeAssignment, JudgeMessage } from "../grade_types.ts";

type Finished = Extract<JudgeMessage, { kind: "check_finished" }>;

/** What one check of the script does: ends with a status, or never. */
export type ScriptedCheck =
  & { readonly id: string; readonly hangs?: boolean }
  & Partial<Pick<CheckReport, "status" | "failure">>
  & Partial<Omit<Finished, "kind" | "check">>;

/** Registers every check, waits for `go` and plays them in order; `dieAfter` of them the process ends. */
export async function playJudge(
  checks: readonly ScriptedCheck[],
  { dieAfter }: { readonly dieAfter?: number } = {},
): Promise<void> {
  const { socket, checks: chosen }: JudgeAssignment = JSON.parse(
    Deno.env.get("TRESTLE_JUDGE")!,
  );
  const connection = await Deno.connect({ transport: "unix", path: socket });
  const writer = connection.writable.getWriter();
  const say = (message: JudgeMessage) =>
    writer.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
  await say({
    kind: "plan",
    checks: checks.map(({ id }) => ({ id, title: `title of ${id}` })),
  });
  await connection.read(new Uint8Array(8));
  for (const [index, check] of checks.entries()) {
    if (index === dieAfter) Deno.exit(7);
    const { id } = check;
    if (chosen && !chosen.includes(id)) continue;
    await say({ kind: "check_started", id, title: `title of ${id}` });
    if (check.hangs) await connection.read(new Uint8Array(8));
    await say(finished(check));
  }
  connection.close();
}

function finished(check: ScriptedCheck): Finished {
  const { id, status = "pass", failure, hangs: _hangs, ...rest } = check;
  return {
    kind: "check_finished",
    check: {
      id,
      title: `title of ${id}`,
      kind: "api",
      status,
      wallMs: 1,
      attempts: 1,
      failure,
    },
    output: "",
    cpuMs: 1,
    peakMemoryBytes: 1000,
    ...rest,
  };
}
