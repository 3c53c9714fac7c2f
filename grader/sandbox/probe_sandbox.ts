import type { Probe } from "../stores/mod.ts";
import { probeFloor } from "./probe_floor.ts";

/** Whether other people's code may run here; one's own on one's own machine runs without. */
export async function probeSandbox(): Promise<Probe> {
  const { isComplete, missing } = await probeFloor();
  const name = "Sandbox";
  return isComplete
    ? { name, status: "ok", detail: "keeps other people's code apart" }
    : {
      name,
      status: "warn",
      detail: "your own code runs, a class does not start",
      fix: missing.join("\n"),
    };
}
