import { join } from "node:path";
import type { GradeRequest } from "../grade_types.ts";
import { parseManifest } from "../manifest.ts";
import type { ScriptedCheck } from "./scripted_judge.ts";

/** One stage: a script for the judge, or the text of its test file; `lists` are the ids in the manifest. */
export interface TemporaryStage {
  readonly lists: readonly string[];
  readonly script?: readonly ScriptedCheck[];
  readonly dieAfter?: number;
  readonly file?: string;
}

/** A workshop in a folder of its own whose judges are scripted. Removed on dispose. */
export async function temporaryWorkshop(
  stages: readonly TemporaryStage[],
): Promise<{ request: GradeRequest } & AsyncDisposable> {
  const dir = await Deno.makeTempDir({ prefix: "trestle-grade-" });
  const manifest = manifestOf(stages);
  await Deno.mkdir(join(dir, "tests"));
  await Deno.writeTextFile(join(dir, "workshop.json"), manifest);
  for (const [index, stage] of stages.entries()) {
    const path = join(dir, "tests", `${index + 1}_stage_test.ts`);
    await Deno.writeTextFile(path, stage.file ?? judgeFile(stage));
  }
  const request: GradeRequest = {
    workshop: parseManifest(manifest, "90-scripted"),
    workshopDir: dir,
    submissionDir: dir,
    seed: "seed-1",
    floor: "local",
    stores: {
      postgres: {
        socketDir: dir,
        port: 1,
        superuser: "nobody",
        password: "",
        template: "none",
      },
      redis: { binary: "none", libraryPath: "", version: "0" },
      runDir: dir,
    },
  };
  return {
    request,
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

function judgeFile({ script, lists, dieAfter }: TemporaryStage): string {
  const module = new URL("./scripted_judge.ts", import.meta.url).href;
  const checks = script ?? lists.map((id) => ({ id }));
  return `import { playJudge } from ${JSON.stringify(module)};
await playJudge(${JSON.stringify(checks)}, ${JSON.stringify({ dieAfter })});
`;
}

function manifestOf(stages: readonly TemporaryStage[]): string {
  return JSON.stringify({
    title: "Scripted",
    summary: "A workshop whose judges follow a script.",
    level: "mid",
    hours: 1,
    needs: [],
    upstreams: [],
    config: {},
    stages: stages.map(({ lists }, index) => ({
      number: index + 1,
      slug: "stage",
      title: `Stage ${index + 1}`,
      kinds: ["api"],
      teaches: "Nothing.",
      minutes: 1,
      checks: lists,
    })),
  });
}
