import { ConfigurationException, EngineUnreachableException } from '@cex-arbitrage/common'
import type { EngineConfig } from '@cex-arbitrage/config'
import type { StatusSnapshot } from '../status/status-snapshot.js'
import { ControlFile } from './control-file.js'

const timeoutMs = 5_000

/** What the engine answers to a halt or a resume. */
export interface ControlAnswer {
  readonly halts: readonly { readonly rule: string; readonly detail: string }[]
}

/** Speaks to the engine that runs on this machine. */
export class ControlClient {
  private constructor(
    private readonly address: string,
    private readonly token: string | undefined,
  ) {}

  /** @throws {@link EngineUnreachableException} No engine has left its address. */
  static async find({ server }: EngineConfig): Promise<ControlClient> {
    const found = await new ControlFile(server.controlFile).read()
    if (found === undefined)
      throw new EngineUnreachableException({
        message: `No engine has left its address in ${server.controlFile}. Start one with 'arb run', or name its file with --set server.controlFile=….`,
      })
    return new ControlClient(found.address, server.token?.reveal() ?? found.token)
  }

  status(): Promise<StatusSnapshot> {
    return this.request<StatusSnapshot>('GET', '/status')
  }

  halt(reason: string | undefined): Promise<ControlAnswer> {
    return this.request<ControlAnswer>('POST', '/halt', { by: 'command', ...(reason !== undefined && { reason }) })
  }

  resume(rule: string): Promise<ControlAnswer> {
    return this.request<ControlAnswer>('POST', '/resume', { rule })
  }

  private async request<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.address}${path}`, {
      method,
      headers: {
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      throw new EngineUnreachableException({ message: `No engine answers at ${this.address}. Is it running?`, cause })
    })
    const answer = (await response.json()) as T & { readonly error?: string }
    if (response.ok) return answer
    throw new ConfigurationException({ message: answer.error ?? `The engine answered ${response.status}.` })
  }
}
