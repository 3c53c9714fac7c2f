import { countByStatus, HttpAnswer } from "../clients/answer.ts";
import type { Answer } from "../clients/types.ts";

/** Bound of one printed value; more would bury the difference. */
export const PRINTED_BYTES_MAX = 4 * 1024;

/** Headers that checks and people look at; the rest is noise of the server library. */
const HEADERS_SHOWN = [
  ...["location", "content-type", "cache-control", "etag", "retry-after"],
  ...["ratelimit", "ratelimit-policy", "vary", "www-authenticate"],
];

/** A value as people read it: in full up to 4 KB, invisible characters as escapes. */
export function printValue(value: unknown): string {
  return shorten(escapeInvisible(inFull(value)));
}

/** Writes control characters, zero-width ones and unusual spaces as `\u{…}`; a line break stays. */
export function escapeInvisible(text: string): string {
  return text.replace(
    INVISIBLE,
    (character) =>
      NAMED[character] ??
        `\\u{${character.codePointAt(0)!.toString(16).padStart(4, "0")}}`,
  );
}

function inFull(value: unknown): string {
  if (value instanceof HttpAnswer) return printAnswer(value);
  if (isAnswers(value)) return printAnswers(value);
  if (typeof value === "string") return JSON.stringify(value);
  return Deno.inspect(value, {
    depth: 8,
    sorted: true,
    iterableLimit: 200,
    strAbbreviateSize: PRINTED_BYTES_MAX,
    escapeSequences: true,
  });
}

function printAnswer(answer: HttpAnswer): string {
  const { call, status, headers, text, reason } = answer;
  if (status === 0) return `${call} → no response: ${reason}`;
  const shown = HEADERS_SHOWN.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [`  ${name}: ${value}`];
  });
  const body = text === "" ? "  (empty body)" : `  ${text}`;
  return [`${call} → ${status}`, ...shown, body].join("\n");
}

function printAnswers(answers: readonly Answer[]): string {
  const counts = Object.entries(countByStatus(answers))
    .map(([status, count]) => `${count} × ${nameOfStatus(status)}`);
  return `${answers.length} answers: ${counts.join(", ")}`;
}

function nameOfStatus(status: string): string {
  return status === "0" ? "no response" : status;
}

function isAnswers(value: unknown): value is readonly Answer[] {
  return Array.isArray(value) && value.length > 0 &&
    value.every((item) => item instanceof HttpAnswer);
}

function shorten(text: string): string {
  if (text.length <= PRINTED_BYTES_MAX) return text;
  const left = text.length - PRINTED_BYTES_MAX;
  return `${text.slice(0, PRINTED_BYTES_MAX)}… (${left} more characters)`;
}

const NAMED: Readonly<Record<string, string>> = {
  "\t": "\\t",
  "\r": "\\r",
  "\0": "\\0",
};

/** Control and format characters (bidi marks among them), lone surrogates, and all spaces but the plain one. */
const INVISIBLE = /(?![\n ])[\p{Cc}\p{Cf}\p{Cs}\p{Z}]/gu;
