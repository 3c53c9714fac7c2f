import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { SandboxFloor } from "@contract/report.ts";
import { openTestHost, type TestHost } from "./open_test_host.ts";
import { probeFloor } from "./probe_floor.ts";
import type { HostLimits } from "./types.ts";

/** Small bounds, so that a bomb goes off at once. */
const LIMITS: Partial<HostLimits> = {
  heapBytesMax: 64 * 1024 * 1024,
  fileBytesMax: 8 * 1024 * 1024,
  diskBytesMax: 32 * 1024 * 1024,
  bootMs: 3_000,
};

const LOOP_LIMITS: Partial<HostLimits> = { ...LIMITS, cpuSecondsMax: 1 };

/** For a bomb to go off; a program that outlasts it counts as stopped. */
const EXIT_MS_MAX = 10_000;

/** What must come of each program in testdata: how its process ended, or what it answered unharmed. */
const ATTACKS: readonly (readonly [
  misdeed: string,
  outcome: string,
  onClassFloor?: string,
])[] = [
  // The judge: no program can make it believe anything.
  ["patches_prototypes", "200 patched"],
  ["exits_at_once", "crashed"],
  ["exits_on_request", "crashed"],
  ["kills_itself", "crashed"],
  ["prints_fake_results", "crashed"],
  ["forges_control", "200 []"],
  [
    "pollutes_reader",
    '200 {"__proto__": {"isPassed": true}, "constructor": {"prototype": {"isPassed": true}}}',
  ],
  ["rewrites_clock", "forbidden"],
  // Other people's files, and the machine.
  ["reads_tests", "forbidden"],
  ["reads_other_submission", "forbidden"],
  ["reads_system_file", "forbidden"],
  ["reads_process_table", "forbidden"],
  ["reads_environment", "200 {}"],
  ["unloadable/imports_text_outside", "forbidden"],
  ["unloadable/imports_json_outside", "forbidden"],
  ["unloadable/imports_neighbour", "forbidden"],
  ["links_out_of_data", "forbidden"],
  ["writes_outside", "forbidden"],
  ["rewrites_submission", "forbidden"],
  // The network.
  ["fetches_metadata", "forbidden"],
  ["resolves_names", "forbidden", "500"],
  ["connects_to_host", "forbidden"],
  ["connects_with_node", "forbidden"],
  ["tunnels_through_proxy", "200 refused"],
  ["listens_on_network", "forbidden"],
  ["opens_inspector", "forbidden"],
  // Programs, libraries and code from elsewhere.
  ["starts_program", "forbidden"],
  ["starts_program_with_node", "500"],
  ["loads_native_library", "forbidden"],
  ["unloadable/imports_npm", "forbidden"],
  ["unloadable/imports_remote_code", "forbidden"],
  ["imports_npm_late", "forbidden"],
  ["imports_remote_code_late", "forbidden"],
  // More than its share.
  ["loops_at_top_level", "timeout"],
  ["loops_on_request", "timeout"],
  ["backtracks_for_ever", "timeout"],
  ["fills_heap", "memory"],
  ["fills_buffers", "memory"],
  ["fills_webassembly", "memory"],
  ["bombs_with_workers", "memory"],
  ["floods_output", "output_limit"],
  ["floods_blank_lines", "output_limit"],
  ["fills_disk", "output_limit"],
  ["hides_what_it_writes", "output_limit"],
  ["fills_cache_storage", "output_limit"],
  ["writes_huge_file", "crashed"],
  ["bombs_type_checker", "200 undefined"],
];

const { missing } = await probeFloor();

for (const floor of ["local", "class"] satisfies SandboxFloor[]) {
  const skip = floor === "class" && missing.length > 0 && missing.join();
  describe(`on the ${floor} floor`, { skip }, () => {
    let listener: Deno.TcpListener;
    let connections = 0;
    before(() => {
      listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      void count(listener);
    });
    after(() => {
      listener.close();
      expect(connections).toBe(0);
    });
    async function count(listener: Deno.TcpListener): Promise<void> {
      for await (const connection of listener) {
        connections++;
        connection.close();
      }
    }

    for (const [misdeed, onEveryFloor, onClassFloor] of ATTACKS) {
      const outcome = floor === "class"
        ? onClassFloor ?? onEveryFloor
        : onEveryFloor;
      it(`a program that ${readable(misdeed)}: ${outcome}`, async () => {
        await using sandbox = await openTestHost(misdeed, {
          floor,
          limits: outcome === "timeout" ? LOOP_LIMITS : LIMITS,
          config: { port: listener.addr.port },
        });
        const reached = await outcomeOf(sandbox, outcome);
        expect(reached.slice(0, outcome.length)).toBe(outcome);
      });
    }
  });
}

function readable(misdeed: string): string {
  return misdeed.replace("unloadable/", "").replaceAll("_", " ");
}

/** What it answered if that is what is expected; else how its process ended. */
async function outcomeOf(
  { load, get, host }: TestHost,
  expected: string,
): Promise<string> {
  const loaded = await load();
  if (loaded.status === "failed") return loaded.exit.reason;
  const answer = await get("/");
  if (/^\d/.test(expected) || answer.startsWith("200")) return answer;
  const late = setTimeout(() => host.kill(), EXIT_MS_MAX);
  const { reason } = await host.exit;
  clearTimeout(late);
  return reason;
}
