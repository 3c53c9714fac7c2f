/** In what the rows of a fold differ. */
import type { Fold } from "./fold_rows.ts";
import type { LinkedRow } from "./link_rows.ts";

/** More are counted, not listed. */
const VARIANTS_MAX = 4;
/** Of a reply where several are listed, and of all that differs between questions. */
const LISTED_CHARS_MAX = 60;
/** Of what tells which question got the odd reply. */
const NOTE_CHARS_MAX = 30;

/** Values that differ from reply to reply, the first kind that makes them few enough. */
const REPLY_VALUES = [
  /".*"|\([^()]*…?\)?/g,
  /".*"|\([^()]*…?\)?|\d+/g,
];

/** The question of a fold, with "…" for each value that is not the same in all: `SET link:… … PX 300000`. */
export function questionOf(fold: Fold): string {
  const [{ pattern, question }] = fold;
  const differing = differingValues(fold);
  if (differing.size === 0) return question;
  return pattern.fixed.map((text, index) =>
    text + (differing.has(index) ? "…" : pattern.values[index] ?? "")
  ).join("");
}

/** In what the questions differ: "", `with 10 × 19, 11 × 1`, "all different". */
export function questionsDifferBy(fold: Fold): string {
  const variants = variantsOf(fold, ({ question }) => question);
  if (variants.length === 1) return "";
  const textOf = (row: LinkedRow) => valuesOf(row, differingValues(fold));
  const text = `with ${listed(fold, { variants, textOf })}`;
  return variants.length <= VARIANTS_MAX && text.length <= LISTED_CHARS_MAX
    ? text
    : differentOf(variants, fold);
}

/** `→ 0 rows × 19, 1 row × 1 (B)`, `→ INSERT 0 1 (…)  × 20, all different` */
export function repliesOf(fold: Fold): string {
  const [first] = fold;
  const variants = variantsOf(fold, ({ text }) => text);
  if (variants.length === 1) {
    return fold.length === 1 ? first.text : `${first.text}  × ${fold.length}`;
  }
  if (isListable(variants, replyOf)) {
    return `→ ${listed(fold, { variants, textOf: replyOf })}`;
  }
  const different = differentOf(variants, fold);
  for (const values of REPLY_VALUES) {
    const textOf = (row: LinkedRow) =>
      cut(replyOf(row).replace(values, masked));
    const kinds = variantsOf(fold, textOf);
    if (kinds.length === 1) {
      return `→ ${textOf(first)}  × ${fold.length}, ${different}`;
    }
    if (kinds.length <= VARIANTS_MAX) {
      return `→ ${listed(fold, { variants: kinds, textOf })}`;
    }
  }
  return `→ ${cut(replyOf(first))}, …  × ${fold.length}, ${different}`;
}

/** Equal for replies that differ only in their values. */
export function replyShape({ text }: LinkedRow): string {
  return text.replace(REPLY_VALUES[1]!, masked);
}

export function instancesOf(fold: Fold): string[] {
  return [...new Set(fold.flatMap(({ instance }) => instance ?? []))].sort();
}

interface Listing {
  readonly variants: readonly Fold[];
  readonly textOf: (row: LinkedRow) => string;
}

/** `200 × 10, 503 × 1 (B)`: each with its instance where not all had it, and a single one with what it was about. */
function listed(fold: Fold, { variants, textOf }: Listing): string {
  const everywhere = instancesOf(fold).length;
  const differing = differingValues(fold);
  return variants.map((rows) => {
    const [row] = rows;
    const where = instancesOf(rows);
    const about = valuesOf(row, differing);
    const isOdd = rows.length === 1 && fold.length > variants.length &&
      row.durationMs !== undefined && about.length <= NOTE_CHARS_MAX;
    const notes = [
      ...where.length < everywhere ? where : [],
      ...isOdd && about !== "" ? [about] : [],
    ];
    const note = notes.length === 0 ? "" : ` (${notes.join(" ")})`;
    return `${textOf(row)} × ${rows.length}${note}`;
  }).join(", ");
}

function isListable(
  variants: readonly Fold[],
  textOf: (row: LinkedRow) => string,
): boolean {
  return variants.length <= VARIANTS_MAX &&
    variants.every(([row]) => textOf(row).length <= LISTED_CHARS_MAX);
}

function variantsOf(fold: Fold, keyOf: (row: LinkedRow) => string): Fold[] {
  return [...Map.groupBy(fold, keyOf).values()] as unknown as Fold[];
}

function differentOf(variants: readonly Fold[], fold: Fold): string {
  return variants.length === fold.length
    ? "all different"
    : `${variants.length} different`;
}

function differingValues([first, ...more]: Fold): Set<number> {
  const { values } = first.pattern;
  return new Set(
    values.keys().filter((index) =>
      more.some(({ pattern }) => pattern.values[index] !== values[index])
    ),
  );
}

function valuesOf({ pattern }: LinkedRow, which: ReadonlySet<number>): string {
  const values = pattern.values.filter((_, index) => which.has(index));
  return [...new Set(values)].join(" ");
}

function replyOf({ text }: LinkedRow): string {
  return text.replace(/^→ /, "");
}

function masked(value: string): string {
  return value.startsWith("(") ? "(…)" : "…";
}

function cut(text: string): string {
  return text.length <= LISTED_CHARS_MAX
    ? text
    : `${text.slice(0, LISTED_CHARS_MAX - 1)}…`;
}
