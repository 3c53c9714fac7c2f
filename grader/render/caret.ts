/**
 * Where received first differs from expected: the line of `received`, and a caret to print under it. Undefined
 * where the two have nothing in common, since a caret at the first character says nothing.
 */
export function caretLine(
  expected: string | undefined,
  received: string | undefined,
): { line: number; text: string } | undefined {
  if (expected === undefined || received === undefined) return undefined;
  const wanted = expected.split("\n");
  const got = received.split("\n");
  const line = got.findIndex((text, index) => text !== wanted[index]);
  if (line === -1) return undefined;
  const column = commonPrefix(wanted[line] ?? "", got[line]!);
  if (line === 0 && column === 0) return undefined;
  return { line, text: `${" ".repeat(column)}^` };
}

function commonPrefix(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return length;
}
