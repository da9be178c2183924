/**
 * Does the same work on every item and gives the results in the items' order, with at most `ahead` items under way
 * at a time: work that overlaps without filling the memory.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  ahead: number,
  work: (item: Item) => Promise<Result>
): AsyncGenerator<Result> {
  const pending: Promise<Result>[] = []
  for await (const item of items) {
    const result = work(item)
    // Looked at in its turn; until then nobody waits for it.
    result.catch(() => undefined)
    pending.push(result)
    if (pending.length >= ahead) yield await pending.shift()!
  }
  for (const result of pending) yield await result
}
