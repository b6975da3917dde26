import { HttpProblem } from './problem.js'

/**
 * Does work that ends when the client has gone, or when its time is over.
 *
 * @param gone The client's connection.
 * @throws HttpProblem 503 after so many seconds; work that went wrong at once takes the others of its request back.
 */
export async function limited<T>(
  gone: AbortSignal,
  seconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController()
  const leave = () => own.abort(new HttpProblem(400, 'bad-request', 'the client has gone'))
  const timer = setTimeout(
    () =>
      own.abort(
        new HttpProblem(503, 'timeout', `there was no answer in ${seconds} s`, 'Try again later, or with less.', {
          'retry-after': '5',
        }),
      ),
    1000 * seconds,
  )
  gone.addEventListener('abort', leave)
  const overdue = new Promise<never>((_, reject) => {
    own.signal.addEventListener('abort', () => reject(own.signal.reason))
  })
  overdue.catch(() => {})
  try {
    if (gone.aborted) leave()
    return await Promise.race([work(own.signal), overdue])
  } finally {
    clearTimeout(timer)
    gone.removeEventListener('abort', leave)
    if (!own.signal.aborted) own.abort(new HttpProblem(400, 'bad-request', 'another picture of the request has failed'))
  }
}
