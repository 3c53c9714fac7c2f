import type { Probe } from "./types.ts";

/** The version that this kit is tested on; sandbox permissions change between versions. */
const DENO_VERSION = "2.9.6";
/** Unix sockets under `--allow-net` came with it. */
const DENO_VERSION_MIN = "2.9.0";

/** Whether `version` is the Deno that this kit is tested on. */
export function probeDeno(version: string = Deno.version.deno): Probe {
  const name = "Deno";
  if (version === DENO_VERSION) {
    return { name, status: "ok", detail: version };
  }
  const fix = `deno upgrade --version ${DENO_VERSION}`;
  if (isOlder(version, DENO_VERSION_MIN)) {
    return {
      name,
      status: "fail",
      detail: `${version} is too old: at least ${DENO_VERSION_MIN} is needed`,
      fix,
    };
  }
  return {
    name,
    status: "warn",
    detail: `${version} is not ${DENO_VERSION}, on which this kit is tested`,
    fix,
  };
}

function isOlder(version: string, minimum: string): boolean {
  const collator = new Intl.Collator("en", { numeric: true });
  return collator.compare(version, minimum) < 0;
}
