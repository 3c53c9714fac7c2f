/** `text` on one line without control characters, at most `charactersMax` long, with "…" where it was cut. */
export function shortText(text: string, charactersMax: number): string {
  if (text.length <= charactersMax && PLAIN.test(text)) return text;
  const line = text.slice(0, charactersMax * 2)
    .replace(BLANKS, " ").replace(CONTROLS, "·").trim();
  if (line.length <= charactersMax && text.length <= charactersMax * 2) {
    return line;
  }
  return line.slice(0, charactersMax - 1) + "…";
}

/** Longest text of a trace row. */
export const ROW_CHARACTERS_MAX = 200;
/** Longest text that a gate matches against. */
export const EXCHANGE_CHARACTERS_MAX = 2_000;

/** Most texts: each message passes here several times. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;
const BLANKS = /\s+/g;
/** Control characters and bidirectional overrides: a row must read as it is. */
const CONTROLS = /[\p{Cc}\p{Bidi_Control}\ufffd]/gu;
