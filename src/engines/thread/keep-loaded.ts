import koffi from '#koffi'

const RTLD_LAZY = 1

/**
 * Keeps a library in memory until the process ends: koffi closes it when the thread that loaded it ends, but threads that
 * the library has started live on in its code, and would take the whole process down.
 */
export function keepLoaded(file: string): void {
  if (process.platform !== 'win32') koffi.load(null).func('dlopen', 'void *', ['str', 'int'])(file, RTLD_LAZY)
}
