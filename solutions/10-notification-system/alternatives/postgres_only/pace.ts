/** Calls for bulk per second and provider, of all instances together. */
import type { Context } from "@contract/system.ts";
import type { Channel } from "./channels.ts";

export function paceOf({ sql }: Context, perSec: number) {
  return {
    /** How many of these calls may be made in this second. What was granted counts, whether it is used or not. */
    async take(channel: Channel, calls: number): Promise<number> {
      const wanted = Math.min(calls, perSec);
      const [row] = await sql<{ granted: number }[]>`
        INSERT INTO pace (channel, second, used, granted)
        VALUES (${channel}, floor(extract(epoch FROM now())), ${wanted}, ${wanted})
        ON CONFLICT (channel) DO UPDATE SET second = excluded.second,
          used = CASE WHEN pace.second = excluded.second
            THEN least(${perSec}, pace.used + excluded.used)
            ELSE excluded.used END,
          granted = CASE WHEN pace.second = excluded.second
            THEN least(${perSec} - pace.used, excluded.used)
            ELSE excluded.used END
        RETURNING granted`;
      return row!.granted;
    },
  };
}
