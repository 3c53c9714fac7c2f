/** How lanes are called and coloured. The letter always stands beside the colour. */

const COLOURS: Readonly<Record<string, string>> = {
  A: "text-lane-a",
  B: "text-lane-b",
  C: "text-lane-c",
};

export function laneName(instance: string | undefined): string {
  return instance === undefined ? "Lab" : `Instance ${instance}`;
}

export function laneColour(instance: string | undefined): string {
  return COLOURS[instance ?? ""] ?? "text-lane-lab";
}
