import { z } from 'zod'
import { historyQuerySchema } from '../history-query.js'
import { historyAsks } from '../history-routes.js'
import { equityPointSchema, haltSchema, limitSchema, modelSchema, statusSchema } from './model-schemas.js'

/** One operation, as it is documented. */
interface Operation {
  readonly summary: string
  readonly description?: string
  /** Commands need the token; what reads needs it only where the server is not on loopback. */
  readonly command?: boolean
  readonly parameters?: readonly object[]
  readonly body?: z.ZodType
  readonly answers: Readonly<Record<number, readonly [description: string, schema?: z.ZodType | string]>>
}

const errorSchema = z.object({ error: z.string().describe('What is wrong and what to do.') })
const problemSchema = z.object({ path: z.string(), message: z.string() })
const haltsSchema = z.object({ halts: z.array(haltSchema) })
const limitsSchema = z.object({ limits: z.array(limitSchema) })
const differenceSchema = z.object({ path: z.string(), from: z.unknown(), to: z.unknown() })
const reloadSchema = z.object({
  applied: z.array(differenceSchema),
  needRestart: z.array(differenceSchema),
  problems: z.array(problemSchema),
})

const notReady = { 503: ['The engine is still starting.', errorSchema] } as const
const halted = { 200: ['The halts in force now.', haltsSchema] } as const
const refused = {
  422: ['Nothing was changed.', errorSchema.extend({ problems: z.array(problemSchema).optional() })],
} as const

const rowsSchema = z.object({ rows: z.unknown() })
const historyParameters = Object.entries(historyQuerySchema.shape).map(([name, schema]) => ({
  name,
  in: 'query',
  ...(schema.description !== undefined && { description: schema.description }),
  schema: toSchema(schema, 'output'),
}))
const correlationId = { name: 'correlationId', in: 'path', required: true, schema: { type: 'string' } }
const historyAnswers: Operation['answers'] = {
  200: ['What was stored.', rowsSchema],
  400: ['The query cannot be read.', errorSchema],
  503: ['There is no database, or it is away.', errorSchema],
}

const historyOperations: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  ...Object.fromEntries(
    Object.keys(historyAsks).map((name) => [
      `/history/${name}`,
      { get: { summary: `Stored: ${name}`, parameters: historyParameters, answers: historyAnswers } },
    ]),
  ),
  '/history/trades/{correlationId}': {
    get: {
      summary: 'Stored: everything about one trade',
      parameters: [correlationId, ...historyParameters],
      answers: historyAnswers,
    },
  },
}

const operations: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/health': {
    get: {
      summary: 'Whether the engine does its work; for supervisors',
      answers: {
        200: [
          'It trades or is halted, and every exchange is connected.',
          z.object({ status: z.string(), state: z.string(), halts: z.number() }),
        ],
        503: [
          'It starts, stops, or an exchange is away.',
          z.object({ status: z.string(), state: z.string(), halts: z.number() }),
        ],
      },
    },
  },
  '/status': { get: { summary: 'What the engine says of itself', answers: { 200: ['The status.', statusSchema] } } },
  '/model': {
    get: { summary: 'Everything that the page shows', answers: { 200: ['The live model.', modelSchema], ...notReady } },
  },
  '/equity': {
    get: {
      summary: 'The equity of the last hour, a point a second',
      answers: { 200: ['Oldest first.', z.object({ points: z.array(equityPointSchema) })], ...notReady },
    },
  },
  '/metrics': {
    get: { summary: 'Metrics for Prometheus', answers: { 200: ['Exposition text.', 'text/plain'], ...notReady } },
  },
  '/live': {
    get: {
      summary: 'The live model over a WebSocket',
      description:
        'Offer the subprotocol `live`. The first message is `{"type":"hello","atMs","model","equity"}`, each further one `{"type":"update","atMs","model"}` with the sections of the model that changed, up to 20 a second and one a second at least. Clients send nothing. Where the server is not on loopback, a page shows the token as a second subprotocol, `bearer.` and the token in base64url.',
      answers: { 101: ['The socket is open.'] },
    },
  },
  '/openapi.json': { get: { summary: 'This document', answers: { 200: ['OpenAPI 3.1.', z.looseObject({})] } } },
  '/halt': {
    post: {
      summary: 'Kill switch: opens nothing more from this moment',
      description: 'Open trades end, orders are cancelled, hedges go on. It is never held back by the request rate.',
      command: true,
      body: z.object({ reason: z.string().min(1).max(500).optional(), by: z.enum(['command', 'api']).default('api') }),
      answers: halted,
    },
  },
  '/resume': {
    post: {
      summary: 'Takes the halts of one rule back',
      command: true,
      body: z.object({ rule: z.string().min(1) }),
      answers: {
        ...halted,
        404: ['No such halt is in force.', errorSchema],
        409: ['It cannot be taken back; the answer says how it ends.', errorSchema],
      },
    },
  },
  '/pause': { post: { summary: 'Opens nothing until `/start`', command: true, answers: halted } },
  '/start': { post: { summary: 'Ends a pause; other halts stay', command: true, answers: halted } },
  '/stop': {
    post: {
      summary: 'Ends the engine in order, as Ctrl-C does',
      command: true,
      answers: {
        202: ['It is stopping.', z.object({ stopping: z.literal(true) })],
        409: ['What started the engine stops it.', errorSchema],
      },
    },
  },
  '/reload': {
    post: {
      summary: 'Reads the configuration again and takes over what is safe',
      command: true,
      answers: {
        200: ['What was taken over, and what needs a restart.', reloadSchema],
        409: ['The engine has no configuration to read again.', errorSchema],
        422: ['The configuration has problems; nothing was taken over.', reloadSchema],
      },
    },
  },
  '/limits': {
    get: { summary: 'The limits in force', answers: { 200: ['Every setting of `risk`.', limitsSchema] } },
    patch: {
      summary: 'Changes limits until the next start',
      description: 'Names and values as in the section `risk` of the configuration; `null` returns to it.',
      command: true,
      body: z.record(z.string(), z.unknown()),
      answers: { 200: ['The limits in force now.', limitsSchema], ...refused },
    },
  },
  ...historyOperations,
}

const commandAnswers = {
  400: ['The request cannot be read.', errorSchema],
  401: ['The token is missing or wrong.', errorSchema],
} as const
const everyAnswer = {
  403: ['A page of another origin, or another name for this machine.', errorSchema],
  429: ['Too many requests from this address.', errorSchema],
} as const

/** The OpenAPI 3.1 document of the control API. The committed file and the routes are held to it by a spec. */
export function createOpenApiDocument(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'cex-arbitrage control API',
      version: '1',
      description:
        'What a running engine says and obeys. It listens on loopback. Commands show the token of the engine as `Authorization: Bearer <token>`; it is in the file that `server.controlFile` names, unless `server.token` sets one.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:8080' }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths: Object.fromEntries(
      Object.entries(operations).map(([path, methods]) => [
        path,
        Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, describe(operation)])),
      ]),
    ),
  }
}

function describe({ summary, description, command = false, parameters, body, answers }: Operation): object {
  const responses = { ...answers, ...(command ? commandAnswers : {}), ...everyAnswer }
  return {
    summary,
    ...(description !== undefined && { description }),
    security: command ? [{ token: [] }] : [{}, { token: [] }],
    ...(parameters !== undefined && { parameters }),
    ...(body !== undefined && {
      requestBody: { content: { 'application/json': { schema: toSchema(body, 'input') } } },
    }),
    responses: Object.fromEntries(
      Object.entries(responses).map(([code, [text, schema]]) => [code, describeAnswer(text, schema)]),
    ),
  }
}

function describeAnswer(description: string, schema: z.ZodType | string | undefined): object {
  if (schema === undefined) return { description }
  return typeof schema === 'string'
    ? { description, content: { [schema]: { schema: { type: 'string' } } } }
    : { description, content: { 'application/json': { schema: toSchema(schema, 'output') } } }
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io })
  return plain
}
