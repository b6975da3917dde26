import { describe, expect, it } from 'vitest'
import { alexnet, start } from './support/cli.js'

/** What Node does where neither `$HOME` nor the list of users knows a home. */
const withoutHome = `import os from 'node:os'
import { syncBuiltinESMExports } from 'node:module'
os.homedir = os.userInfo = () => { throw new Error('uv_os_homedir returned ENOENT') }
syncBuiltinESMExports()`

describe('a machine on which the user has no home', () => {
  it('is examined as any other', async () => {
    const env = {
      NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(withoutHome)}"`,
      XDG_CACHE_HOME: '',
      ALEXNET_DATA_DIR: '',
    }
    const { code, stdout, stderr } = await start(['doctor', '--json'], { env }).finished
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { datasets } = JSON.parse(stdout)
    expect(datasets[1]).toMatchObject({
      name: 'cifar10',
      found: false,
      place: expect.stringMatching(/not in .*alexnet-/),
    })
  })
})

describe('a machine with another language', () => {
  it('gets the same words and numbers', async () => {
    const outputs = ['C', 'tr_TR.UTF-8', 'ar_EG.UTF-8'].map(
      (locale) => start(['inspect', 'alexnet'], { env: { LC_ALL: locale, TZ: 'Asia/Kathmandu' } }).finished,
    )
    const { stdout } = await alexnet('inspect', 'alexnet')
    for (const finished of await Promise.all(outputs)) expect(finished).toEqual({ code: 0, stderr: '', stdout })
  })
})
