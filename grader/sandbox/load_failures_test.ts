import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { openTestHost } from "./open_test_host.ts";

/** What a learner reads for each way in which code does not come to listen. */
const FAILURES: readonly (readonly [
  program: string,
  reason: string,
  message: string,
])[] = [
  [
    "unloadable/syntax_error",
    "load_error",
    "system.ts:2:17 does not parse: Expression expected\n2 |   const limit = = 3;",
  ],
  [
    "unloadable/imports_unknown_package",
    "load_error",
    'system.ts:1:21 imports "express": only files of its own folder, hono and node: modules can be ' +
    'imported\n1 | import express from "express";',
  ],
  [
    "unloadable/imports_missing_file",
    "load_error",
    'system.ts:1:24 imports "bucket.ts", which does not exist\n1 | import { bucket } from "./bucket.ts";',
  ],
  [
    "unloadable/imports_npm",
    "forbidden",
    "The code imported code from elsewhere: only files of its own folder, hono and node: modules can be " +
    'imported (system.ts:1:21)\n1 | import leftPad from "npm:left-pad@1.3.0";',
  ],
  [
    "missing_default_export",
    "load_error",
    "system.ts must default-export a factory (context) => System; it exports app, but no default",
  ],
  [
    "default_export_is_no_factory",
    "load_error",
    "system.ts must default-export a factory (context) => System; its default export is an object with " +
    "fetch; write: export default (context) => app",
  ],
  [
    "factory_throws",
    "load_error",
    "The factory of system.ts failed: TypeError: Cannot read properties of undefined (reading 'limit') " +
    "(limit.ts:2:18)",
  ],
  [
    "factory_returns_nothing",
    "load_error",
    "The factory of system.ts must return a System, an object with a fetch method; it returned undefined",
  ],
  [
    "fetches_while_loading",
    "forbidden",
    "The code reached for the network (http://example.com/limits): there is none; services are reached " +
    "through context.sql, redis, peers and upstreams (system.ts:1:22)",
  ],
  [
    "never_finishes_starting",
    "timeout",
    "system.ts did not listen within 300 ms; does a loop at its top level or in the factory never end, or " +
    "does the factory wait for something that never comes?",
  ],
];

describe("Host.load() says why code does not come to listen", () => {
  for (const [program, reason, message] of FAILURES) {
    it(program.replace("unloadable/", "").replaceAll("_", " "), async () => {
      const limits = program.startsWith("never") ? { bootMs: 300 } : {};
      await using sandbox = await openTestHost(program, { limits });
      const load = await sandbox.load();
      expect(load).toEqual({ status: "failed", exit: { reason, message } });
    });
  }
});

describe("Host.exit says why a process is gone", () => {
  const rows = [
    ["throws_in_background", "Error: nobody listens (system.ts:5:15)"],
    ["rejects_in_background", "Error: nobody waits (system.ts:4:27)"],
  ] as const;
  for (const [program, what] of rows) {
    it(program.replaceAll("_", " "), async () => {
      await using sandbox = await openTestHost(program);
      await sandbox.load();
      await sandbox.get("/");
      expect(await sandbox.host.exit).toEqual({
        reason: "crashed",
        message: `An error that nothing caught ended the process: ${what}`,
      });
    });
  }
});

describe("a system that throws on a request", () => {
  it("answers 500 with a problem that names the error, and goes on", async () => {
    await using sandbox = await openTestHost("throws_on_request");
    await sandbox.load();
    expect(await sandbox.get("/")).toContain(
      '500 {"type":"about:blank","title":"Internal Server Error","status":500,"code":"internal",' +
        '"detail":"fetch() failed: RangeError: limit is negative (system.ts:5:13)"}',
    );
    expect(await sandbox.get("/nothing")).toContain(
      "fetch() must return a Response; it returned undefined",
    );
    expect(sandbox.lines[0]).toContain("limit is negative");
  });

  it("prints stacks without the machine's paths", async () => {
    await using sandbox = await openTestHost("prints_stack");
    await sandbox.load();
    expect(await sandbox.get("/")).toBe("500 Internal Server Error");
    await sandbox.host.kill();
    const printed = sandbox.lines.join("\n");
    expect(printed).toContain("RangeError: limit is negative");
    expect(printed).toContain("(system.ts:6:11)");
    expect(printed).not.toContain("file:");
  });
});
