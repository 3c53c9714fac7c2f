export default function system() {
  return {
    fetch(request: Request) {
      if (request.url.endsWith("/nothing")) return undefined;
      throw new RangeError("limit is negative");
    },
  };
}
