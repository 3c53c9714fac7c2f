// deno-lint-ignore no-control-regex -- control characters are what it is about
const UNPRINTABLE = /\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
/** Change the direction or the look of what follows: a line could be read as another one (CVE-2021-42574). */
const INVISIBLE = /[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Text of the learner's process, safe to print: no control sequences, invisible characters escaped, capped. */
export function printable(text: string, charsMax: number): string {
  const clean = text.slice(0, 2 * charsMax).replace(UNPRINTABLE, "").replace(
    INVISIBLE,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return clean.length <= charsMax && text.length <= 2 * charsMax
    ? clean
    : `${clean.slice(0, charsMax)}…`;
}
