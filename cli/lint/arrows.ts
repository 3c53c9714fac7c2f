/**
 * Lint rule `trestle/arrows`: which room may import which. Rooms are the folders at the top; the map is in
 * docs/ARCHITECTURE.md. Type imports count too: a name is a dependency.
 *
 * @module
 */
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** First row whose `from` matches the importing file decides; `to` are the path prefixes that it may name. */
const ARROWS: readonly { from: RegExp; to: readonly string[] }[] = [
  { from: /^contract\//, to: ["contract/"] },
  { from: /^workshops\//, to: ["contract/", "grader/lab/mod.ts"] },
  { from: /^solutions\//, to: ["contract/"] },
  { from: /^grader\/stores\//, to: ["contract/", "grader/stores/"] },
  {
    from: /^grader\/sandbox\//,
    to: ["contract/", "grader/stores/", "grader/sandbox/"],
  },
  { from: /^grader\//, to: ["contract/", "grader/"] },
  {
    from: /^server\/(worker\.ts|testing\/.*|.*_test\.ts)$/,
    to: ["contract/", "grader/", "server/"],
  },
  { from: /^server\//, to: ["contract/", "server/"] },
  { from: /^ui\//, to: ["contract/", "ui/"] },
  { from: /^cli\//, to: ["contract/", "grader/", "cli/"] },
];

const ALIASES: Readonly<Record<string, string>> = {
  "@lab": "grader/lab/mod.ts",
  "@contract/": "contract/",
};

/** The sentence to show when `importer` may not name `specifier`; both paths from the repository's root. */
export function forbiddenArrow(
  importer: string,
  specifier: string,
): string | undefined {
  const target = targetOf(importer, specifier);
  const ownFolder = /^(workshops|solutions)\/[^/]+\//.exec(importer)?.[0];
  if (target === undefined) return undefined;
  if (ownFolder !== undefined && target.startsWith(ownFolder)) return undefined;
  const arrow = ARROWS.find(({ from }) => from.test(importer));
  if (arrow === undefined) return undefined;
  if (arrow.to.some((prefix) => target.startsWith(prefix))) return undefined;
  return `${importer} may import from ${arrow.to.join(", ")} only, ` +
    `not from ${target}`;
}

/** Path of an imported file of ours, from the root; undefined for a package. */
function targetOf(importer: string, specifier: string): string | undefined {
  for (const [alias, target] of Object.entries(ALIASES)) {
    if (specifier === alias) return target;
    if (alias.endsWith("/") && specifier.startsWith(alias)) {
      return target + specifier.slice(alias.length);
    }
  }
  if (!specifier.startsWith(".")) return undefined;
  return relative(ROOT, resolve(ROOT, dirname(importer), specifier));
}

interface ImportingNode {
  source: { value: unknown } | null;
}

const plugin: Deno.lint.Plugin = {
  name: "trestle",
  rules: {
    arrows: {
      create(context) {
        const importer = relative(ROOT, context.filename);
        const visit = (node: Deno.lint.Node & ImportingNode) => {
          const specifier = node.source?.value;
          if (typeof specifier !== "string") return;
          const message = forbiddenArrow(importer, specifier);
          if (message !== undefined) context.report({ node, message });
        };
        return {
          ImportDeclaration: (node) => visit(node as never),
          ExportAllDeclaration: (node) => visit(node as never),
          ExportNamedDeclaration: (node) => visit(node as never),
          ImportExpression: (node) => visit(node as never),
        };
      },
    },
  },
};

export default plugin;
