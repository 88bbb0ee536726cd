import type { Account, ApiKey } from '../../../accounts/account-book.js'
import type { ExchangeCore } from '../../../matching/exchange-core.js'

type Found = { readonly account: Account; readonly apiKey: ApiKey } | undefined

/** The owner of `user:password`: a key of an account and its secret. */
export function authenticateUser(core: ExchangeCore, user: string, password: string): Found {
  const found = core.accounts.findByKey(user)
  return found?.apiKey.secret === password ? found : undefined
}

/** The owner of an `Authorization: Basic` header. */
export function authenticateBasic(core: ExchangeCore, header: string): Found {
  const encoded = /^basic (.+)$/i.exec(header)?.[1]
  return encoded === undefined ? undefined : authenticateToken(core, encoded)
}

/** The owner of base64 of `user:password`. */
export function authenticateToken(core: ExchangeCore, token: string): Found {
  const text = Buffer.from(token, 'base64').toString('utf8')
  const at = text.indexOf(':')
  return at < 0 ? undefined : authenticateUser(core, text.slice(0, at), text.slice(at + 1))
}
