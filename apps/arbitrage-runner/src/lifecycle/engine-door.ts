import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { toCexArbitrageException } from '@cex-arbitrage/common'
import type { ServerConfig } from '@cex-arbitrage/config'
import { ControlFile } from '../control/control-file.js'
import { EngineServer, type EngineServerOptions } from '../server/engine-server.js'

/** What the server shows and obeys; where it listens and who may command comes from the configuration. */
export type EngineDoorParts = Omit<EngineServerOptions, 'host' | 'port' | 'token' | 'pageFolder'>

/** Where the page is built to. */
const pageFolder = fileURLToPath(new URL('../../../dashboard/dist/page', import.meta.url))
const tokenBytes = 32

/** How people and programs on this machine reach the engine: its server, and the file that names address and token. */
export class EngineDoor {
  /** The token that was made for this run; `undefined` where the configuration has one. */
  madeToken: string | undefined
  private readonly controlFile: ControlFile
  private server: EngineServer | undefined

  constructor(
    private readonly config: ServerConfig,
    private readonly parts: EngineDoorParts,
  ) {
    this.controlFile = new ControlFile(config.controlFile)
  }

  /**
   * Starts the server; answers its address, `undefined` when it is switched off.
   *
   * @throws What `EngineServer.start` throws: the address is taken.
   */
  async open(): Promise<string | undefined> {
    const { enabled, host, port, token, controlFile } = this.config
    if (!enabled) return undefined
    const made = token === undefined ? randomBytes(tokenBytes).toString('base64url') : undefined
    this.madeToken = made
    this.server = new EngineServer({ ...this.parts, host, port, token: made ?? token!.reveal(), pageFolder })
    const address = await this.server.start()
    try {
      await this.controlFile.write({ address, pid: process.pid, ...(made !== undefined && { token: made }) })
    } catch (error) {
      const { message } = toCexArbitrageException(error, { doing: 'writing server.controlFile' })
      this.parts.logger.warn({ path: controlFile, message }, 'arb halt, resume and status will not find this engine')
    }
    return address
  }

  /** The engine is not to be found any more; its server still answers. */
  takeDown(): Promise<void> {
    return this.controlFile.remove()
  }

  async close(): Promise<void> {
    await this.server?.close()
  }
}
