/** Keeps this instance's pool in step with the list that all instances share. */
import type { Context } from "@contract/system.ts";
import type { BackendEntry } from "./backend_list.ts";
import { openBackendTable, type StoredList } from "./backend_table.ts";
import type { Pool } from "./pool.ts";
import { ProblemError } from "./problem.ts";

/** Somebody else's edit is known here so much later. */
const REFRESH_MS = 50;

export interface SharedList {
  /** Of the list that this instance goes by. */
  readonly etag: string | undefined;
  /** Replaces the list if `ifMatch` is its ETag. Throws the 412 or 428 otherwise. */
  put(
    entries: readonly BackendEntry[],
    ifMatch: string | undefined,
  ): Promise<void>;
}

/** Resolves when the pool knows the list: an instance that listens before it does refuses everybody. */
export async function openSharedList(
  context: Context,
  pool: Pool,
): Promise<SharedList> {
  const { signal, log } = context;
  const table = await openBackendTable(context);
  let known = -1;
  apply(await table.read());
  keepRefreshing().catch(() => {}); // Ends with the instance.

  return {
    get etag() {
      return `"${known}"`;
    },
    async put(entries, ifMatch) {
      if (ifMatch === undefined) throw mustSayWhich();
      const version = await table.replace({
        ...{ version: versionIn(ifMatch), entries },
      });
      if (version === undefined) throw outdated();
      apply({ version, entries });
    },
  };

  /** Answers may overtake each other; an older list never replaces a newer one. */
  function apply({ version, entries }: StoredList): void {
    if (version <= known) return;
    known = version;
    pool.replace(entries);
  }

  async function keepRefreshing(): Promise<void> {
    while (!signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
      try {
        apply(await table.read());
      } catch (error) {
        // Without the store we go on with what we know: yesterday's list serves, none does not.
        log("list not refreshed", { error: String(error) });
      }
    }
  }
}

/** No version of ours, if the ETag is none of ours. */
function versionIn(etag: string): number {
  const [, digits = "-1"] = /^"(\d{1,9})"$/.exec(etag) ?? [];
  return Number(digits);
}

function mustSayWhich(): ProblemError {
  return new ProblemError({
    status: 428,
    code: "precondition_required",
    detail: "Say with If-Match which list you want to replace",
  });
}

function outdated(): ProblemError {
  return new ProblemError({
    status: 412,
    code: "precondition_failed",
    detail: "Somebody else has changed the list; read it again",
  });
}
