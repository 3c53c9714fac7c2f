import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { startFixture } from "../../testdata/start_fixture.ts";
import { waitFor } from "../../testdata/wait_for.ts";
import { createApi } from "../api.ts";
import { createHints, type Hints } from "./hints.ts";

describe("createHints()", () => {
  it("unlocks one level at a time", async () => {
    await using fixture = startFixture();
    const hints = await openHints(fixture.url);

    await hints.unlock();
    const afterOne = unlockedOf(hints);
    await hints.unlock();

    expect([afterOne, unlockedOf(hints)]).toEqual([1, 2]);
    hints.dispose();
  });

  it("unlocks once for two clicks at once", async () => {
    await using fixture = startFixture();
    const hints = await openHints(fixture.url);

    const didUnlock = await Promise.all([hints.unlock(), hints.unlock()]);

    expect(didUnlock).toEqual([true, false]);
    expect(unlockedOf(hints)).toBe(1);
    hints.dispose();
  });

  it("keeps what is shown and says why when it is refused", async () => {
    await using fixture = startFixture();
    const hints = await openHints(fixture.url);
    fixture.isSignedIn = false;

    const didUnlock = await hints.unlock();

    expect(didUnlock).toBe(false);
    expect(hints.refusal.value).toBe("unauthenticated");
    expect(unlockedOf(hints)).toBe(0);
    hints.dispose();
  });
});

async function openHints(baseUrl: string): Promise<Hints> {
  const hints = createHints(createApi({ baseUrl }), "03-rate-limiter", 4);
  await waitFor(hints.state, ({ status }) => status === "ready");
  return hints;
}

function unlockedOf({ state }: Hints): number | undefined {
  return state.value.status === "ready"
    ? state.value.value.unlocked.length
    : undefined;
}
