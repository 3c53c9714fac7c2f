import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { join } from "node:path";
import { temporaryFolder } from "../testdata/temporary_folder.ts";
import { startService } from "./service_process.ts";

describe("startService()", () => {
  it("keeps what the service logs, and tells each line", async () => {
    await using folder = await temporaryFolder();
    const logFile = join(folder.dir, "chatty.log");
    expect(await numbersLogged(logFile)).toHaveLength(5_000);
    const text = await Deno.readTextFile(logFile);
    expect(text.trim().split("\n")).toHaveLength(5_000);
  });

  it("loses lines of the log and nothing else when they cannot be written", async () => {
    await using folder = await temporaryFolder();
    const logFile = join(folder.dir, "gone", "chatty.log");
    expect(await numbersLogged(logFile)).toHaveLength(5_000);
  });
});

/** Runs the service to its end; gives the number of each line that it told. */
async function numbersLogged(logFile: string): Promise<unknown[]> {
  const numbers: unknown[] = [];
  const service = startService({
    script: "cli/service/testdata/chatty_service.ts",
    env: {},
    logFile,
    onLog: ({ number }) => numbers.push(number),
  });
  expect(await service.ended).toMatchObject({ code: 0 });
  return numbers;
}
