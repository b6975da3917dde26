/**
 * Classifies picture files with a trained network, as `alexnet predict` does.
 *
 *     npx tsx examples/classify.ts runs/shapes-alexnet-cifar-1 picture.png another.jpg
 *
 * The first argument is the folder of a run, or a checkpoint file. All that is needed (the network, its classes, the
 * normalisation of the pictures) is in the checkpoint.
 */
import { AlexNetError, classifier, preprocess } from 'alexnet'
import { readCheckpoint, readImage, selectEngine } from 'alexnet/node'

const [run, ...files] = process.argv.slice(2)
if (files.length === 0) {
  console.error('Usage: npx tsx examples/classify.ts RUN PICTURE...')
  process.exit(2)
}

try {
  const { model, classes, preprocessing, state } = await readCheckpoint(run)
  const { engine } = await selectEngine('auto')
  const network = await classifier(engine, model, { batchSize: 1 })
  await network.load(state)

  const images = new Float32Array(model.inputShape.reduce((a, b) => a * b)) // (1, 3, H, W)
  for (const file of files) {
    // The middle square, resized to what the network was trained on; then normalised. No augmentation: no stream.
    const { data, shape } = await readImage(file)
    preprocess(data, shape, preprocessing, undefined, images, 0)
    const { probabilities } = await network.classify(images, 1)
    const best = probabilities.indexOf(Math.max(...probabilities))
    console.log(`${file}: ${classes[best]} (${(100 * probabilities[best]).toFixed(1)} %)`)
  }
  await network.dispose()
} catch (error) {
  // What a user can cure has a message of one line, and most often a hint.
  if (!(error instanceof AlexNetError)) throw error
  console.error(error.message)
  if (error.hint) console.error(error.hint)
  process.exit(1)
}
