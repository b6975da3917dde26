import type { Node } from '../../../graph/node.js'
import { axesWithin } from '../../../graph/ops/batch-norm.js'
import type { NodeOf } from '../../../graph/ops/index.js'
import type { ArgumentRole } from '../native/types.js'
import type { Value } from '../plan.js'
import type { LoweringContext } from './context.js'
import { onHost } from './host.js'

/** By statistics that are given; those of the batch itself come with `batchMean`, which stands before it. */
export function batchNorm(node: NodeOf<'batchNorm'>, context: LoweringContext): void {
  normalise(node, false, context)
}

/** oneDNN normalises and tells both statistics in one primitive; statistics that nobody normalises by are rare. */
export function batchMean(node: NodeOf<'batchMean'>, context: LoweringContext): void {
  const user = context.users.get(node)!.find(isBatchNormOf(node))
  if (user) normalise(user, true, context)
  else onHost(node, context)
}

function isBatchNormOf(mean: Node) {
  return (user: Node): user is NodeOf<'batchNorm'> => {
    if (user.op !== 'batchNorm' || user.inputs[3] !== mean || user.inputs[0] !== mean.inputs[0]) return false
    const [x, , , , variance] = user.inputs
    return variance.op === 'batchVariance' && variance.inputs[0] === x && variance.inputs[1] === mean
  }
}

/** x, γ, β → y, and with `ofBatch` the statistics of x. */
function normalise(node: NodeOf<'batchNorm'>, ofBatch: boolean, context: LoweringContext): void {
  const { plan } = context
  const [xNode, gamma, beta, mean, variance] = node.inputs
  const label = context.label(node)
  const x = context.typed(xNode, context.typeOf(node))
  const primitive = plan.primitive(label, {
    kind: 'batchNormForward',
    epsilon: node.attributes.epsilon,
    givenStatistics: !ofBatch,
    data: x.desc,
  })
  context.rememberForward(node, { primitive })
  const statistics: [ArgumentRole, Value][] = ofBatch
    ? [
        ['meanResult', context.defineNew(mean)],
        ['varianceResult', context.defineNew(variance)],
      ]
    : [
        ['mean', context.plain(mean, 'float32')],
        ['variance', context.plain(variance, 'float32')],
      ]
  plan.call(label, primitive, [
    ['src', x],
    ['scale', context.plain(gamma, 'float32')],
    ['shift', context.plain(beta, 'float32')],
    ...statistics,
    ['dst', context.defineNew(node, x.desc)],
  ])
}

/** The gradient of x, and with it those of γ and β if somebody asks for them. */
export function batchNormInputGradient(node: NodeOf<'batchNormInputGradient'>, context: LoweringContext): void {
  const { plan } = context
  const [xNode, gNode, gamma, mean, variance] = node.inputs
  const label = context.label(node)
  const type = context.typeOf(node)
  const x = context.typed(xNode, type)
  const g = context.as(gNode, x.desc, type)
  const settings = {
    epsilon: node.attributes.epsilon,
    givenStatistics: !node.attributes.ofBatch,
    data: x.desc,
  }
  const forward = plan.primitive(label, { kind: 'batchNormForward', ...settings })
  const primitive = plan.primitive(label, { kind: 'batchNormBackward', ...settings, forward })
  const readers = context.users.get(gNode)!
  const ofGamma = readers.find(({ op, inputs }) => op === 'batchNormScaleGradient' && inputs[0] === xNode)
  const ofBeta = readers.find(
    ({ op, attributes }) => op === 'sumOver' && String(attributes.axes) === String(axesWithin(xNode)),
  )
  const channels = gamma.shape
  const own = (gradient: Node | undefined) =>
    gradient && !context.isDefined(gradient) ? context.defineNew(gradient) : plan.value(channels, 'float32')
  plan.call(label, primitive, [
    ['src', x],
    ['diffDst', g],
    ['mean', context.plain(mean, 'float32')],
    ['variance', context.plain(variance, 'float32')],
    ['scale', context.plain(gamma, 'float32')],
    ...(plan.dnn.normalisationWantsShift ? [['shift', context.plain(gamma, 'float32')] as const] : []),
    ['diffSrc', context.defineNew(node, x.desc)],
    ['diffScale', own(ofGamma)],
    ['diffShift', own(ofBeta)],
  ])
}
