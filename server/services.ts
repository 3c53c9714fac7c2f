import type { Sql } from "postgres";
import type { Catalog } from "./catalog.ts";
import type { Log } from "./log.ts";
import type { EventHub } from "./submissions/event_hub.ts";

/** What routes work with; made in main.ts, or by a test. */
export interface Services {
  readonly sql: Sql;
  readonly hub: EventHub;
  readonly catalog: Catalog;
  readonly log: Log;
  /** Folder of the built page. */
  readonly pageDir: string;
  /** Ends every open stream when the server stops. */
  readonly stopping: AbortSignal;
}
