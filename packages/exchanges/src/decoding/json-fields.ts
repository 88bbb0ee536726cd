import { Decimal } from '@cex-arbitrage/common'
import * as z from 'zod'

/** A decimal number, a text or a JSON number; kept exactly as it was spelled. */
export const decimalField = z.union([z.string(), z.number()]).transform((value, context) => {
  const decimal = Decimal.tryParse(String(value))
  if (decimal !== undefined) return decimal
  context.addIssue({ code: 'custom', message: `'${String(value).slice(0, 40)}' is no decimal number` })
  return z.NEVER
})

/** As `decimalField`; empty, null and absent mean that there is none. */
export const optionalDecimalField = z.preprocess(
  (value) => (value === '' || value === null ? undefined : value),
  decimalField.optional(),
)

/** An id: text, or a number small enough to be exact. */
export const idField = z.union([z.string().min(1), z.int().transform(String)])
