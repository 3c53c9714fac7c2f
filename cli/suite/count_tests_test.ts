import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { countTests } from "./count_tests.ts";

describe("countTests()", () => {
  it("counts tests, not the groups that they stand in", () => {
    const junit = `<testsuites>
      <testcase name="add()" classname="a" time="0">
      </testcase>
      <testcase name="add() &gt; adds" classname="b" time="0">
      </testcase>
      <testcase name="add() &gt; carries" classname="b" time="0">
        <failure message="9">9</failure>
      </testcase>
      <testcase name="alone" classname="a" time="0">
      </testcase>
    </testsuites>`;
    expect(countTests(junit)).toEqual({ passed: 2, failed: 1 });
  });

  it("counts a group that broke down before its first test", () => {
    const junit = `<testcase name="add()" classname="a" time="0">
      <failure message="no database">stack</failure>
    </testcase>`;
    expect(countTests(junit)).toEqual({ passed: 0, failed: 1 });
  });

  it("finds nothing in nothing", () => {
    expect(countTests("")).toEqual({ passed: 0, failed: 0 });
  });
});
