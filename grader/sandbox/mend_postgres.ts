import { join } from "node:path";

/**
 * What postgres.js 3.4.9 does when a connection breaks, and must not: it sends the ROLLBACK of a broken `begin()` to a
 * socket that is gone, which ends the process (https://github.com/porsager/postgres/issues/1208); what was not sent
 * goes out first on the next connection, which then never gets ready; rows that came before the end are counted in the
 * next result; and a transaction that has lost its connection goes on in whatever runs on the next one
 * (https://github.com/porsager/postgres/issues/1216). A system under test would be blamed for it. To be removed with
 * the version that mends it.
 */
const MENDS: readonly { readonly find: RegExp; readonly replace: string }[] = [
  {
    find: /(function nextWrite\(fn\) \{)/,
    replace: `$1
    if (socket === null) {
      chunk = nextWriteTimer = null;
      error(Errors.connection("CONNECTION_CLOSED", options, socket));
      return false;
    }`,
  },
  {
    // closed()
    find:
      /(clearImmediate\(nextWriteTimer\);)(?=\s+socket\.removeListener\("data", data\);\s+socket\.removeListener\("connect", connected\);\s+idleTimer)/,
    replace: "$1 chunk = nextWriteTimer = null;",
  },
  {
    // A reset tells of an error first: what is asked between that and the end has to hear of the end as well.
    find:
      /!hadError && (\(query \|\| sent\.length\) && error\(Errors\.connection\("CONNECTION_CLOSED", options, socket\)\);)/,
    replace:
      "$1 query = results = errorResponse = null; result = new Result(); rows = 0;",
  },
  {
    // begin()
    find:
      /(const (queries\w*) = \w+\(\);\s+let savepoints = 0, (connection\w*), prepare = null)(;[^]{1,400}?)\3\.onclose = reject\)/,
    replace: `$1, closedBy = null$4$3.onclose = (error) => {
          closedBy = error;
          while ($2.length) $2.shift().reject(error);
          reject(error);
        })`,
  },
  {
    find: /(q\.catch\(\(e\) => uncaughtError \|\| \(uncaughtError = e\)\);)/,
    replace: "$1 if (closedBy !== null) return q.reject(closedBy);",
  },
];

/** Mends the driver in a bundle. Each place must be there exactly once: a new version has to be looked at anew. */
export function mendPostgres(bundle: string): void {
  const [file, ...others] = [...Deno.readDirSync(bundle)]
    .filter(({ isFile }) => isFile)
    .map(({ name }) => join(bundle, name))
    .filter((path) => Deno.readTextFileSync(path).includes("nextWrite(fn)"));
  if (file === undefined || others.length > 0) {
    throw new Error("The bundle should have postgres.js in one file");
  }
  let code = Deno.readTextFileSync(file);
  for (const { find, replace } of MENDS) {
    const { length: count } = [...code.matchAll(new RegExp(find, "g"))];
    if (count !== 1) {
      throw new Error(
        `postgres.js is not as it was: ${count} places match ${find}`,
      );
    }
    code = code.replace(find, replace);
  }
  Deno.writeTextFileSync(file, code);
}
