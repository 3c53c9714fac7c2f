export default function system() {
  return {
    fetch() {
      queueMicrotask(() => {
        throw new Error("nobody listens");
      });
      return new Response();
    },
  };
}
