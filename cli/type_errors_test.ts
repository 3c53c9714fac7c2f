import { join } from "node:path";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { temporaryFolder } from "./testdata/temporary_folder.ts";
import { startTypeCheck } from "./type_errors.ts";

describe("startTypeCheck()", () => {
  it("says what is wrong and where, in a form that editors open", async () => {
    await using folder = await temporaryFolder({
      "system.ts": "export default 1;\nconst x: number = 'a';\nx;\n",
    });
    using check = startTypeCheck(folder.dir);
    const errors = await check.errors;
    expect(errors).toContain("Type 'string' is not assignable");
    expect(errors).toContain(`at ${join(folder.dir, "system.ts")}:2:7`);
  });

  it("has nothing to say about right types, the contract's among them", async () => {
    await using folder = await temporaryFolder({
      "system.ts": `import type { System } from "@contract/system.ts";
export default (): System => ({ fetch: () => new Response() });
`,
    });
    using check = startTypeCheck(folder.dir);
    expect(await check.errors).toBeUndefined();
  });

  it("leaves a syntax error to the run", async () => {
    await using folder = await temporaryFolder({ "system.ts": "const = 1;" });
    using check = startTypeCheck(folder.dir);
    expect(await check.errors).toBeUndefined();
  });

  it("ends when nobody waits for it any more", async () => {
    await using folder = await temporaryFolder({ "system.ts": "const x = 1" });
    const check = startTypeCheck(folder.dir);
    check[Symbol.dispose]();
    expect(await check.errors).toBeUndefined();
  });
});
