/**
 * Throw-away stores for systems under test, the durable database of the kit itself, and what it takes to have
 * them: finding, fetching, starting, ending, cleaning up.
 *
 * @module
 */
export { provisionBubblewrap } from "./bubblewrap.ts";
export { connectStores, type StoresClient } from "./connect_stores.ts";
export {
  findKitDatabase,
  type KitDatabase,
  startKitDatabase,
} from "./kit_database.ts";
export type { KitConnection } from "./kit_database_record.ts";
export { explainFullDisk, FullDisk } from "./disk_full.ts";
export { findOnPath } from "./find_on_path.ts";
export { findKitFolder } from "./kit_folder.ts";
export { PROBES } from "./probes/probes.ts";
export type { Probe } from "./probes/types.ts";
export { NETWORK_VARIABLES } from "./run_command.ts";
export { removeFolder } from "./remove_folder.ts";
export type { RedisServer } from "./redis_server.ts";
export type { RunDatabase } from "./run_database.ts";
export { startStores, type Stores } from "./start_stores.ts";
export type {
  ProvisionedBinary,
  ProvisionOptions,
  StoresAddress,
} from "./types.ts";
