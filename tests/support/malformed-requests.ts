import fc from 'fast-check'

/** A request that no server should answer with a success. */
export interface MalformedRequest {
  /** What is wrong with it. */
  readonly kind: string
  /** Bytes for the connection as they stand. */
  readonly bytes: Buffer
  /** The client says afterwards that it sends no more. */
  readonly halfClose?: boolean
  /** A damaged picture may still be one. */
  readonly mayBeFine?: boolean
}

/** Real pictures, to be damaged. */
export interface Pictures {
  readonly jpeg: Buffer
  readonly png: Buffer
  readonly webp: Buffer
}

/** The limits of the server under test. */
export const BODY_BYTES = 200_000

const known = ['/v1/predict', '/v1/model', '/healthz', '/readyz', '/metrics', '/openapi.json']

function request(method: string, target: string, headers: Record<string, string> = {}, body?: Buffer): Buffer {
  const all: Record<string, string> = {
    Host: '127.0.0.1',
    ...(body && { 'Content-Length': String(body.length) }),
    ...headers,
  }
  const head = [`${method} ${target} HTTP/1.1`, ...Object.entries(all).map(([name, value]) => `${name}: ${value}`)]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body ?? Buffer.alloc(0)])
}

const predict = (body: Buffer, type = 'image/jpeg', query = '') =>
  request('POST', `/v1/predict${query}`, { 'Content-Type': type }, body)

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array))

/** Characters that may stand in a target: others are refused with the head, by another test. */
const targetText = fc.string({
  unit: fc.constantFrom(...'abz09-_~!$&()*+,;=:@%./?#[]{}|\\^`"<>\''.split('')),
  maxLength: 40,
})

const paths = fc
  .oneof(
    targetText.map((text) => `/${text}`),
    fc
      .array(
        fc.constantFrom(
          '..',
          '.',
          '%2e%2e',
          '%2E',
          '..%2f',
          '..%5c',
          '\\',
          'v1',
          'predict',
          'etc',
          'passwd',
          '%00',
          '%c0%ae',
          'api',
        ),
        { minLength: 1, maxLength: 8 },
      )
      .map((parts) => `/${parts.join('/')}`),
    fc.string({ unit: fc.constantFrom('a', '/', '%41'), minLength: 2000, maxLength: 4000 }).map((text) => `/${text}`),
  )
  .filter((path) => {
    // What a client library would make of it must be none of the paths that there are.
    const [own] = path.split(/[?#]/)
    try {
      return !known.includes(decodeURIComponent(new URL(own, 'http://a/').pathname))
    } catch {
      return true
    }
  })

const badPath = fc.tuple(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'), paths).map(([method, path]) => ({
  kind: 'path',
  bytes: request(method, path, {}, method === 'GET' ? undefined : Buffer.from('x')),
}))

const badMethod = fc
  .tuple(
    fc.constantFrom(
      'GET',
      'POST',
      'PUT',
      'DELETE',
      'PATCH',
      'OPTIONS',
      'HEAD',
      'TRACE',
      'PROPFIND',
      'SEARCH',
      'LOCK',
      'BREW',
    ),
    fc.constantFrom(...known),
  )
  .filter(([method, path]) => !(path === '/v1/predict' ? ['POST'] : ['GET', 'HEAD']).includes(method))
  // An answer to HEAD has no body, so there is no error to look at.
  .filter(([method]) => method !== 'HEAD')
  .map(([method, path]) => ({ kind: 'method', bytes: request(method, path) }))

const badQuery = (picture: Buffer) =>
  fc
    .oneof(
      fc
        .oneof(fc.constantFrom('0', '-1', '1.5', '1e3', ' 5', '５', 'NaN', '01', '9999999', ''), targetText)
        .map((value) => `?top=${encodeURIComponent(value)}`),
      targetText.filter((text) => text !== 'top').map((name) => `?${encodeURIComponent(`x${name}`)}=1`),
      fc.constantFrom('?top=1&top=2', '?top=1&Top=1', '?top[]=1', '?top=5&__proto__=1', '?constructor=1'),
    )
    .filter((query) => !/^\?top=[1-9]\d{0,5}$/.test(query))
    .map((query) => ({ kind: 'query', bytes: predict(picture, 'image/jpeg', query) }))

const badType = (picture: Buffer) =>
  fc
    .oneof(
      fc.constantFrom(
        'text/plain',
        'application/json',
        'application/x-www-form-urlencoded',
        'image',
        'image/',
        '/jpeg',
        'video/mp4',
        'multipart/mixed; boundary=x',
        'multipart/form-datax; boundary=y',
        'imagejpeg',
        ';',
        '*/*',
      ),
      fc.string({ unit: fc.constantFrom(...'abc/;= "\\'.split('')), minLength: 1, maxLength: 30 }),
    )
    .filter(
      (type) =>
        !/^\s*(image\/[\w.+-]+|application\/octet-stream|multipart\/form-data)\s*(;|$)/i.test(type) &&
        type.trim() !== '',
    )
    .map((type) => ({ kind: 'type', bytes: predict(picture, type) }))

const badEncoding = (picture: Buffer) =>
  fc.constantFrom('gzip', 'br', 'deflate', 'x', 'identity, gzip').map((encoding) => ({
    kind: 'encoding',
    bytes: request('POST', '/v1/predict', { 'Content-Type': 'image/jpeg', 'Content-Encoding': encoding }, picture),
  }))

/** A PNG whose head says that it is enormous; its checksum is not right, or its data is not there. */
function hugePng(width: number, height: number): Buffer {
  const head = Buffer.alloc(33)
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).copy(head)
  head.writeUInt32BE(13, 8)
  head.write('IHDR', 12)
  head.writeUInt32BE(width, 16)
  head.writeUInt32BE(height, 20)
  head.set([8, 2, 0, 0, 0], 24)
  head.writeUInt32BE(crc32(head.subarray(12, 29)), 29)
  return head
}

function crc32(data: Buffer): number {
  let crc = 0xffffffff
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}

/** A JPEG that says it has other dimensions than it has. */
function resizedJpeg(jpeg: Buffer, width: number, height: number): Buffer {
  const copy = Buffer.from(jpeg)
  const frame = copy.findIndex((byte, i) => byte === 0xff && [0xc0, 0xc2].includes(copy[i + 1]))
  copy.writeUInt16BE(height, frame + 5)
  copy.writeUInt16BE(width, frame + 7)
  return copy
}

const badPicture = (pictures: Pictures) => {
  const real = fc.constantFrom(pictures.jpeg, pictures.png, pictures.webp)
  return fc.oneof(
    bytes(300).map((body) => ({ kind: 'noise', bytes: predict(body) })),
    fc.tuple(real, fc.double({ min: 0, max: 0.9, noNaN: true })).map(([picture, share]) => ({
      kind: 'cut off',
      bytes: predict(picture.subarray(0, Math.floor(share * picture.length)), 'application/octet-stream'),
    })),
    fc
      .tuple(fc.integer({ min: 20_000, max: 2 ** 31 - 1 }), fc.integer({ min: 20_000, max: 2 ** 31 - 1 }))
      .map(([w, h]) => ({
        kind: 'huge PNG',
        bytes: predict(hugePng(w, h), 'image/png'),
      })),
    fc.tuple(fc.integer({ min: 20_000, max: 65_535 }), fc.integer({ min: 20_000, max: 65_535 })).map(([w, h]) => ({
      kind: 'huge JPEG',
      bytes: predict(resizedJpeg(pictures.jpeg, w, h)),
    })),
    fc
      .constantFrom(
        '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><image href="file:///etc/passwd"/></svg>',
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>',
        '%PDF-1.7\n1 0 obj',
        'P6 100000 100000 255\n',
        '{"image": "data:image/png;base64,AAAA"}',
      )
      .map((text) => ({ kind: 'no picture', bytes: predict(Buffer.from(text), 'image/svg+xml') })),
    fc
      .tuple(real, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 20 }))
      .map(([picture, changes]) => {
        const copy = Buffer.from(picture)
        for (const [at, value] of changes) copy[at % copy.length] = value
        return { kind: 'damaged', bytes: predict(copy), mayBeFine: true }
      }),
  )
}

const badForm = (picture: Buffer) => {
  const part = (name: string, body: Buffer | string, boundary = 'xyz') =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="a"; filename="${name}"\r\n\r\n`),
      Buffer.from(body),
      Buffer.from('\r\n'),
    ])
  const end = Buffer.from('--xyz--\r\n')
  const form = (body: Buffer, type = 'multipart/form-data; boundary=xyz') => ({
    kind: 'form',
    bytes: predict(body, type),
  })
  return fc.oneof(
    bytes(200).map((body) => form(body)),
    fc.constant(form(Buffer.concat([part('a.jpg', picture), end]), 'multipart/form-data')),
    fc.constant(form(Buffer.concat([part('a.jpg', picture), end]), 'multipart/form-data; boundary=')),
    fc.constant(form(Buffer.concat([part('a.jpg', picture), end]), 'multipart/form-data; boundary=other')),
    fc.nat(picture.length + 50).map((length) => form(Buffer.concat([part('a.jpg', picture), end]).subarray(0, length))),
    fc.constant(form(end)),
    fc.constant(form(Buffer.from('--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\ntext\r\n--xyz--\r\n'))),
    fc
      .integer({ min: 5, max: 40 })
      .map((count) => form(Buffer.concat([...Array.from({ length: count }, () => part('a', 'x')), end]))),
    fc.string({ maxLength: 20 }).map((name) => form(Buffer.concat([part(name, 'no picture'), end]))),
    bytes(100).map((head) => form(Buffer.concat([Buffer.from('--xyz\r\n'), head, Buffer.from('\r\n\r\nx\r\n'), end]))),
  )
}

const tooLarge = fc.oneof(
  fc.constant({ kind: 'large', bytes: predict(Buffer.alloc(BODY_BYTES + 1)) }),
  fc.bigInt({ min: BigInt(BODY_BYTES + 1), max: 2n ** 52n }).map((length) => ({
    kind: 'large by its word',
    bytes: request('POST', '/v1/predict', { 'Content-Type': 'image/jpeg', 'Content-Length': String(length) }),
  })),
  fc.integer({ min: 2, max: 5 }).map((chunks) => {
    const size = Math.ceil((BODY_BYTES + 1000) / chunks)
    const chunk = Buffer.concat([Buffer.from(`${size.toString(16)}\r\n`), Buffer.alloc(size), Buffer.from('\r\n')])
    return {
      kind: 'large in chunks',
      bytes: Buffer.concat([
        request('POST', '/v1/predict', { 'Content-Type': 'image/jpeg', 'Transfer-Encoding': 'chunked' }),
        ...Array.from({ length: chunks }, () => chunk),
        Buffer.from('0\r\n\r\n'),
      ]),
    }
  }),
)

const line = fc.string({
  unit: fc.constantFrom(...'GET POSThttp/1.0:;=, abc\t\\"'.split('')),
  minLength: 1,
  maxLength: 60,
})

const badHttp = fc.oneof(
  line.map((text) => ({ kind: 'garbage', bytes: Buffer.from(`${text}\r\n\r\n`), halfClose: true })),
  bytes(200)
    .filter((body) => body.length > 0 && !/^[\r\n]*$/.test(body.toString('latin1')))
    .map((body) => ({ kind: 'binary', bytes: body, halfClose: true })),
  fc.constantFrom('HTTP/0.9', 'HTTP/3.0', 'HTTP/1', 'HTTZ/1.1', 'http/1.1', '').map((version) => ({
    kind: 'version',
    bytes: Buffer.from(`GET /healthz ${version}\r\nHost: 127.0.0.1\r\n\r\n`),
    halfClose: true,
  })),
  fc.constantFrom('-1', '1x', '0x10', '1,2', '99999999999999999999999', '+5').map((length) => ({
    kind: 'length',
    bytes: request('POST', '/v1/predict', { 'Content-Type': 'image/jpeg', 'Content-Length': length }),
  })),
  fc.constantFrom('chunked, identity', 'gzip', 'chunkedd').map((encoding) => ({
    kind: 'transfer encoding',
    bytes: Buffer.from(
      `POST /v1/predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\nTransfer-Encoding: ${encoding}\r\n\r\nabc`,
    ),
    halfClose: true,
  })),
  fc.constantFrom('zz', '-5', '5;'.padEnd(30_000, 'x'), 'fffffffffffffffff').map((size) => ({
    kind: 'chunk',
    bytes: Buffer.from(
      `POST /v1/predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n${size}\r\nabc\r\n`,
    ),
    halfClose: true,
  })),
  fc.integer({ min: 17_000, max: 60_000 }).map((length) => ({
    kind: 'long head',
    bytes: request('GET', '/healthz', { 'X-Long': 'x'.repeat(length) }),
  })),
  fc.constantFrom('a b', '', 'x\0y', '[::1', 'evil.example', '127.0.0.1:port', '/', '127.0.0.1@evil').map((host) => ({
    kind: 'host',
    bytes: request('GET', '/healthz', { Host: host }),
  })),
  fc.constant({ kind: 'no host', bytes: Buffer.from('GET /healthz HTTP/1.1\r\n\r\n') }),
  fc.constantFrom('http://', 'http://[', 'http://evil.example/healthz', 'ftp://a/', '*', 'healthz').map((target) => ({
    kind: 'target',
    bytes: request('GET', target),
  })),
  fc.constant({ kind: 'connect', bytes: request('CONNECT', 'example.com:443') }),
  fc.constant({ kind: 'expectation', bytes: request('POST', '/v1/predict', { Expect: 'a pony' }) }),
  fc.constantFrom(': x', 'no colon', 'a b: c', 'X-Bad: \x01').map((header) => ({
    kind: 'header',
    bytes: Buffer.from(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n${header}\r\n\r\n`, 'latin1'),
    halfClose: true,
  })),
  fc.integer({ min: 1, max: 60 }).map((length) => ({
    kind: 'unfinished',
    bytes: request('POST', '/v1/predict', { 'Content-Type': 'image/jpeg' }, Buffer.alloc(10)).subarray(0, length),
    halfClose: true,
  })),
)

/** Malformed requests of all kinds, about as many of each. */
export function malformedRequest(pictures: Pictures): fc.Arbitrary<MalformedRequest> {
  const { jpeg } = pictures
  return fc.oneof(
    { weight: 2, arbitrary: badPath },
    { weight: 1, arbitrary: badMethod },
    { weight: 2, arbitrary: badQuery(jpeg) },
    { weight: 1, arbitrary: badType(jpeg) },
    { weight: 1, arbitrary: badEncoding(jpeg) },
    { weight: 4, arbitrary: badPicture(pictures) },
    { weight: 3, arbitrary: badForm(jpeg) },
    { weight: 1, arbitrary: tooLarge },
    { weight: 4, arbitrary: badHttp },
  )
}
