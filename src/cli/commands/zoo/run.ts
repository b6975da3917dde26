import pc from 'picocolors'
import { readZooCard } from '../../../runs/node/read-zoo-card.js'
import { zooFile } from '../../../runs/node/zoo-files.js'
import type { ZooCard } from '../../../runs/zoo-card.js'
import { ZOO, type ZooName, zooNames } from '../../../runs/zoo-names.js'
import { commandName } from '../../command-name.js'
import { count, counted, fileSize, percent, table } from '../../format.js'
import { result } from '../../output.js'

export interface ZooFlags {
  readonly json?: true
}

/** `alexnet zoo`: the networks that come with the package, or the card of one. */
export async function runZoo(name: ZooName | undefined, flags: ZooFlags): Promise<void> {
  if (name !== undefined) {
    const card = await readZooCard(name)
    result(flags.json ? JSON.stringify(answerOf(card)) : cardText(card))
    return
  }
  const cards = await Promise.all(zooNames.map(readZooCard))
  result(flags.json ? JSON.stringify(cards.map(answerOf)) : list(cards))
}

/** The card, and where its file lies here. */
function answerOf(card: ZooCard) {
  return { ...card, path: zooFile(card.name) }
}

function list(cards: readonly ZooCard[]): string {
  const rows = cards.map((card) => [
    `${ZOO}${card.name}`,
    card.about,
    `${card.imageSize}×${card.imageSize}`,
    percent(card.accuracy[0].top1),
    count(card.parameters),
    fileSize(card.file.bytes),
  ])
  return (
    `${table(['network', 'about', 'pictures', 'accuracy', 'parameters', 'file'], rows, [2, 3, 4, 5])}\n\n` +
    `Try one: ${commandName} predict photo.jpg. What it knows and how it was made: ${commandName} zoo ${cards[0].name}`
  )
}

function cardText(card: ZooCard): string {
  const { about, model, imageSize, parameters, file, classes, accuracy, training, data, limits } = card
  const measured = accuracy.map(
    ({ top1, loss, images, views }) =>
      `${percent(top1)} of ${count(images)} pictures that it has not seen, loss ${loss.toFixed(4)}, ${counted(views, 'view')}`,
  )
  const rows: readonly [string, readonly string[]][] = [
    ['network', [`${model}: ${count(parameters)} parameters, pictures of ${imageSize}×${imageSize}`]],
    ['classes', [classes.join(', ')]],
    ['accuracy', measured],
    ['training', [training.about, training.command]],
    ['data', [data.about, data.terms]],
    ['limits', limits],
    ['file', [`${zooFile(card.name)}, ${fileSize(file.bytes)}`, `sha256 ${file.sha256}`]],
  ]
  const lines = rows.flatMap(([title, texts]) =>
    texts.map((text, n) => `${pc.dim((n === 0 ? title : '').padEnd(8))}  ${text}`),
  )
  return [`${pc.bold(`${ZOO}${card.name}`)}: ${about}`, '', ...lines].join('\n')
}
