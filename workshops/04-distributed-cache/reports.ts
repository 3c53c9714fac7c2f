/** Reports are slow to make. However many ask for one, one instance makes it and the others wait for that. */
import type { Context } from "@contract/system.ts";
import { notImplemented } from "./problem.ts";

export interface Reports {
  /** The report as the loader made it: `context.upstreams.loader`, GET /reports/<id>. */
  read(id: string): Promise<string>;
}

export function openReports(_context: Context): Reports {
  // TODO 04.6
  return {
    read: () => Promise.reject(notImplemented("04.6", "load a report")),
  };
}
