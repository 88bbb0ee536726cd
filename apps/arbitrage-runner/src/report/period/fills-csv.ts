import type { FillRow } from '@cex-arbitrage/storage'

const columns = [
  'recordedAtMs',
  'exchangeTimeMs',
  'exchange',
  'instrumentId',
  'side',
  'price',
  'quantity',
  'fee',
  'feeAsset',
  'role',
  'origin',
  'fillId',
  'exchangeOrderId',
  'clientOrderId',
  'correlationId',
] as const satisfies readonly (keyof FillRow)[]

export const fillsHeader: readonly string[] = columns.map((name) =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
)

/** A fill with its exact price, quantity and fee as a row of CSV. */
export const toFillCells = (fill: FillRow): readonly (string | number)[] => columns.map((column) => fill[column] ?? '')
