/** Starts stores and a Redis, says so, and waits to be killed. */
import { connectStores, startStores } from "../mod.ts";

const stores = await startStores();
const { runDir, postgres } = stores.address;
const client = connectStores(stores.address);
const redis = await client.startRedis(runDir);
const pidFile = `${postgres.socketDir}/data/postmaster.pid`;
const postgresPid = Number((await Deno.readTextFile(pidFile)).split("\n")[0]);
const folders = [runDir, postgres.socketDir];
console.log(JSON.stringify({ folders, pids: [postgresPid, redis.pid] }));
setInterval(() => {}, 60_000);
