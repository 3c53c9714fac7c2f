import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Manifest } from "@contract/manifest.ts";
import type { JudgeAssignment } from "../../grade_types.ts";
import type { StoresClient } from "../../stores/mod.ts";
import type { LabPlace } from "../open_lab.ts";

/** What a session is told, or finds out: whose code it runs, and on what. */
export type LabSetting = Omit<JudgeAssignment, "socket">;

const PROJECT_DIR = fileURLToPath(new URL("../../../", import.meta.url));

/** For a plain `deno test` of `workshops/NN-slug/tests/…`: the learner's copy if there is one, else the stub. */
export function localSetting(
  workshopDir: string,
): Pick<LabSetting, "workshopSlug" | "submissionDir" | "floor"> {
  const workshopSlug = basename(workshopDir);
  const own = join(PROJECT_DIR, "my", workshopSlug);
  const submissionDir = Deno.env.get("TRESTLE_SUBMISSION") ??
    (existsSync(own) ? own : workshopDir);
  return { workshopSlug, submissionDir, floor: "local" };
}

/** `workshops/NN-slug` of the test file that is running. */
export function workshopDirOf(testFile: string): string {
  return dirname(dirname(fileURLToPath(testFile)));
}

export async function placeOfWorkshop(
  workshopDir: string,
  { setting, stores }: {
    readonly setting: LabSetting;
    readonly stores: StoresClient;
  },
): Promise<LabPlace> {
  const manifestFile = join(workshopDir, "workshop.json");
  const { config, upstreams }: Manifest = JSON.parse(
    await Deno.readTextFile(manifestFile),
  );
  const { workshopSlug, submissionDir, floor } = setting;
  return {
    stores,
    runDir: setting.stores.runDir,
    floor,
    submissionDir,
    referenceDir: join(PROJECT_DIR, "solutions", workshopSlug),
    config,
    upstreams,
  };
}
