/** Of a script; what follows it, keys and arguments, tells one call from the next. */
const SCRIPT_CHARS_MAX = 20;

/** A script with or without quotes, up to the number of its keys. */
const SCRIPT = /^(EVAL(?:_RO)? )("?)(.+?)\2(?= \d+(?: |$))/;

/** `EVAL "local count = redis.…" 1 limit:alice 10`: an EVAL whose script does not hide what it was called with. */
export function withShortScript(text: string): string {
  return text.replace(
    SCRIPT,
    (whole, name: string, quote: string, script: string) =>
      script.length <= SCRIPT_CHARS_MAX
        ? whole
        : `${name}${quote}${script.slice(0, SCRIPT_CHARS_MAX - 1)}…${quote}`,
  );
}
