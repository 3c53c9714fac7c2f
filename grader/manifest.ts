import { z } from "zod";
import type { Workshop } from "@contract/manifest.ts";

/** A workshop's folder: number and slug stand here only. */
const FOLDER = /^(?<number>\d\d)-[a-z0-9]+(?:-[a-z0-9]+)*$/;

const KIND = z.enum(["api", "pg", "redis", "race", "fault", "load"]);

const STAGE = z.strictObject({
  number: z.int().min(1).max(20),
  slug: z.string().regex(/^[a-z0-9]+(?:_[a-z0-9]+)*$/, "must be snake_case"),
  title: z.string().min(1),
  kinds: z.array(KIND).min(1),
  teaches: z.string().min(1),
  minutes: z.int().min(1),
  staff: z.boolean().optional(),
  checks: z.array(z.string()).min(1),
});

const MANIFEST = z.strictObject({
  title: z.string().min(1),
  summary: z.string().min(1),
  level: z.enum(["mid", "senior", "staff"]),
  hours: z.number().positive(),
  needs: z.array(
    z.string().regex(/^\d\d(\.\d+)?$/, 'must be like "01" or "01.5"'),
  ),
  upstreams: z.array(z.string().min(1)),
  config: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  stages: z.array(STAGE).min(1),
  aliases: z.record(z.string(), z.string()).optional(),
});

/**
 * Reads the text of `workshop.json` in the folder named `slug`. Throws a TypeError that names the field, the rule
 * and the value at hand.
 */
export function parseManifest(text: string, slug: string): Workshop {
  const number = FOLDER.exec(slug)?.groups?.number;
  if (number === undefined) {
    throw broken(slug, `folder name must be like "03-rate-limiter"`);
  }
  const json = parseJson(text, slug);
  const parsed = MANIFEST.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const field = fieldName(issue.path);
    const value = shown(valueAt(json, issue.path));
    throw broken(slug, `${field}: ${issue.message} (it is ${value})`);
  }
  const workshop: Workshop = { ...parsed.data, number, slug };
  requireOrder(workshop);
  return workshop;
}

function parseJson(text: string, slug: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw broken(slug, `is not JSON: ${(cause as Error).message}`, cause);
  }
}

/** Stages count 1, 2, 3, …, and a check's id begins with its stage: "03.4a". */
function requireOrder({ number, slug, stages }: Workshop): void {
  const seen = new Set<string>();
  for (const [index, stage] of stages.entries()) {
    if (stage.number !== index + 1) {
      throw broken(
        slug,
        `stages[${index}].number must be ${index + 1} (it is ${stage.number})`,
      );
    }
    for (const [place, id] of stage.checks.entries()) {
      const field = `stages[${index}].checks[${place}]`;
      const pattern = new RegExp(`^${number}\\.${stage.number}[a-z]$`);
      if (!pattern.test(id)) {
        const example = `${number}.${stage.number}a`;
        throw broken(
          slug,
          `${field} must be like "${example}" (it is "${id}")`,
        );
      }
      if (seen.has(id)) throw broken(slug, `${field} repeats "${id}"`);
      seen.add(id);
    }
  }
}

function broken(slug: string, what: string, cause?: unknown): TypeError {
  return new TypeError(`workshops/${slug}/workshop.json: ${what}`, { cause });
}

function fieldName(path: readonly PropertyKey[]): string {
  const name = path
    .map((part) => typeof part === "number" ? `[${part}]` : `.${String(part)}`)
    .join("").replace(/^\./, "");
  return name || "the whole file";
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      (inner as Record<PropertyKey, unknown> | undefined)?.[part],
    value,
  );
}

function shown(value: unknown): string {
  const json = JSON.stringify(value);
  if (json === undefined) return "missing";
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}
