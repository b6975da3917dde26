/**
 * Classifies pictures with a trained network, as `alexnet predict` does.
 *
 *     npx tsx examples/classify.ts runs/shapes-alexnet-cifar-1 picture.png another.jpg folder/
 *
 * The first argument is the folder of a run, or a checkpoint file. All that is needed (the network, its classes, the
 * normalisation of the pictures) is in the checkpoint.
 */
import { AlexNetError } from 'alexnet'
import { openClassifier } from 'alexnet/node'

const [run, ...pictures] = process.argv.slice(2)
if (run === undefined || pictures.length === 0) {
  console.error('Usage: npx tsx examples/classify.ts RUN PICTURE|FOLDER...')
  process.exit(2)
}

try {
  const net = await openClassifier(run)
  // A picture may be given by its bytes, too: what a server got, say.
  for (const { file, top } of await net.predict(pictures))
    console.log(`${file}: ${top[0].label} (${(100 * top[0].probability).toFixed(1)} %)`)
  await net.close()
} catch (error) {
  // What a user can cure has a message of one line, and most often a hint.
  if (!(error instanceof AlexNetError)) throw error
  console.error(error.message)
  if (error.hint) console.error(error.hint)
  process.exit(1)
}
