/** The parts of a workshop's README. */

/** Without its first heading, which the page has drawn already. */
export function withoutTitle(brief: string): string {
  return brief.replace(/^\s*# .*\n/, "");
}

/** What the README says of stage "02.1": from its heading to the next one as high; undefined without one. */
export function stageSection(brief: string, id: string): string | undefined {
  const lines = brief.split("\n");
  const start = lines.findIndex((line) =>
    headingOf(line)?.text.startsWith(`${id} `)
  );
  if (start === -1) return undefined;
  const { depth } = headingOf(lines[start]!)!;
  const length = lines.slice(start + 1)
    .findIndex((line) => (headingOf(line)?.depth ?? 7) <= depth);
  const end = length === -1 ? lines.length : start + 1 + length;
  return lines.slice(start + 1, end).join("\n").trim();
}

function headingOf(line: string): { depth: number; text: string } | undefined {
  const match = /^(#{1,6}) (.*)/.exec(line);
  return match === null
    ? undefined
    : { depth: match[1]!.length, text: match[2]! };
}
