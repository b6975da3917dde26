import { expect, it } from 'vitest'
import { splitCommand } from './split-command.js'

it.each([
  ['python3', ['python3']],
  ['  chroot /srv/debian  python3 ', ['chroot', '/srv/debian', 'python3']],
  [`"/opt/my python/bin/python3" -u`, ['/opt/my python/bin/python3', '-u']],
  [`env 'A=1 2' /opt/"my python"/python`, ['env', 'A=1 2', '/opt/my python/python']],
  ['C:\\Python\\python.exe', ['C:\\Python\\python.exe']],
  [`run ''`, ['run', '']],
  ['', []],
])('%s', (command, words) => {
  expect(splitCommand(command)).toEqual(words)
})
