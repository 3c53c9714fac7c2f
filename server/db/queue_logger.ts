import { Logger } from "graphile-worker";

/** The job queue says much at `info` that only its authors need; warnings and errors are kept. */
export const quietQueueLogger = new Logger(() => (level, message) => {
  if (level === "error" || level === "warning") {
    console.error(JSON.stringify({
      at: new Date().toISOString(),
      level,
      event: "job_queue",
      message,
    }));
  }
});
