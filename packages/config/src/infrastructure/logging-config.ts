import * as z from 'zod'
import { flag } from '../core/fields.js'

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const

export const loggingConfigSchema = z
  .strictObject({
    level: z.enum(logLevels).default('info').describe('Lowest level that is written.'),
    format: z
      .enum(['auto', 'json', 'pretty'])
      .default('auto')
      .describe('auto writes for people on a terminal and JSON lines otherwise.'),
    file: z.string().min(1).optional().describe('A file that receives JSON lines besides.'),
    includeStacks: flag(true, 'Write the stack of an error.'),
  })
  .prefault({})
  .describe('The structured log.')

export type LoggingConfig = z.infer<typeof loggingConfigSchema>
