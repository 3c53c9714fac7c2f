export default function system() {
  return {
    fetch() {
      void Promise.reject(new Error("nobody waits"));
      return new Response();
    },
  };
}
