const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** By the name's ending; unknown ones are bytes. */
export function contentType(name: string): string {
  return TYPES[name.split(".").at(-1)!] ?? "application/octet-stream";
}
