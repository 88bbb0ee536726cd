import { createAssetId, Decimal, parseSymbol, type AssetId, type Symbol as MarketSymbol } from '@cex-arbitrage/common'
import * as z from 'zod'
import { Secret } from './secret.js'

const decimalPattern = /^\d+(\.\d+)?$/

/** A whole number with bounds and a default; the unit belongs to the key's name. */
export const wholeNumber = (min: number, max: number, value: number, description: string) =>
  z.int().min(min).max(max).default(value).describe(description)

/** A number with bounds and a default; the unit belongs to the key's name. */
export const realNumber = (min: number, max: number, value: number, description: string) =>
  z.number().min(min).max(max).default(value).describe(description)

/** A share or probability between 0 and 1. */
export const ratio = (value: number, description: string) => realNumber(0, 1, value, description)

export const flag = (value: boolean, description: string) => z.boolean().default(value).describe(description)

/** An exact amount of money or of an asset, zero or more: a number, or a text for digits that a double cannot hold. */
export const amount = z
  .union([
    z.string().regex(decimalPattern, 'write plain digits, such as 0.001').meta({ title: 'plain digits such as 0.001' }),
    z.number().min(0),
  ])
  .transform((value) => (typeof value === 'string' ? Decimal.parse(value) : Decimal.fromNumber(value)))

/** An exact amount with a default. */
export const amountOf = (value: string, description: string) => amount.prefault(value).describe(description)

/** An opaque value: `${VARIABLE}`, `file:/path`, or the text itself. */
export const secret = (description: string) =>
  z
    .union([z.string().min(1), z.instanceof(Secret)])
    .transform((value) => (value instanceof Secret ? value : new Secret(value)))
    .meta({ description, writeOnly: true })

/** `BASE/QUOTE`. */
export const marketSymbol = z
  .string()
  .regex(/^[^\s/a-z]+\/[^\s/a-z]+$/, 'write BASE/QUOTE in capitals, such as BTC/USDT')
  .meta({ title: 'BASE/QUOTE' })
  .transform((text): MarketSymbol => parseSymbol(text).symbol)

/** An asset's ticker. */
export const asset = z
  .string()
  .regex(/^[^\s/a-z]+$/, 'write the ticker in capitals, such as USDT')
  .transform((text): AssetId => createAssetId(text))

/** Amounts by asset. */
export const amountsByAsset = z.record(z.string().regex(/^[^\s/a-z]+$/, 'write tickers in capitals'), amount)

/** A name of an exchange under `exchanges`. */
export const exchangeName = z.string().regex(/^[a-z][a-z0-9_-]*$/, "use lower-case letters, digits, '_' and '-'")

/** An address of one of the given schemes, `https:` first. */
export const address = (schemes: readonly string[], description: string) =>
  z
    .string()
    .refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol), {
      error: `write a full address that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
    })
    .describe(description)

/** An address that is a scheme and a host alone; a slash at its end is taken off. */
export const origin = (schemes: readonly string[], description: string) =>
  address(schemes, description)
    .refine((text) => !URL.canParse(text) || isOrigin(new URL(text)), {
      error: 'write scheme, host and port alone, without a path: the paths are part of what is signed',
    })
    .transform((text) => new URL(text).origin)
    .describe(description)

const isOrigin = ({ pathname, search, hash }: URL): boolean => pathname === '/' && search === '' && hash === ''
