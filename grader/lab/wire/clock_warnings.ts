/**
 * Commands and SQL that read a clock of their own. A check moves the virtual time; these would not see it, so
 * the learner is told before wondering.
 */

/** Codes of what a Redis command escapes the virtual clock with: keys of {@link clockWarning}. */
export function redisWarnings(args: readonly string[]): readonly string[] {
  const [name, ...rest] = args.map((arg) => arg.toUpperCase());
  switch (name) {
    case "EXPIREAT":
    case "PEXPIREAT":
    case "HEXPIREAT":
    case "HPEXPIREAT":
      return ["EXPIREAT"];
    case "EXPIRETIME":
    case "PEXPIRETIME":
      return ["EXPIRETIME"];
    case "SET":
      return hasUnixTime(rest.slice(2)) ? ["EXAT"] : NONE;
    case "GETEX":
      return hasUnixTime(rest.slice(1)) ? ["EXAT"] : NONE;
    case "TIME":
      return ["TIME"];
    case "EVAL":
    case "EVAL_RO":
    case "SCRIPT":
    case "FUNCTION":
      return rest.some((word) => LUA_TIME.test(word)) ? ["TIME"] : NONE;
    case "XADD":
      return rest.slice(1).includes("*") ? ["XADD *"] : NONE;
    case "OBJECT":
      return rest[0] === "IDLETIME" ? ["OBJECT IDLETIME"] : NONE;
    default:
      return NONE;
  }
}

/** The same for one SQL statement. */
export function sqlWarnings(sql: string): readonly string[] {
  const code = sql.replace(STRINGS, "''");
  return SQL_CLOCKS.filter(([pattern]) => pattern.test(code))
    .map(([, name]) => name);
}

/** What to tell the learner. */
export function clockWarning(code: string): string {
  return MESSAGES[code] ?? `${code} reads a clock that the checks cannot move`;
}

function hasUnixTime(options: readonly string[]): boolean {
  return options.includes("EXAT") || options.includes("PXAT");
}

const NONE: readonly string[] = [];
const LUA_TIME = /REDIS\.P?CALL\(\s*['"]TIME['"]/;
const STRINGS = /'(?:[^']|'')*'/g;

const SQL_CLOCKS: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:CURRENT_TIMESTAMP|LOCALTIMESTAMP|CURRENT_TIME|LOCALTIME|CURRENT_DATE)\b/i,
    "CURRENT_TIMESTAMP",
  ],
  [
    /\bpg_catalog\s*\.\s*"?(?:now|clock_timestamp|statement_timestamp|transaction_timestamp)"?\s*\(/i,
    "pg_catalog.now()",
  ],
  [/\b(?:timeofday)\s*\(/i, "timeofday()"],
  [/\bpg_sleep(?:_for|_until)?\s*\(/i, "pg_sleep"],
];

const MESSAGES: Readonly<Record<string, string>> = {
  EXPIREAT:
    "You used EXPIREAT or PEXPIREAT: Redis compares it with real time, which the checks cannot move. " +
    "Use a relative lifetime (PEXPIRE), or store the due time yourself and compare it with context.clock.now()",
  EXAT:
    "You used SET or GETEX with EXAT or PXAT: Redis compares it with real time, which the checks cannot move. " +
    "Use a relative lifetime (EX, PX), or store the due time yourself and compare it with context.clock.now()",
  EXPIRETIME:
    "You used EXPIRETIME or PEXPIRETIME: it answers in real time, which the checks cannot move. Use PTTL",
  TIME:
    "You used TIME: it answers with real time, which the checks cannot move. " +
    "Pass context.clock.now() as an argument, or read the key kit:now in Lua",
  "XADD *":
    "You used XADD with the id *: Redis makes the id from real time, which the checks cannot move. " +
    "Use the id for the order only, and carry the time of an entry in a field of its own",
  "OBJECT IDLETIME":
    "You used OBJECT IDLETIME: it counts real seconds, which the checks cannot move. Store the time of the last use",
  CURRENT_TIMESTAMP:
    "You used CURRENT_TIMESTAMP or one of its kin: a keyword of SQL that reads the real clock, which the checks " +
    "cannot move. Use now()",
  "pg_catalog.now()":
    "You named pg_catalog's own clock: it reads real time, which the checks cannot move. Use plain now()",
  "timeofday()":
    "You used timeofday(): it reads real time, which the checks cannot move. Use now()",
  pg_sleep:
    "You used pg_sleep: it waits in real time, which the checks cannot move, and keeps a connection busy. " +
    "Store the due time and poll for it, or use context.clock.sleepUntil()",
};
