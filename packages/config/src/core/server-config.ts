import { loopbackAddress, maxPort, minPort } from '@cex-arbitrage/common'
import * as z from 'zod'
import { flag, secret, wholeNumber } from './fields.js'

export const serverConfigSchema = z
  .strictObject({
    enabled: flag(true, 'Whether the page and the API are served.'),
    host: z
      .string()
      .min(1)
      .default(loopbackAddress)
      .describe('Address to listen on; anything but loopback needs a token and allowRemote.'),
    port: wholeNumber(minPort, maxPort, 8080, 'Port to listen on; 0 takes a free one.'),
    token: secret('What a client must show; one is made and printed at start where none is given.').optional(),
    allowRemote: flag(false, 'Accept connections from other machines.'),
  })
  .prefault({})
  .describe('The page and the control API.')

/** A file whose presence stops opening at once. */
export const killSwitchConfigSchema = z
  .strictObject({
    file: z.string().min(1).default('data/KILL').describe('While this file exists nothing is opened.'),
    pollIntervalMs: wholeNumber(50, 60_000, 250, 'Milliseconds between two looks for it.'),
  })
  .prefault({})
  .describe('The kill switch as a file.')

export type ServerConfig = z.infer<typeof serverConfigSchema>
export type KillSwitchConfig = z.infer<typeof killSwitchConfigSchema>
