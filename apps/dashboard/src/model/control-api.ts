/** What became of a command. */
export type CommandResult =
  | { readonly ok: true }
  /** No token, or a wrong one. */
  | { readonly ok: false; readonly needsToken: true; readonly message: string }
  | { readonly ok: false; readonly needsToken: false; readonly message: string }

/** Commands to the engine; each shows the token. */
export class ControlApi {
  constructor(
    private readonly origin: string,
    private readonly token: () => string | undefined,
  ) {}

  /** Opens nothing more from now on. */
  halt(reason: string): Promise<CommandResult> {
    return this.send('POST', '/halt', { reason })
  }

  /** Takes back the halts of one rule. */
  resume(rule: string): Promise<CommandResult> {
    return this.send('POST', '/resume', { rule })
  }

  /** Opens nothing until `start`. */
  pause(): Promise<CommandResult> {
    return this.send('POST', '/pause', {})
  }

  start(): Promise<CommandResult> {
    return this.send('POST', '/start', {})
  }

  /** `null` returns a limit to the configuration. */
  changeLimit(name: string, value: string | null): Promise<CommandResult> {
    return this.send('PATCH', '/limits', { [name]: readValue(value) })
  }

  private async send(method: string, path: string, body: object): Promise<CommandResult> {
    const token = this.token()
    if (token === undefined) return { ok: false, needsToken: true, message: 'Commands need the token of the engine.' }
    try {
      const response = await fetch(`${this.origin}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (response.ok) return { ok: true }
      const message = await readError(response)
      return response.status === 401
        ? { ok: false, needsToken: true, message }
        : { ok: false, needsToken: false, message }
    } catch {
      return { ok: false, needsToken: false, message: 'The engine does not answer.' }
    }
  }
}

/** Amounts stay text, so that they stay exact; counts are numbers, lists by asset are JSON. */
function readValue(value: string | null): unknown {
  if (value === null) return null
  if (/^\s*\{/.test(value) || /^\s*\d+\s*$/.test(value)) {
    try {
      return JSON.parse(value) as unknown
    } catch {
      return value
    }
  }
  return value
}

interface ErrorBody {
  readonly error?: string
  readonly problems?: readonly { readonly path: string; readonly message: string }[]
}

async function readError(response: Response): Promise<string> {
  try {
    const { error, problems = [] } = (await response.json()) as ErrorBody
    const details = problems.map(({ path, message }) => `${path}: ${message}`)
    return [error ?? `The engine answered ${response.status}.`, ...details].join(' ')
  } catch {
    return `The engine answered ${response.status}.`
  }
}
