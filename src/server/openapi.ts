import * as z from 'zod'
import type { ApiError, HealthResponse, ModelResponse, PredictResponse } from './api-types.js'
import type { Limits } from './limits.js'

/** The parameters of a prediction. */
export const predictQuery = z.strictObject({
  top: z
    .string()
    .refine((text) => /^[1-9]\d{0,5}$/.test(text), 'expected a whole number of at least 1')
    .default('5')
    .transform(Number),
})

const share = z.number().min(0).max(1)
const whole = z.int().nonnegative()

/** The answers as schemas: the description is made of them, and tests check what the server says against them. */
export const answerSchemas = {
  PredictResponse: z.strictObject({
    model: z.string(),
    predictions: z.array(
      z.strictObject({
        name: z.string().nullable().describe('The name of the file in a multipart body; null for a raw body.'),
        top: z
          .array(z.strictObject({ label: z.string(), index: whole, probability: share }))
          .describe('The most probable classes, the first the most probable.'),
      }),
    ),
  }) satisfies z.ZodType<PredictResponse>,
  ModelResponse: z.strictObject({
    model: z.string(),
    classes: z.array(z.string()),
    input: z.array(whole).describe('One prepared picture: (C, H, W).'),
    layers: z.array(
      z.strictObject({
        name: z.string(),
        kind: z.string(),
        settings: z.string(),
        output: z.array(whole),
        parameters: whole,
        multiplyAdds: whole,
      }),
    ),
    parameters: whole,
    multiplyAdds: whole.describe('Multiplications with an addition, for one picture.'),
    engine: z.string(),
    precision: z.string(),
    threads: whole,
    batchSize: whole.describe('The most pictures that are classified at a time.'),
    limits: z.strictObject({ bodyBytes: whole, pixels: whole, pictures: whole }),
  }) satisfies z.ZodType<ModelResponse>,
  HealthResponse: z.strictObject({ status: z.literal('ok') }) satisfies z.ZodType<HealthResponse>,
  ApiError: z.strictObject({
    error: z.strictObject({
      code: z.enum([
        'bad-request',
        'invalid-parameter',
        'invalid-image',
        'unauthorized',
        'forbidden',
        'not-found',
        'method-not-allowed',
        'request-timeout',
        'too-large',
        'unsupported-media-type',
        'overloaded',
        'not-ready',
        'timeout',
        'internal',
      ]),
      message: z.string(),
      hint: z.string().optional().describe('What to do.'),
    }),
  }) satisfies z.ZodType<ApiError>,
}

const picture = { type: 'string', format: 'binary' }

/** The prediction server described as OpenAPI 3.1, whose schemas are JSON Schema. */
export function openApi({ token, limits }: { readonly token: boolean; readonly limits: Limits }) {
  const security = token ? [{ token: [] }] : []
  return {
    openapi: '3.1.0',
    info: {
      title: 'alexnet serve',
      version: '1',
      description: 'Classifies pictures with a trained network.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths: {
      '/v1/predict': {
        post: {
          operationId: 'predict',
          summary: 'Tells what pictures show.',
          security,
          parameters: [
            {
              name: 'top',
              in: 'query',
              description: 'How many classes to return for each picture.',
              schema: { type: 'integer', minimum: 1, maximum: 999_999, default: 5 },
            },
          ],
          requestBody: {
            required: true,
            description: `PNG, JPEG, WebP, GIF, TIFF, AVIF or BMP; at most ${limits.bodyBytes} bytes in all, ${limits.pixels} pixels each, ${limits.pictures} pictures.`,
            content: {
              'image/*': { schema: picture },
              'application/octet-stream': { schema: picture },
              'multipart/form-data': { schema: { type: 'object', additionalProperties: picture } },
            },
          },
          responses: {
            ...answers('PredictResponse', 'One prediction for each picture, in their order.', token),
            400: problem('The request or a picture cannot be read, or a parameter is wrong.'),
            408: problem('The request came too slowly.'),
            413: problem('The body, a picture or their number is too large.'),
            415: problem('The body is neither a picture nor multipart/form-data.'),
            429: {
              ...problem('The queue is full.'),
              headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } },
            },
            503: problem('The server is shutting down, or the answer took too long.'),
          },
        },
      },
      '/v1/model': get('model', 'Describes the network.', answers('ModelResponse', 'The network.', token), security),
      '/healthz': get('health', 'Tells that the process works.', answers('HealthResponse', 'It works.', false)),
      '/readyz': get('ready', 'Tells whether requests are taken.', {
        ...answers('HealthResponse', 'They are.', false),
        503: problem('The server is shutting down.'),
      }),
      '/metrics': get(
        'metrics',
        'What the server counts, for Prometheus.',
        {
          200: { description: 'Metrics.', content: { 'text/plain': { schema: { type: 'string' } } } },
          ...unauthorized(token),
        },
        security,
      ),
      '/openapi.json': get('description', 'This description.', {
        200: { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: { type: 'object' } } } },
      }),
    },
    components: {
      schemas: Object.fromEntries(
        Object.entries(answerSchemas).map(([name, schema]) => {
          const { $schema, ...rest } = z.toJSONSchema(schema)
          return [name, rest]
        }),
      ),
      ...(token && { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } }),
    },
  }
}

function get(operationId: string, summary: string, responses: object, security: object[] = []) {
  return { get: { operationId, summary, security, responses: { ...responses, default: problem('What went wrong.') } } }
}

function answers(name: keyof typeof answerSchemas, description: string, token: boolean) {
  return { 200: { description, content: json(name) }, ...unauthorized(token) }
}

function unauthorized(token: boolean) {
  return token ? { 401: problem('The token is missing or wrong.') } : {}
}

function problem(description: string) {
  return { description, content: json('ApiError') }
}

function json(name: keyof typeof answerSchemas) {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } }
}
