/** Least recently used, as a ring of links: each operation changes a handful of them. */
import type { EvictionPolicy } from "./eviction.ts";

interface Link {
  readonly key: string;
  before: Link;
  after: Link;
}

export function leastRecentlyUsed(): EvictionPolicy {
  const links = new Map<string, Link>();
  const ends = { key: "" } as Link;
  ends.before = ends.after = ends;

  function append(link: Link): void {
    link.before = ends.before;
    link.after = ends;
    ends.before.after = link;
    ends.before = link;
  }

  function unlink({ before, after }: Link): void {
    before.after = after;
    after.before = before;
  }

  return {
    add(key) {
      const link = { key } as Link;
      links.set(key, link);
      append(link);
    },
    use(key) {
      const link = links.get(key)!;
      unlink(link);
      append(link);
    },
    remove(key) {
      const link = links.get(key);
      if (link) unlink(link);
      links.delete(key);
    },
    victim: () => ends.after === ends ? undefined : ends.after.key,
  };
}
