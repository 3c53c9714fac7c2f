/** The policies: kept in Redis, known by heart in every instance. */
import type { Context } from "@contract/system.ts";
import type { NamedPolicy, Policy } from "./policy.ts";

const RELOAD_EVERY_MS = 500;

/** Compares and writes in one step. Returns the new version, 0 if it exists, -1 if outdated. */
const PUT = `
  local stored = redis.call('HGET', KEYS[1], ARGV[1])
  local version = stored and cjson.decode(stored).version or 0
  if ARGV[3] == '' and stored then return 0 end
  if ARGV[3] ~= '' and (not stored or version ~= tonumber(ARGV[3])) then return -1 end
  redis.call('HSET', KEYS[1], ARGV[1], cjson.encode({
    policy = cjson.decode(ARGV[2]), version = version + 1 }))
  return version + 1`;

export interface StoredPolicy {
  readonly policy: Policy;
  readonly version: number;
}

export type PutResult =
  | { readonly status: "created" | "replaced"; readonly version: number }
  | { readonly status: "unconditional" }
  | { readonly status: "outdated" };

export interface Policies {
  forPath(pathname: string): NamedPolicy | undefined;
  find(name: string): Promise<StoredPolicy | undefined>;
  put(name: string, policy: Policy, ifVersion?: number): Promise<PutResult>;
}

export async function openPolicies(
  { redis, signal }: Context,
): Promise<Policies> {
  let known: Record<string, StoredPolicy> = {};

  async function reload(): Promise<void> {
    const stored = await redis.hGetAll("policies");
    known = Object.fromEntries(
      Object.entries(stored).map(([name, text]) => [name, JSON.parse(text)]),
    );
  }

  async function keepReloading(): Promise<void> {
    while (!signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, RELOAD_EVERY_MS));
      await reload().catch(() => {});
    }
  }

  await reload();
  keepReloading();

  return {
    forPath(pathname) {
      const name = pathname.split("/")[2] ?? "";
      for (const candidate of [name, "default"]) {
        const stored = known[candidate];
        if (stored) return { name: candidate, policy: stored.policy };
      }
    },
    async find(name) {
      const text = await redis.hGet("policies", name);
      return text ? JSON.parse(text) : undefined;
    },
    async put(name, policy, ifVersion) {
      const version = Number(
        await redis.eval(PUT, {
          keys: ["policies"],
          arguments: [name, JSON.stringify(policy), String(ifVersion ?? "")],
        }),
      );
      await reload();
      if (version === 0) return { status: "unconditional" };
      if (version < 0) return { status: "outdated" };
      return {
        status: ifVersion === undefined ? "created" : "replaced",
        version,
      };
    },
  };
}
