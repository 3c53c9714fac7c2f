/**
 * Processes in which a learner's code runs, and the walls around them.
 *
 * @module
 */
export { writeClockFile } from "./clock_file.ts";
export { copyReadable } from "./copy_readable.ts";
export { buildHostBundle, type HostBundle } from "./host_bundle.ts";
export { LOG_PREFIX } from "./log_line.ts";
export { type FloorProbe, probeFloor } from "./probe_floor.ts";
export { probeSandbox } from "./probe_sandbox.ts";
export { startHost } from "./start_host.ts";
export {
  DEFAULT_SOCKETS,
  type Host,
  type HostExit,
  type HostInit,
  type HostLimits,
  type HostLoad,
  type HostOptions,
  type PostgresSocket,
  REDIS_SOCKET,
} from "./types.ts";
