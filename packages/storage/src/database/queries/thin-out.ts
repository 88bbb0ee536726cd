/** At most so many of the items, evenly spread, the first and the last among them. */
export function thinOut<T>(items: readonly T[], maxItems: number): readonly T[] {
  if (items.length <= maxItems) return items
  if (maxItems === 1) return items.slice(-1)
  const step = (items.length - 1) / (maxItems - 1)
  return Array.from({ length: maxItems }, (_, index) => items[Math.round(index * step)]!)
}
