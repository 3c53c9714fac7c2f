import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { waitFor } from "../../testdata/wait_for.ts";
import { ApiError } from "../api.ts";
import { loadResource } from "./resource.ts";

describe("loadResource()", () => {
  it("goes from loading to ready", async () => {
    const resource = loadResource(() => Promise.resolve(7));

    const first = resource.state.value.status;
    const last = await waitFor(
      resource.state,
      ({ status }) => status !== "loading",
    );

    expect(first).toBe("loading");
    expect(last).toEqual({ status: "ready", value: 7 });
  });

  it("keeps what is shown when a reload fails", async () => {
    let isBroken = false;
    const resource = loadResource(() =>
      isBroken
        ? Promise.reject(new ApiError("internal", "Broken"))
        : Promise.resolve("shown")
    );
    await waitFor(resource.state, ({ status }) => status === "ready");

    isBroken = true;
    await resource.reload();

    expect(resource.state.value).toEqual({ status: "ready", value: "shown" });
  });

  it("recovers from a failure by a reload", async () => {
    let isBroken = true;
    const resource = loadResource(() =>
      isBroken
        ? Promise.reject(new ApiError("unreachable", "Away"))
        : Promise.resolve("back")
    );
    await waitFor(resource.state, ({ status }) => status === "failed");

    isBroken = false;
    await resource.reload();

    expect(resource.state.value).toEqual({ status: "ready", value: "back" });
  });

  it("forgets an answer that comes after a newer question", async () => {
    const first = Promise.withResolvers<string>();
    const answers = [first.promise, Promise.resolve("new")];
    const resource = loadResource(() => answers.shift()!);

    await resource.reload();
    first.resolve("old");
    await first.promise;

    expect(resource.state.value).toEqual({ status: "ready", value: "new" });
  });
});
