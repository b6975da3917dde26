import { expect, it } from 'vitest'
import { runtimeLine } from '../runtime-line.js'
import { describeMachine, runtimeOf } from './machine.js'

it.each([
  [{ node: '24.3.0', bun: '1.4.5' }, 'Bun 1.4.5, as Node 24.3.0'],
  [{ node: '26.3.0', deno: '2.9.6' }, 'Deno 2.9.6, as Node 26.3.0'],
  [{ node: '20.19.0' }, 'Node 20.19.0'],
])('versions %j are called %s', (versions, line) => {
  expect(runtimeLine({ node: versions.node, runtime: runtimeOf(versions) })).toBe(line)
})

it('this machine is described as what runs the tests', () => {
  expect(describeMachine()).toMatchObject({ node: process.versions.node })
})
