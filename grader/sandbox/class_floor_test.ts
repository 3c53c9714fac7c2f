import { after, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { join } from "node:path";
import { classFloor } from "./class_floor.ts";
import { DEFAULT_LIMITS } from "./limits/defaults.ts";
import { classFloorParts, probeFloor } from "./probe_floor.ts";
import { reachableDeno } from "./reachable_deno.ts";
import { slotAccount } from "./slot_account.ts";

const { missing } = await probeFloor();
const skip = missing.length > 0 && missing.join();

describe("classFloor() holds without Deno's permissions", { skip }, () => {
  const here = JSON.stringify(import.meta.filename);
  const rows: [what: string, code: string, outcome: RegExp][] = [
    ["files", 'Deno.readTextFileSync("/etc/passwd")', /^NotFound/],
    ["the project", `Deno.readTextFileSync(${here})`, /^NotFound/],
    ["processes", 'Deno.readDirSync("/proc/1").next()', /^NotFound/],
    ["devices", 'Deno.readDirSync("/dev").next()', /^NotFound/],
    [
      "the environment",
      "Object.keys(Deno.env.toObject()).sort().join()",
      /^DENO_DIR,HOME,NO_COLOR,PWD,TZ$/,
    ],
    ["the network", "await Deno.connect({ port: PORT })", /^ConnectionRefused/],
    ["programs", 'await new Deno.Command("/bin/sh").output()', /^NotFound/],
    ["its root", 'Deno.writeTextFileSync("/x", "")', /Read-only file system/],
    [
      "libraries",
      'Deno.writeTextFileSync("/usr/lib/x", "")',
      /Read-only file system|PermissionDenied/,
    ],
    ["root's rights", "Deno.uid() !== 0", /^true$/],
    ["the host's name", "Deno.hostname()", /^sandbox$/],
  ];
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  after(() => listener.close());
  for (const [what, code, outcome] of rows) {
    it(`keeps ${what} away`, async () => {
      const port = String(listener.addr.port);
      const seen = await runInside(code.replace("PORT", port));
      expect(seen).toMatch(outcome);
    });
  }
});

/** The value of an expression that Deno computes inside with every permission, or its error. */
async function runInside(code: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  const account = slotAccount();
  if (account) await Deno.chown(folder, account.uid, account.gid);
  await Deno.chmod(folder, 0o755);
  const script =
    `try { console.log(${code}) } catch (error) { console.log(String(error)) }`;
  const { args: [program, ...args], env, uid, gid } = classFloor(
    {
      command: [reachableDeno(account), "eval", "--no-config", script],
      limits: DEFAULT_LIMITS,
      folders: { readOnly: [folder], writable: [] },
      denoDir: join(folder, "deno"),
    },
    classFloorParts(),
    account,
  );
  const { stdout, stderr } = await new Deno.Command(program!, {
    args,
    env: { ...env, SECRET: "of the grader" },
    uid,
    gid,
    cwd: folder,
  }).output();
  await Deno.remove(folder, { recursive: true });
  const printed = new TextDecoder().decode(stdout).trim();
  return printed || new TextDecoder().decode(stderr);
}
