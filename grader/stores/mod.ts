/**
 * Throw-away stores for systems under test, and the durable database of the kit itself.
 *
 * @module
 */
export { connectStores, type StoresClient } from "./connect_stores.ts";
export {
  findKitDatabase,
  type KitConnection,
  type KitDatabase,
  startKitDatabase,
} from "./kit_database.ts";
export { findKitFolder } from "./kit_folder.ts";
export { type RedisServer } from "./redis_server.ts";
export { type RunDatabase } from "./run_database.ts";
export { provisionBubblewrap } from "./bubblewrap.ts";
export { startStores, type Stores } from "./start_stores.ts";
export type {
  ProvisionedBinary,
  ProvisionOptions,
  StoresAddress,
} from "./types.ts";
export { runProbes } from "./probes/run_probes.ts";
export type { Probe } from "./probes/types.ts";
