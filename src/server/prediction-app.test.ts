import { Validator } from '@seriousme/openapi-schema-validator'
import type { Hono } from 'hono'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { onnx } from '../../tests/support/engines.js'
import { picture, tinyCheckpoint } from '../../tests/support/server-fixture.js'
import { SharedLock } from '../data/node/shared-lock.js'
import type { ApiError, ModelResponse, PredictResponse } from './api-types.js'
import { defaultLimits } from './limits.js'
import { loopbackHosts } from './loopback.js'
import { answerSchemas } from './openapi.js'
import { predictionApp } from './prediction-app.js'
import { PredictionMetrics } from './prediction-metrics.js'
import { Predictor } from './predictor.js'

const checkpoint = tinyCheckpoint()
let predictor: Predictor
let app: Hono | undefined
let isReady = true
const failures: unknown[] = []

async function makeApp(options: { token?: string; seconds?: number } = {}): Promise<Hono> {
  const metrics = new PredictionMetrics(() => predictor.length)
  // The first one counts.
  if (!app) predictor.observer = metrics
  return predictionApp({
    checkpoint,
    predictor,
    metrics,
    limits: { ...defaultLimits, bodyBytes: 100_000, pictures: 3, seconds: options.seconds ?? 30 },
    engine: { name: 'onnx', precision: 'float32', threads: 1 },
    batchSize: 4,
    token: options.token,
    hosts: loopbackHosts,
    isReady: () => isReady,
    onFailure: (error) => failures.push(error),
  })
}

beforeAll(async () => {
  predictor = await Predictor.create({
    ...{ checkpoint, engine: onnx, threads: 1 },
    ...{ batchSize: 4, maxDelay: 5, queue: 8, pixels: 1_000_000, decodeSeconds: 10 },
  })
  app = await makeApp()
})

afterAll(async () => {
  await predictor.close()
  expect(failures).toEqual([])
})

const post = (body: BodyInit, type = 'image/jpeg', query = '', to = app!) =>
  to.request(`/v1/predict${query}`, { method: 'POST', body, headers: { 'content-type': type } })

const errorOf = async (response: Response) => answerSchemas.ApiError.parse(await response.json()).error

describe('POST /v1/predict', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('classifies a raw %s', async (format) => {
    const response = await post(await picture(1, format), `image/${format}`, '?top=3')
    expect(response.status).toBe(200)
    const { model, predictions } = answerSchemas.PredictResponse.parse(await response.json())
    expect(model).toBe('alexnet-cifar')
    expect(predictions).toHaveLength(1)
    const [{ name, top }] = predictions
    expect(name).toBeNull()
    expect(top).toHaveLength(3)
    expect(top.map(({ probability }) => probability)).toEqual(
      top.map(({ probability }) => probability).toSorted((a, b) => b - a),
    )
  })

  it('classifies the files of a form, each as it is alone', async () => {
    const form = new FormData()
    const pictures = await Promise.all([1, 2, 3].map((seed) => picture(seed)))
    pictures.forEach((bytes, i) => {
      form.append('image', new Blob([bytes as Uint8Array<ArrayBuffer>]), `${i}.jpg`)
    })
    form.append('comment', 'no picture')
    const response = await app!.request('/v1/predict', { method: 'POST', body: form })
    const { predictions } = (await response.json()) as PredictResponse
    expect(predictions.map(({ name }) => name)).toEqual(['0.jpg', '1.jpg', '2.jpg'])
    for (const [i, { top }] of predictions.entries()) {
      const alone = ((await (await post(pictures[i])).json()) as PredictResponse).predictions[0].top
      expect(top.map(({ label }) => label)).toEqual(alone.map(({ label }) => label))
      // A batch of another size may add in another order.
      top.forEach(({ probability }, k) => {
        expect(probability).toBeCloseTo(alone[k].probability, 5)
      })
    }
  })

  it('takes forms as all kinds of clients write them', async () => {
    const [first, second] = await Promise.all([picture(1), picture(2)])
    const part = (disposition: string, bytes: Buffer, type = 'image/jpeg') =>
      Buffer.concat([Buffer.from(`--B\r\nContent-Type: ${type}\r\n${disposition}\r\n\r\n`), bytes, Buffer.from('\r\n')])
    const forms: [string, Buffer, (string | null)[]][] = [
      [
        '.NET’s HttpClient',
        Buffer.concat([
          part("Content-Disposition: form-data; name=image; filename=cat.jpg; filename*=utf-8''k%C3%A4t.jpg", first),
          Buffer.from('--B--\r\n'),
        ]),
        ['kät.jpg'],
      ],
      [
        'with something before and behind, and escaped quotes',
        Buffer.concat([
          Buffer.from('This is a message in MIME format.\r\n'),
          part('content-disposition: form-data; name="image"; filename="a \\"b\\".jpg"', first),
          part('Content-Disposition: form-data; name="image"; filename="a %22c%22.jpg"', second),
          Buffer.from('--B--\r\nepilogue\r\n'),
        ]),
        ['a "b".jpg', 'a "c".jpg'],
      ],
      [
        'without a file’s name, but with its type, beside a field',
        Buffer.concat([
          part('Content-Disposition: form-data; name="top"', Buffer.from('3'), 'text/plain'),
          part('Content-Disposition: form-data; name="image"', first),
          Buffer.from('--B--'),
        ]),
        [null],
      ],
    ]
    for (const boundary of ['B', '"B"'])
      for (const [kind, body, names] of forms) {
        const response = await post(Uint8Array.from(body), `multipart/form-data; boundary=${boundary}`)
        expect([kind, response.status]).toEqual([kind, 200])
        const { predictions } = (await response.json()) as PredictResponse
        expect(predictions.map(({ name }) => name)).toEqual(names)
        const alone = ((await (await post(first)).json()) as PredictResponse).predictions[0].top
        expect(predictions[0].top[0].probability).toBeCloseTo(alone[0].probability, 5)
      }
  })

  it('tells none of many clients at once what is wrong with another’s picture, and decodes none twice', async () => {
    const alone = vi.spyOn(SharedLock.prototype, 'alone')
    const cut = async (format: 'jpeg' | 'png' | 'webp') => (await picture(1, format)).subarray(0, 600)
    const bad: readonly (readonly [RegExp, Buffer])[] = [
      [/it is damaged or cut off/, await cut('jpeg')],
      [/it is damaged or cut off/, await cut('png')],
      [/it is damaged or cut off/, await cut('webp')],
      [/HEIC/, Buffer.from('\0\0\0\x10ftypheic\0\0\0\0')],
    ]
    for (let round = 0; round < 8; round++)
      await Promise.all(
        [...bad, ...bad].map(async ([reason, bytes]) => {
          const response = await post(Uint8Array.from(bytes))
          expect(response.status).toBe(400)
          expect((await errorOf(response)).message).toMatch(reason)
        }),
      )
    expect(alone).not.toHaveBeenCalled()
    alone.mockRestore()
  })

  it.each([
    ['an empty body', '', 'image/jpeg', '', 400, 'invalid-image'],
    ['no picture', 'hello', 'image/jpeg', '', 400, 'invalid-image'],
    [
      'a drawing that is a program',
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'image/svg+xml',
      '',
      400,
      'invalid-image',
    ],
    ['another type', '{}', 'application/json', '', 415, 'unsupported-media-type'],
    ['a form that is none', 'hello', 'multipart/form-data; boundary=x', '', 400, 'bad-request'],
    ['a form without a boundary', 'hello', 'multipart/form-data', '', 400, 'bad-request'],
    ['too many bytes', 'x'.repeat(100_001), 'image/jpeg', '', 413, 'too-large'],
    ['top=0', 'x', 'image/jpeg', '?top=0', 400, 'invalid-parameter'],
    ['top twice', 'x', 'image/jpeg', '?top=1&top=2', 400, 'invalid-parameter'],
    ['an unknown parameter', 'x', 'image/jpeg', '?tpo=1', 400, 'invalid-parameter'],
  ])('refuses %s', async (_, body, type, query, status, code) => {
    const response = await post(body, type, query)
    expect(response.status).toBe(status)
    expect((await errorOf(response)).code).toBe(code)
    expect(predictor.length).toBe(0)
  })

  it.each([
    ['?top=0', "the query: top: expected a whole number of at least 1, got '0'"],
    ['?tpo=1', "the query: there is no key 'tpo'"],
  ])('says what is wrong with %s in one line', async (query, message) => {
    expect((await errorOf(await post('x', 'image/jpeg', query))).message).toBe(message)
  })

  it('names the file that is no picture', async () => {
    const form = new FormData()
    form.append('a', new Blob([(await picture(1)) as Uint8Array<ArrayBuffer>]), 'good.jpg')
    form.append('b', new Blob(['nothing']), 'bad.jpg')
    const response = await app!.request('/v1/predict', { method: 'POST', body: form })
    expect(response.status).toBe(400)
    expect((await errorOf(response)).message).toContain('bad.jpg')
    expect(predictor.length).toBe(0)
  })

  it('refuses a picture of too many pixels by its head alone', async () => {
    const bytes = await sharp({ create: { width: 1001, height: 1000, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    const response = await post(bytes as Uint8Array<ArrayBuffer>, 'image/png')
    expect(response.status).toBe(400)
    expect((await errorOf(response)).message).toContain('pixel limit')
  })

  it('refuses more pictures than a request may have', async () => {
    const form = new FormData()
    for (const i of [1, 2, 3, 4]) form.append('a', new Blob([String(i)]), `${i}.jpg`)
    const response = await app!.request('/v1/predict', { method: 'POST', body: form })
    expect(response.status).toBe(413)
  })

  it('says 429 with Retry-After when the queue is full, and takes more when it is not', async () => {
    const body = await picture(3)
    const responses = await Promise.all(Array.from({ length: 20 }, () => post(body)))
    const statuses = responses.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(8)
    expect(statuses.filter((status) => status === 429)).toHaveLength(12)
    const refused = responses.find(({ status }) => status === 429)!
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect((await errorOf(refused)).code).toBe('overloaded')
    expect((await post(body)).status).toBe(200)
  })

  it('gives up when the time is over', async () => {
    const hasty = await makeApp({ seconds: 0.000001 })
    // Large enough for the reading alone to take longer than that.
    const large = sharp({ create: { width: 1000, height: 1000, channels: 3, background: 'red' } })
    const response = await post(await large.png().toBuffer(), 'image/png', '', hasty)
    expect(response.status).toBe(503)
    expect((await errorOf(response)).code).toBe('timeout')
  })
})

describe('the other paths', () => {
  it('describe the network', async () => {
    const response = await app!.request('/v1/model')
    const model: ModelResponse = answerSchemas.ModelResponse.parse(await response.json())
    expect(model).toMatchObject({ model: 'alexnet-cifar', classes: checkpoint.classes, input: [3, 32, 32] })
    expect(model.layers.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(model.parameters)
  })

  it('describe the server as valid OpenAPI', async () => {
    const description = await (await app!.request('/openapi.json')).json()
    const result = await new Validator().validate(structuredClone(description))
    expect(result).toMatchObject({ valid: true })
    expect(Object.keys(description.paths).sort()).toEqual(
      ['/healthz', '/metrics', '/openapi.json', '/readyz', '/v1/model', '/v1/predict'].sort(),
    )
  })

  it('count what happens', async () => {
    const text = await (await app!.request('/metrics')).text()
    const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
    expect(value('alexnet_requests_total\\{path="/v1/predict",status="429"\\}')).toBe(12)
    expect(value('alexnet_batch_pictures_count')).toBeGreaterThan(0)
    // One had been decoded when another picture of its request turned out to be none.
    expect(value('alexnet_decode_seconds_count')).toBeGreaterThanOrEqual(value('alexnet_batch_pictures_sum'))
    expect(value('alexnet_queue_pictures')).toBe(0)
  })

  it('do not make a label of what a client makes up', async () => {
    await app!.request('/made/up')
    expect(await (await app!.request('/metrics')).text()).not.toContain('made')
  })

  it('say when the server shuts down', async () => {
    expect((await app!.request('/readyz')).status).toBe(200)
    isReady = false
    expect((await app!.request('/readyz')).status).toBe(503)
    expect((await post(await picture(1))).status).toBe(503)
    expect((await app!.request('/healthz')).status).toBe(200)
    isReady = true
  })

  it.each([
    ['GET', '/v1/predict', 405, 'POST'],
    ['POST', '/v1/model', 405, 'GET'],
    ['DELETE', '/healthz', 405, 'GET'],
    ['GET', '/nothing', 404, null],
    ['GET', '/v1/../../etc/passwd', 404, null],
  ])('answer %s %s with %d', async (method, path, status, allow) => {
    const response = await app!.request(path, { method })
    expect(response.status).toBe(status)
    expect(response.headers.get('allow')).toBe(allow)
    await errorOf(response)
  })

  it('carry safe headers, on errors too', async () => {
    for (const path of ['/healthz', '/nothing']) {
      const { headers } = await app!.request(path)
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain("default-src 'self'")
    }
  })

  it('go by the names of this machine alone', async () => {
    const response = await app!.request('http://attacker.example/healthz')
    expect(response.status).toBe(403)
    expect(((await response.json()) as ApiError).error.code).toBe('forbidden')
    expect((await app!.request('http://[::1]:8080/healthz')).status).toBe(200)
  })

  it('ask for the token, where there is one', async () => {
    const guarded = await makeApp({ token: 'secret' })
    const ask = (authorization?: string) =>
      guarded.request('/v1/model', { headers: authorization ? { authorization } : {} })
    expect((await ask('Bearer secret')).status).toBe(200)
    for (const wrong of [undefined, 'Bearer', 'Bearer secret2', 'Bearer secre', 'Basic secret', 'secret']) {
      const response = await ask(wrong)
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toContain('Bearer')
      expect((await errorOf(response)).code).toBe('unauthorized')
    }
    expect((await post('x', 'image/jpeg', '', guarded)).status).toBe(401)
    expect((await guarded.request('/metrics')).status).toBe(401)
    expect((await guarded.request('/healthz')).status).toBe(200)
  })
})
