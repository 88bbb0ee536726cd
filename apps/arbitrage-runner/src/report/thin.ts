/** At most about so many items, evenly taken, the last among them. */
export function thin<Item>(items: readonly Item[], max: number): readonly Item[] {
  const step = Math.ceil(items.length / max)
  return step <= 1 ? items : items.filter((_, index) => index % step === 0 || index === items.length - 1)
}
