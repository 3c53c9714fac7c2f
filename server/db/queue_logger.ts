import { Logger } from "graphile-worker";
import { logToConsole } from "../log.ts";

/** The job queue says much at `info` that only its authors need; warnings and errors are kept. */
export const quietQueueLogger = new Logger(() => (level, message) => {
  if (level === "error" || level === "warning") {
    logToConsole(level, "job_queue", { message });
  }
});
