import * as z from 'zod'
import { flag } from '../core/fields.js'

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const

export const loggingConfigSchema = z
  .strictObject({
    level: z.enum(logLevels).default('info').describe('Lowest level that is written.'),
    format: z
      .enum(['auto', 'json', 'pretty'])
      .default('auto')
      .describe(
        'json and pretty write everything from the level on to the error stream, as JSON or for people; auto writes warnings as JSON lines there, and nothing on a terminal, which shows the live status.',
      ),
    file: z.string().min(1).optional().describe('A file that receives JSON lines besides.'),
    includeStacks: flag(true, 'Write the stacks of errors.'),
  })
  .prefault({})
  .describe('The structured log.')

export type LoggingConfig = z.infer<typeof loggingConfigSchema>
