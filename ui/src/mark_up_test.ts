import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { markUp } from "./mark_up.ts";

const FOLDER = "workshops/01-basics";

describe("markUp()", () => {
  for (
    const [what, source, html] of [
      [
        "names the place of a file that the page cannot show",
        "the [design sheet](design_sheet.md)",
        "the design sheet (<code>workshops/01-basics/design_sheet.md</code>)",
      ],
      [
        "names the place of a file in another folder",
        "[How](../../docs/AUTHORING.md#tests)",
        "How (<code>docs/AUTHORING.md</code>)",
      ],
      [
        "leaves links to other sites alone",
        "[redis](https://redis.io)",
        '<a href="https://redis.io">redis</a>',
      ],
      [
        "leaves links to pages of the dashboard alone",
        "[yours](/submissions)",
        '<a href="/submissions">yours</a>',
      ],
    ] as const
  ) {
    it(what, () => {
      expect(markUp(source, FOLDER).html).toBe(`<p>${html}</p>\n`);
    });
  }

  for (
    const [heading, anchor] of [
      ["The contract", "#the-contract"],
      ["02.1 Shorten and redirect", "#021-shorten-and-redirect"],
      ["A cache node (`tcp`)", "#a-cache-node-tcp"],
      ["Editing a policy (from 03.5 on)", "#editing-a-policy-from-035-on"],
    ] as const
  ) {
    it(`leads from GitHub's anchor ${anchor} to its heading`, () => {
      const { html, outline } = markUp(
        `[there](${anchor})\n\n## ${heading}\n`,
        FOLDER,
      );

      expect(html).toContain(`<a href="#${outline[0]?.id}">there</a>`);
      expect(html).toContain(`<h2 id="${outline[0]?.id}">`);
    });
  }
});
