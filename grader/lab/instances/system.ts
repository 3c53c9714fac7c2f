import { join } from "node:path";
import type { SandboxFloor } from "@contract/report.ts";
import type { Config } from "@contract/system.ts";
import { DEFAULT_SOCKETS, REDIS_SOCKET, startHost } from "../../sandbox/mod.ts";
import { removeFolder, type StoresClient } from "../../stores/mod.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { openInstanceWires } from "./instance_wires.ts";
import { VirtualClock } from "../clock/lab_clock.ts";
import type { LearnerExit } from "./learner_exit.ts";
import { RunningInstance } from "./running_instance.ts";
import { openRunStores, type RunStores } from "./run_stores.ts";
import type { Store } from "../types.ts";
import type { Proxy, Upstream } from "../wire/types.ts";
import { openUpstream } from "../wire/upstream.ts";

const INSTANCE_NAMES = ["A", "B", "C"];

export interface SystemOptions {
  readonly stores: StoresClient;
  /** Folder for run files; a folder of this system's own is made in it. */
  readonly runDir: string;
  /** Folder with the `system.ts` to run. */
  readonly submissionDir: string;
  readonly floor: SandboxFloor;
  readonly instances: number;
  readonly config: Config;
  readonly shards: number;
  readonly databases: "shared" | "private";
  readonly without: readonly Store[];
  readonly upstreams: readonly string[];
  readonly evidence: Evidence;
}

/** Instances of one system, with stores, upstreams and a clock of their own. */
export interface SystemUnderTest extends AsyncDisposable {
  readonly instances: readonly RunningInstance[];
  readonly stores: RunStores;
  readonly upstreams: Readonly<Record<string, Upstream>>;
  readonly clock: VirtualClock;
  /** Loads the code into all instances at once; see {@link setUpInTurn}. Throws a {@link LearnerExit}. */
  boot(): Promise<void>;
  /** Rejects with a {@link LearnerExit} when a process ends that nobody ended. */
  readonly died: Promise<never>;
}

/** Makes everything ready but for the learner's code, which `boot` loads. */
export async function prepareSystem(
  options: SystemOptions,
): Promise<SystemUnderTest> {
  const { evidence, runDir } = options;
  await using opened = new AsyncDisposableStack();
  const dir = await makeSystemDir(runDir);
  opened.defer(() => removeFolder(dir));
  const names = INSTANCE_NAMES.slice(0, options.instances);
  for (const name of [...names, "data", "upstreams"]) {
    await Deno.mkdir(join(dir, name));
  }
  const privateFor = options.databases === "private" ? names : [];
  const stores = opened.use(
    await openRunStores({ ...options, dir, privateFor }),
  );
  const upstreams = openUpstreams(names, { ...options, dir });
  for (const upstream of Object.values(upstreams)) opened.use(upstream);

  const death = Promise.withResolvers<never>();
  death.promise.catch(() => {}); // Looked at only while the check runs.
  const instances = names.map((name) => {
    const wires = opened.use(openInstanceWires({
      instance: name,
      systemDir: dir,
      instances: names,
      stores,
      upstreams,
      trace: evidence,
    }));
    const instance = opened.use(
      makeInstance(name, { ...options, dir, wires, onExit: death.reject }),
    );
    instance.prepare();
    return instance;
  });
  const clock = new VirtualClock({
    stores,
    evidence,
    clockFiles: Object.fromEntries(
      instances.map(({ name, clockFile }) => [name, clockFile]),
    ),
    wires: instances.flatMap(({ wires }) => wires.stores),
  });
  const kept = opened.move();
  return {
    instances,
    stores,
    upstreams,
    clock,
    died: death.promise,
    async boot() {
      await clock.start();
      await setUpInTurn(instances, ({ wires }) => [
        ...options.databases === "shared" ? [wires.postgres] : [],
        ...Object.values(wires.shards),
      ]);
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/**
 * Code loads everywhere at once, but what the others ask of shared databases waits until the first instance listens.
 * Two careless set-ups would collide by chance, in any check; `setUpTogether` makes them collide in the one that asks.
 */
async function setUpInTurn(
  [first, ...others]: readonly RunningInstance[],
  sharedDatabases: (instance: RunningInstance) => (Proxy | undefined)[],
): Promise<void> {
  const doors = others.flatMap(sharedDatabases)
    .filter((proxy) => proxy !== undefined);
  const firstBoot = first!.boot({ isFirst: true });
  const pass = () => "pass" as const;
  const firstIsOver = firstBoot.then(pass, pass);
  for (const door of doors) door.onMessage = () => firstIsOver;
  firstIsOver.then(() => {
    for (const door of doors) door.onMessage = undefined;
  });
  const otherBoots = others.map((other) => other.boot({ isFirst: true }));
  await Promise.all([firstBoot, ...otherBoots]);
}

/** Short: a socket's path has 107 bytes at most. */
async function makeSystemDir(runDir: string): Promise<string> {
  const dir = join(runDir, `s${crypto.randomUUID().slice(0, 8)}`);
  // 711: on the class floor an instance runs as another user, who must get to its own folder in here.
  await Deno.mkdir(dir, { mode: 0o711 });
  return dir;
}

function openUpstreams(
  instances: readonly string[],
  { upstreams, dir, evidence }: SystemOptions & { readonly dir: string },
): Record<string, Upstream> {
  return Object.fromEntries(upstreams.map((name) => [
    name,
    openUpstream(name, {
      listenPaths: Object.fromEntries(
        instances.map((instance) => [
          instance,
          join(dir, instance, upstreamSocket(name)),
        ]),
      ),
      serverDir: join(dir, "upstreams"),
      trace: evidence,
    }),
  ]));
}

function upstreamSocket(name: string): string {
  return `upstream-${name}.sock`;
}

interface InstanceParts extends SystemOptions {
  readonly dir: string;
  readonly wires: RunningInstance["wires"];
  readonly onExit: (exit: LearnerExit) => void;
}

function makeInstance(name: string, parts: InstanceParts): RunningInstance {
  const { dir, floor, submissionDir, config, wires, evidence, onExit } = parts;
  const instanceDir = join(dir, name);
  return new RunningInstance({
    name,
    dir: instanceDir,
    config,
    wires,
    evidence,
    onExit,
    startHost: () =>
      startHost({
        floor,
        submissionDir,
        instanceDir,
        dataDir: join(dir, "data"),
        sockets: socketsOf(parts),
      }),
  });
}

function socketsOf({ upstreams, without }: SystemOptions): string[] {
  return [...DEFAULT_SOCKETS, ...upstreams.map(upstreamSocket)]
    .filter((name) => name !== REDIS_SOCKET || !without.includes("redis"));
}
