import { listed } from "./listed.ts";

/** One request as it was sent. */
export interface SentCall {
  /** "POST /links" */
  readonly call: string;
  readonly instance: string;
  /** Only what the check set itself. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Lines of a description; what came before is summed up. */
const LINES_MAX = 8;
const BODY_CHARS_MAX = 200;

/**
 * What was sent, in calls that a person can repeat: equal ones that follow each other are one line,
 * "20 × GET /api/x (X-Api-Key: alice), spread over A and B".
 */
export function describeSent(calls: readonly SentCall[]): string | undefined {
  if (calls.length === 0) return undefined;
  const groups = groupEqual(calls);
  const shown = groups.slice(-LINES_MAX).map(describeGroup);
  const before = groups.slice(0, -LINES_MAX)
    .reduce((sum, { count }) => sum + count, 0);
  if (before > 0) shown.unshift(`(${before} requests before)`);
  return shown.join("\n");
}

interface CallGroup {
  readonly text: string;
  count: number;
  readonly instances: Set<string>;
}

function groupEqual(calls: readonly SentCall[]): CallGroup[] {
  const groups: CallGroup[] = [];
  for (const call of calls) {
    const text = describeCall(call);
    let group = groups.at(-1);
    if (group?.text !== text) {
      group = { text, count: 0, instances: new Set() };
      groups.push(group);
    }
    group.count++;
    group.instances.add(call.instance);
  }
  return groups;
}

function describeGroup({ text, count, instances }: CallGroup): string {
  const times = count === 1 ? "" : `${count} × `;
  const names = [...instances].sort();
  const where = names.length === 1
    ? ` to ${names[0]}`
    : `, spread over ${listed(names)}`;
  return `${times}${text}${where}`;
}

function describeCall({ call, headers, body }: SentCall): string {
  const fields = Object.entries(headers)
    .map(([name, value]) => `${properCase(name)}: ${value}`);
  const head = fields.length === 0 ? call : `${call} (${fields.join(", ")})`;
  return body === undefined ? head : `${head} ${shortBody(body)}`;
}

/** "x-api-key" → "X-Api-Key" */
function properCase(header: string): string {
  return header.replace(
    /(^|-)([a-z])/g,
    (_match, dash, letter) => dash + letter.toUpperCase(),
  );
}

function shortBody(body: string): string {
  return body.length <= BODY_CHARS_MAX
    ? body
    : `${body.slice(0, BODY_CHARS_MAX)}… (${body.length} characters)`;
}
