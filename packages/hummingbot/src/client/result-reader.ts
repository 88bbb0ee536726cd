import type { z } from 'zod'
import { HummingbotException } from './hummingbot-exception.js'
import { describeIssue } from './push-decoder.js'
import type { HummingbotEnvelope } from './schemas.js'

/**
 * Checks the data of a success (R8.2). Absent or null data is `empty`, where the result has an empty value.
 *
 * @throws {@link HummingbotException} `server_error` naming the member that is wrong.
 */
export function readResult<T>(envelope: HummingbotEnvelope, schema: z.ZodType<T>, requestType: string, empty?: T): T {
  if ((envelope.data === undefined || envelope.data === null) && empty !== undefined) return empty
  const result = schema.safeParse(envelope.data)
  if (result.success) return result.data
  throw new HummingbotException({
    message: `Unreadable response, ${describeIssue(result.error)}`,
    category: 'server_error',
    requestType,
    requestId: envelope.id,
    attempts: 1,
  })
}
