import { Command } from 'commander'
import { addComputeOptions, allowedHostsOption, optionalRunArgument } from '../../options.js'
import { integer, port, real } from '../../values.js'
import type { ServeFlags } from './run.js'

export function serveCommand(): Command {
  const command = new Command('serve')
    .description(
      'Serves a trained network: POST pictures to /v1/predict. Requests that come together are classified together.\n' +
        'Only this machine can reach it, unless --host says otherwise. Ctrl-C finishes what was taken.',
    )
    .addArgument(optionalRunArgument())
    .optionsGroup('Where:')
    .option('--host <address>', 'the address to listen on; 0.0.0.0: all', '127.0.0.1')
    .option('--port <number>', 'the port; 0: any that is free', port, 8080)
    .addOption(allowedHostsOption())
    .option('--token <secret>', 'what clients must send as a bearer token (better: in ALEXNET_TOKEN)')
    .optionsGroup('Load:')
    .option('--batch-size <count>', 'the most pictures that are classified at a time', integer(1), 32)
    .option('--max-delay <ms>', 'how long a picture waits at most for others of its batch', real(0, 60_000), 10)
    .option('--queue <count>', 'the most pictures that wait (default: four batches)', integer(1))
    .optionsGroup('Limits:')
    .option('--max-body <MB>', 'of a request', real(0, 4096, true), 20)
    .option('--max-pixels <millions>', 'of a picture', real(0, 1000, true), 50)
    .option('--max-pictures <count>', 'of a request', integer(1), 32)
    .option('--timeout <seconds>', 'for a request to come, and for its answer', real(0, 3600, true), 30)
    .optionsGroup('Computing:')
    .addHelpText(
      'after',
      `
Examples:
  alexnet serve                                          zoo:photographs, which knows ten things
  alexnet serve runs/cifar10-80sec-1
  curl --data-binary @cat.jpg -H 'Content-Type: image/jpeg' 'http://127.0.0.1:8080/v1/predict?top=3'
  curl -F image=@cat.jpg -F image=@dog.jpg http://127.0.0.1:8080/v1/predict
  ALEXNET_TOKEN=secret alexnet serve model.safetensors --host 0.0.0.0 --port 80`,
    )
  return addComputeOptions(command).action(async (run: string | undefined, flags: ServeFlags) => {
    const { runServe } = await import('./run.js')
    await runServe(run, flags)
  })
}
