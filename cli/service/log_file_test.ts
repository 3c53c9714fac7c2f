import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { join } from "node:path";
import { temporaryFolder } from "../testdata/temporary_folder.ts";
import { LOG_BYTES_MAX, LogFile } from "./log_file.ts";

describe("LogFile", () => {
  it("keeps what is written, and the file of the last start", async () => {
    await using folder = await temporaryFolder({ "a.log": "last start\n" });
    const log = new LogFile(join(folder.dir, "a.log"));
    log.write("one\n");
    log.write("two\n");
    expect(await folder.read("a.log")).toBe("one\ntwo\n");
    expect(await folder.read("a.log.old")).toBe("last start\n");
  });

  it("begins anew when it has grown beyond its bound", async () => {
    await using folder = await temporaryFolder();
    const log = new LogFile(join(folder.dir, "a.log"));
    log.write("x".repeat(LOG_BYTES_MAX + 1));
    log.write("the end\n");
    expect(await folder.read("a.log")).toBe("the end\n");
    expect(await folder.read("a.log.old")).toHaveLength(LOG_BYTES_MAX + 1);
  });

  it("takes lines again once there is room", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.dir, "logs", "a.log");
    const log = new LogFile(path);
    log.write("lost\n");
    await Deno.mkdir(join(folder.dir, "logs"));
    log.write("kept\n");
    expect(await folder.read("logs/a.log")).toBe("kept\n");
  });
});
