import type { SubmissionFiles } from "@contract/submission.ts";

/** The files of a workshop with one stage: stub, reference, check, hints and mutant, as small as they can be. */
export function newWorkshopFiles(
  number: string,
  slug: string,
): { readonly workshop: SubmissionFiles; readonly solution: SubmissionFiles } {
  const title = (slug[0]!.toUpperCase() + slug.slice(1)).replaceAll("-", " ");
  return {
    workshop: {
      "README.md": readme(number, title),
      "workshop.json": manifest(number, title),
      "system.ts": STUB.replaceAll("NN", number),
      "estimates.ts": ESTIMATES.replaceAll("NN", number),
      "hints/1.md": HINTS,
      "tests/1_greeting_test.ts": STAGE.replaceAll("NN", number),
    },
    solution: {
      "NOTES.md": `# ${number} — ${title}: debrief\n\n## Why it works\n\n` +
        "## What else would\n\n## What breaks next\n",
      "system.ts": REFERENCE,
      ...mutant(number),
    },
  };
}

function readme(number: string, title: string): string {
  return `# ${number} — ${title}

The problem in a few lines.

## The contract

| call         | answers             |
| ------------ | ------------------- |
| \`GET /hello\` | 200 \`{"greeting"}\` |

## Stages

### ${number}.1 Greeting

What is learnt here, in about 250 words.

**Checked:** \`GET /hello\` answers 200 with a greeting that names the instance.

## Trade-offs

- What would you choose, and what does it cost?
`;
}

function manifest(number: string, title: string): string {
  const text = JSON.stringify(
    {
      title,
      summary: "The job in one sentence.",
      level: "mid",
      hours: 6,
      needs: [],
      upstreams: [],
      config: {},
      stages: [{
        number: 1,
        slug: "greeting",
        title: "Greeting",
        kinds: ["api"],
        teaches: "What a learner takes away.",
        minutes: 30,
        checks: [`${number}.1a`],
      }],
    },
    null,
    2,
  );
  return `${text}\n`;
}

const STUB = `import type { Context, System } from "@contract/system.ts";

/** Called once per instance; your service is what it returns. */
export default function system(_context: Context): System {
  return {
    // TODO: answer GET /hello.
    fetch: () => notImplemented("NN.1 Greeting", "answer GET /hello"),
  };
}

/** The answer of a part that is still to be built; the first failing check shows it. */
function notImplemented(stage: string, toBuild: string): Response {
  const body = {
    type: "about:blank",
    title: "not_implemented",
    status: 501,
    code: "not_implemented",
    detail: \`Stage \${stage}: \${toBuild}\`,
  };
  return new Response(JSON.stringify(body), {
    status: 501,
    headers: { "content-type": "application/problem+json" },
  });
}
`;

const REFERENCE = `import type { Context, System } from "@contract/system.ts";

/** Greets in the name of its instance. */
export default function system(context: Context): System {
  return {
    fetch: () => Response.json({ greeting: \`Hello from \${context.instance}\` }),
  };
}
`;

const STAGE = `import { describe } from "@std/testing/bdd";
import { check, expect } from "@lab";

describe("NN.1 Greeting", () => {
  check("NN.1a", {
    title: "greets in the name of its instance",
    kind: "api",
    hint: "context.instance is the name.",
  }, async (lab) => {
    const answer = await lab.get("/hello");
    expect(answer, "GET /hello greets").toHaveStatus(200);
    expect(answer.json?.greeting, "The greeting names the instance")
      .toBe("Hello from A");
  });
});
`;

const ESTIMATES = `import type { Estimate } from "@contract/estimate.ts";

export default [
  {
    id: "NN.e1",
    question: "{users} users call once a day. How many calls a second?",
    inputs: { users: [1_000_000, 10_000_000] },
    unit: "calls/s",
    answer: ({ users }) => users! / 86_400,
    formula: "users / 86,400 s",
  },
] satisfies Estimate[];
`;

const HINTS = `## Nudge

Where could the name of an instance come from?

## Concept

The factory is called once per instance, and \`context\` is its own.

## Near-code

\`\`\`ts
Response.json({ greeting: \`Hello from \${context.instance}\` });
\`\`\`
`;

function mutant(number: string): SubmissionFiles {
  return {
    "mutants/same_name.patch": `Check: ${number}.1a
Why: greets in the same name on every instance

--- system.ts
+++ system.ts
@@ -3,6 +3,6 @@
 /** Greets in the name of its instance. */
 export default function system(context: Context): System {
   return {
-    fetch: () => Response.json({ greeting: \`Hello from \${context.instance}\` }),
+    fetch: () => Response.json({ greeting: "Hello from you" }),
   };
 }
`,
  };
}
