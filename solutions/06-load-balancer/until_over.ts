/** A body that passes through, and says once when it is over: read to its end, broken off, or not wanted any more. */
export function untilOver(
  body: ReadableStream<Uint8Array>,
  onOver: () => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        onOver();
        controller.close();
      } catch (error) {
        onOver();
        controller.error(error);
      }
    },
    async cancel(reason) {
      onOver();
      await reader.cancel(reason);
    },
  });
}
