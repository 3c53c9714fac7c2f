/** The answers of two copies: the first two, and the third only if one of them fails. */
export async function firstTwo<Copy, T>(
  copies: readonly Copy[],
  call: (copy: Copy) => Promise<T>,
): Promise<T[]> {
  const spare = copies.slice(2);
  const orAnother = async (copy: Copy): Promise<T> => {
    try {
      return await call(copy);
    } catch (error) {
      const another = spare.pop();
      if (another === undefined) throw error;
      return await call(another);
    }
  };
  return await Promise.all(copies.slice(0, 2).map(orAnother));
}
