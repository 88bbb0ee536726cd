/** How sizes are written: text for clients that send `X-Gate-Size-Decimal: 1`, else integers. */
export type SizeStyle = 'text' | 'integer'

export const sizeStyleOf = (headers: Readonly<Record<string, string>>): SizeStyle =>
  headers['x-gate-size-decimal'] === '1' ? 'text' : 'integer'

/** Whole contracts in the style that the client wants. */
export const writeSize = (contracts: number, style: SizeStyle): number | string =>
  style === 'text' ? String(contracts) : contracts
