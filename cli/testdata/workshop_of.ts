import type { Workshop } from "@contract/manifest.ts";

/** A workshop with stages of these slugs and one check each. */
export function workshopOf(
  slugs: readonly string[],
  aliases?: Readonly<Record<string, string>>,
): Workshop {
  return {
    number: "03",
    slug: "03-rate-limiter",
    title: "Rate limiter",
    summary: "Admits what the policy says.",
    level: "mid",
    hours: 6,
    needs: [],
    upstreams: [],
    config: {},
    aliases,
    stages: slugs.map((slug, index) => ({
      number: index + 1,
      slug,
      title: slug,
      kinds: ["api"],
      teaches: "Something.",
      minutes: 30,
      checks: [`03.${index + 1}a`],
    })),
  };
}
