import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { dataDirectory } from './data-directory.js'

it.each([
  [{ ALEXNET_DATA_DIR: '/data', XDG_CACHE_HOME: '/cache' }, '/data'],
  [{ XDG_CACHE_HOME: '/cache' }, join('/cache', 'alexnet')],
  [{ ALEXNET_DATA_DIR: '', XDG_CACHE_HOME: '' }, join(homedir(), '.cache', 'alexnet')],
  [{}, join(homedir(), '.cache', 'alexnet')],
])('%j → %s', (environment, expected) => {
  expect(dataDirectory(environment)).toBe(expected)
})
