import { NETWORK_VARIABLES } from "./stores/mod.ts";

/** All that our own processes see of the environment that we were started in: nothing that could sway a verdict. */
const NAMES = [
  ...["PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "XDG_CACHE_HOME"],
  ...["SYSTEMROOT", "LOCALAPPDATA", "USERPROFILE", "TEMP"],
  ...["DENO_DIR", "TRESTLE_DIR", "NO_COLOR"],
  // The first run on a machine may have to fetch the bundler, and Redis.
  ...NETWORK_VARIABLES,
];

/** The variables of {@link NAMES} that are set. */
export function inheritedEnvironment(): Record<string, string> {
  const known = NAMES.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(known);
}
