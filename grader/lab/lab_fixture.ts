/** Opens labs on the small systems of testdata, for the tests of the lab. */
import { after } from "@std/testing/bdd";
import { fileURLToPath } from "node:url";
import type { SandboxFloor } from "@contract/report.ts";
import type { Config } from "@contract/system.ts";
import { connectStores, startStores } from "../stores/mod.ts";
import { type OpenLab, openLab, type SystemNeeds } from "./open_lab.ts";
import { type CheckOutcome, runCheck } from "./judge/run_check.ts";
import type { CheckOptions, Lab } from "./types.ts";

export interface FixtureOptions extends SystemNeeds {
  readonly config?: Config;
  /** Default `local`. */
  readonly floor?: SandboxFloor;
  /** Like `system`, which it is unless given. */
  readonly reference?: string;
  readonly upstreams?: readonly string[];
  readonly timeoutMs?: number;
}

export interface LabFixture {
  /** Runs `body` as a check on `testdata/<system>`, or on the folder with that full path, and gives the outcome. */
  check(
    system: string,
    options: FixtureOptions,
    body: (lab: Lab) => Promise<void> | void,
  ): Promise<CheckOutcome>;
  /** Runs `body` on `testdata/<system>`; what it throws is thrown. */
  use<T>(
    system: string,
    options: FixtureOptions,
    body: (lab: Lab, open: OpenLab) => Promise<T>,
  ): Promise<T>;
  /** A booted lab; the caller closes it. */
  start(system: string, options: FixtureOptions): Promise<OpenLab>;
}

/** Call inside `describe`: the stores start with the first use and end with the last test. */
export function useLabs(): LabFixture {
  const opened = new AsyncDisposableStack();
  let stores: ReturnType<typeof start> | undefined;
  const start = async () => {
    const { address } = opened.use(await startStores());
    return { client: opened.use(connectStores(address)), address };
  };
  after(() => opened.disposeAsync());

  async function open(
    system: string,
    { upstreams = [], floor = "local", reference = system, ...needs }:
      FixtureOptions,
    seed: string,
  ): Promise<OpenLab> {
    const { client, address } = await (stores ??= start());
    const place = {
      stores: client,
      runDir: address.runDir,
      floor,
      submissionDir: folderOf(system),
      referenceDir: folderOf(reference),
      config: {},
      upstreams,
    } as const;
    return await openLab(needs, { place, seed });
  }

  async function startLab(system: string, options: FixtureOptions) {
    const lab = await open(system, options, "1a2b3c4d");
    await lab.boot();
    return lab;
  }

  return {
    start: startLab,
    async check(system, options, body) {
      const { timeoutMs } = options;
      const closing: PromiseLike<void>[] = [];
      const registered = {
        id: "03.4a",
        options: { ...CHECK, timeoutMs },
        body: async (lab: Lab) => await body(lab),
      };
      const outcome = await runCheck(registered, {
        seed: "1a2b3c4d",
        openLab: (seed) => open(system, options, seed),
        closeLab: (lab) => closing.push(lab[Symbol.asyncDispose]()),
      });
      await Promise.all(closing);
      return outcome;
    },
    async use(system, options, body) {
      await using lab = await startLab(system, options);
      return await body(lab.lab, lab);
    },
  };
}

function folderOf(system: string): string {
  if (system.startsWith("/")) return system;
  return fileURLToPath(new URL(`testdata/${system}`, import.meta.url));
}

const CHECK: CheckOptions = {
  title: "keeps its promise",
  kind: "race",
  hint: "Count and compare in one step.",
};
