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
    token: secret('What a client must show to command; one is made at start where none is given.').optional(),
    controlFile: z
      .string()
      .min(1)
      .default('data/control.json')
      .describe(
        'Where a running engine writes its address and the token that it made, readable by its user alone; arb halt, resume and status read it.',
      ),
    allowRemote: flag(false, 'Accept connections from other machines.'),
  })
  .prefault({})
  .describe('The page and the control API.')

/** A file whose presence stops opening at once. */
export const killSwitchConfigSchema = z
  .strictObject({
    file: z.string().min(1).default('data/KILL').describe('While this file exists nothing is opened.'),
    pollIntervalMs: wholeNumber(5, 100, 50, 'Milliseconds between two looks for it.'),
  })
  .prefault({})
  .describe('The kill switch as a file.')

export type ServerConfig = z.infer<typeof serverConfigSchema>
export type KillSwitchConfig = z.infer<typeof killSwitchConfigSchema>
