/**
 * What pictures show, by a trained network that comes with the package:
 *
 *     npx tsx examples/zoo.ts photographs photo.jpg
 */
import { openZoo, readZooCard, type ZooName } from 'alexnet/node'

const [name = 'photographs', ...pictures] = process.argv.slice(2)
const card = await readZooCard(name as ZooName)
console.log(`${card.name} knows ${card.classes.join(', ')}, and nothing else`)
const net = await openZoo(card.name)
for (const { file, top } of await net.predict(pictures, { top: 1 })) {
  const [{ label, probability }] = top
  console.log(`${file}: ${label} (${(100 * probability).toFixed(1)} %)`)
}
await net.close()
