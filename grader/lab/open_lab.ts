import type { SandboxFloor } from "@contract/report.ts";
import type { Config } from "@contract/system.ts";
import type { FullDisk, StoresClient } from "../stores/mod.ts";
import { Evidence } from "./evidence/evidence.ts";
import { RunLab } from "./run_lab.ts";
import { copyReference } from "./instances/reference_folder.ts";
import { prepareSystem, type SystemUnderTest } from "./instances/system.ts";
import type { CheckOptions, Lab } from "./types.ts";

/** Where a lab takes everything from that a check does not say itself. */
export interface LabPlace {
  readonly stores: StoresClient;
  /** Folder for run files, on disk: Deno gives a sandboxed process nothing below /dev/shm. */
  readonly runDir: string;
  readonly floor: SandboxFloor;
  /** Folder with the learner's `system.ts`. */
  readonly submissionDir: string;
  /** Folder with the reference's, for `ratio`. */
  readonly referenceDir: string;
  /** Of the manifest. */
  readonly config: Config;
  readonly upstreams: readonly string[];
}

export type SystemNeeds = Pick<
  CheckOptions,
  "instances" | "config" | "shards" | "databases" | "without"
>;

/** A lab with what its owner needs beside it. */
export interface OpenLab extends AsyncDisposable {
  /** Loads the learner's code, once; rejects with a LearnerExit when it does not come to listen. */
  boot(): Promise<void>;
  readonly lab: Lab;
  readonly system: SystemUnderTest;
  readonly evidence: Evidence;
  /** In words for the learner, each once. */
  readonly warnings: readonly string[];
  usage(): Promise<
    { readonly cpuMs: number; readonly peakMemoryBytes: number }
  >;
  /** Nobody's code is to blame for what fails on a full disk. */
  findFullDisk(): Promise<FullDisk | undefined>;
}

/** Makes stores, proxies and processes ready; `boot()` then takes tens of milliseconds. */
export async function openLab(
  needs: SystemNeeds,
  { place, seed }: { readonly place: LabPlace; readonly seed: string },
): Promise<OpenLab> {
  const evidence = new Evidence();
  const options = {
    ...place,
    instances: needs.instances ?? 1,
    config: { ...place.config, ...needs.config },
    shards: needs.shards ?? 0,
    databases: needs.databases ?? "shared",
    without: needs.without ?? [],
  };
  const system = await prepareSystem({ ...options, evidence });
  const startReference = async () => {
    await using opened = new AsyncDisposableStack();
    const { referenceDir, runDir } = place;
    const { path } = opened.use(await copyReference(referenceDir, runDir));
    const reference = opened.use(
      await prepareSystem({
        ...options,
        submissionDir: path,
        evidence: new Evidence(),
      }),
    );
    await reference.boot();
    const kept = opened.move();
    return {
      ...reference,
      [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
  };
  let booting: Promise<void> | undefined;
  return {
    boot: () => booting ??= system.boot(),
    lab: new RunLab({ system, evidence, seed, startReference }),
    system,
    evidence,
    get warnings() {
      return warningsOf(system);
    },
    usage: () => usageOf(system),
    findFullDisk: () => place.stores.findFullDisk(),
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  };
}

function warningsOf({ instances }: SystemUnderTest): string[] {
  const messages = instances.flatMap(({ wires }) => wires.all)
    .flatMap(({ warnings }) => warnings)
    .map(({ message }) => message);
  return [...new Set(messages)];
}

async function usageOf({ instances }: SystemUnderTest) {
  const all = await Promise.all(instances.map((instance) => instance.usage()));
  return {
    cpuMs: all.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    peakMemoryBytes: all.reduce(
      (sum, { peakMemoryBytes }) => sum + peakMemoryBytes,
      0,
    ),
  };
}
