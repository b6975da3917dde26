import { AlexNetError } from '../../../errors.js'
import { describeOtherFiles, inBrackets } from './describe-other-files.js'
import {
  type Findings,
  linkOut,
  type NamedEntry,
  noFindings,
  type OtherFiles,
  type PartName,
  type PictureList,
} from './picture-list.js'

/**
 * Numbers the classes, in the order of their names. Names that differ only in how a character is composed (NFC) are one.
 * @throws AlexNetError `corrupt-data` when there is no picture, only one class, or a class that only another part has.
 */
export function numberClasses(
  origin: string,
  named: Readonly<Partial<Record<PartName, readonly NamedEntry[]>>>,
  findings: Findings = noFindings,
): PictureList {
  const { train = [], validation, test } = named
  const classes = [...new Set(train.map(({ className }) => className.normalize()))].sort()
  if (train.length === 0)
    throw new AlexNetError(
      'missing-data',
      `${origin}: there are no pictures to learn from${inBrackets(describeOtherFiles(findings))}`,
      hintOf(findings) ??
        'Expected a folder for each class with pictures in it (JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP), or train/ and val/ with such folders.',
    )
  if (classes.length < 2)
    throw new AlexNetError(
      'corrupt-data',
      `${origin}: all pictures are of one class, '${classes[0]}': there is nothing to tell apart${inBrackets([...findings.emptyClasses, ...findings.skipped].map(({ name, reason }) => `${name}: ${reason}`))}`,
      'Expected a folder for each class, with two classes at least.',
    )
  const labels = new Map(classes.map((name, label) => [name, label]))
  const number = (part: PartName, entries: readonly NamedEntry[]) =>
    entries.map(({ file, name, className }) => {
      const label = labels.get(className.normalize())
      if (label === undefined)
        throw new AlexNetError(
          'corrupt-data',
          `${origin}: ${part} has the class '${className}', of which there is no picture in train`,
        )
      return { file, name, label }
    })
  return {
    classes,
    parts: {
      train: number('train', train),
      ...(validation && { validation: number('validation', validation) }),
      ...(test && { test: number('test', test) }),
    },
    ...findings,
  }
}

/** Links are followed when they are asked for. */
function hintOf({ skipped }: OtherFiles): string | undefined {
  return skipped.some(({ reason }) => reason === linkOut) ? 'Links are followed with --follow-links.' : undefined
}
