import { SocketHttp } from "../../grader/lab/clients/socket_http.ts";
import {
  connectStores,
  startStores,
  type Stores,
} from "../../grader/stores/mod.ts";
import { shownMs } from "../terminal/durations.ts";
import { type Measurement, spread } from "./measurement.ts";
import { openTinyLab } from "./tiny_system.ts";

const RUNS = 10;
const CALLS = 50;
const RATIO_MAX = 1.5;

/**
 * Database, Redis, process, 50 calls and teardown: through the lab, and by hand without sandbox, proxies, clock or
 * trace. The two take turns, so that a busy machine slows both.
 */
export async function measureEmptyRun(
  signal: AbortSignal,
): Promise<Measurement> {
  await using stores = await startStores({ signal });
  const isolated: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run < RUNS && !signal.aborted; run++) {
    isolated.push(await timed(() => isolatedRun(stores)));
    bare.push(await timed(() => bareRun(stores)));
  }
  const [lab, floor] = [spread(isolated).p50, spread(bare).p50];
  const ratio = lab / floor;
  return {
    what: `isolated empty run (stores, process, ${CALLS} calls, teardown)`,
    result: `p50 ${shownMs(lab)}, by hand ${shownMs(floor)}: ${
      ratio.toFixed(2)
    } ×`,
    target: `≤ ${RATIO_MAX} × by hand`,
    isReached: ratio <= RATIO_MAX,
  };
}

async function isolatedRun(stores: Stores): Promise<void> {
  await using open = await openTinyLab(stores);
  for (let call = 0; call < CALLS; call++) await open.lab.get("/");
}

const SERVER = `const [path] = Deno.args;
const onListen = () => console.log("listening");
Deno.serve({ path, onListen }, () => new Response("ok"));`;

/** The same parts with nothing around them. */
async function bareRun(stores: Stores): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const { runDir } = stores.address;
  const dir = await Deno.makeTempDir({ dir: runDir, prefix: "bare-" });
  await Deno.chmod(dir, 0o711); // Redis may run as another account.
  opened.defer(() => Deno.remove(dir, { recursive: true }));
  const client = opened.use(connectStores(stores.address));
  const [database, redis] = await Promise.all([
    client.createDatabase(),
    client.startRedis(dir),
  ]);
  opened.defer(() => database.drop());
  opened.defer(() => redis.stop());
  const socket = `${dir}/http.sock`;
  const server = new Deno.Command(Deno.execPath(), {
    args: ["eval", SERVER, socket],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  opened.defer(async () => {
    server.kill("SIGKILL");
    await server.status;
  });
  await server.stdout.getReader().read(); // It listens.
  using http = new SocketHttp(socket);
  for (let call = 0; call < CALLS; call++) {
    await http.send(
      { method: "GET", path: "/", headers: new Headers() },
      AbortSignal.timeout(5_000),
    );
  }
}

async function timed(run: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await run();
  return performance.now() - startedMs;
}
