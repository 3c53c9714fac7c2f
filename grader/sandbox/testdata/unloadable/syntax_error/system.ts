export default function system() {
  const limit = = 3;
  return { fetch: () => new Response() };
}
