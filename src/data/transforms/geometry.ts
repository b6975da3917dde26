import { centreCorner } from './centre-crop.js'
import type { Corner } from './crop.js'

/** A half-plane of the canvas: the points with x · px + y · py + c ≥ 0. */
export interface Edge {
  readonly x: number
  readonly y: number
  readonly c: number
}

/**
 * Where every pixel after a chain of geometric transforms comes from. However long the chain is, it stays one affine map
 * from the canvas (what there is after the chain) to the source (what there was before it):
 *
 *   source x = xx · x + xy · y + x0        source y = yx · x + yy · y + y0
 *
 * in continuous coordinates: pixel i covers [i, i + 1), its centre is i + ½. So the picture is sampled once, whatever
 * happens to it.
 *
 * What a transform pushes out of the canvas is lost, and what it moves in from outside is nothing: `edges` bound the
 * part of the canvas that shows the picture.
 */
export class Geometry {
  xx = 1
  xy = 0
  x0 = 0
  yx = 0
  yy = 1
  y0 = 0
  edges: Edge[] = []
  /** The pixels of the source that may be read: crops of whole pixels before anything is resampled narrow them. */
  left = 0
  top = 0
  right: number
  bottom: number

  /** Begins as the whole source, as it is. */
  constructor(
    public height: number,
    public width: number,
  ) {
    this.right = width
    this.bottom = height
  }

  /** Nothing but moved by whole pixels and mirrored: every pixel is one of the source. */
  get copies(): boolean {
    return (
      this.xy === 0 &&
      this.yx === 0 &&
      Math.abs(this.xx) === 1 &&
      Math.abs(this.yy) === 1 &&
      Number.isInteger(this.x0) &&
      Number.isInteger(this.y0)
    )
  }

  /** Rows of the canvas are parts of rows of the source, perhaps stretched. */
  get separable(): boolean {
    return this.xy === 0 && this.yx === 0
  }

  crop({ top, left }: Corner, height: number, width = height): void {
    if (top === 0 && left === 0 && height === this.height && width === this.width) return
    this.map(1, 0, left, 0, 1, top, height, width)
    if (this.copies) this.narrow()
  }

  centreCrop(height: number, width = height): void {
    this.crop(
      {
        top: centreCorner(this.height, this.width, height).top,
        left: centreCorner(this.height, this.width, width).left,
      },
      height,
      width,
    )
  }

  mirror(): void {
    this.map(-1, 0, this.width, 0, 1, 0)
  }

  flipVertically(): void {
    this.map(1, 0, 0, 0, -1, this.height)
  }

  resize(height: number, width: number): void {
    if (height === this.height && width === this.width) return
    this.map(this.width / width, 0, 0, 0, this.height / height, 0, height, width)
  }

  /** The shorter side becomes `size`; the longer one keeps the aspect ratio, rounded down, as torchvision's Resize does. */
  resizeShorter(size: number): void {
    const { height, width } = this
    const short = Math.min(height, width)
    this.resize(Math.floor((size * height) / short), Math.floor((size * width) / short))
  }

  /** About the centre, counter-clockwise; the canvas keeps its size. */
  rotate(degrees: number): void {
    const cos = Math.cos((degrees * Math.PI) / 180)
    const sin = Math.sin((degrees * Math.PI) / 180)
    this.mapAboutCentre(cos, -sin, sin, cos)
  }

  /** About the centre; above 1 enlarges; the canvas keeps its size. */
  scale(factor: number): void {
    this.mapAboutCentre(1 / factor, 0, 0, 1 / factor)
  }

  /** Each row moved to the left by `right` of its distance from the upper edge, each column up by `down` of that from the left. */
  shear(right: number, down: number): void {
    this.map(1, right, 0, down, 1, 0)
  }

  /** Moves the picture down and to the right; the canvas stays. */
  translate(down: number, right: number): void {
    this.map(1, 0, -right, 0, 1, -down)
  }

  private mapAboutCentre(xx: number, xy: number, yx: number, yy: number): void {
    const x = this.width / 2
    const y = this.height / 2
    this.map(xx, xy, x - xx * x - xy * y, yx, yy, y - yx * x - yy * y)
  }

  /** Puts one more map behind: from a new canvas (height × width) to the present one. */
  private map(
    xx: number,
    xy: number,
    x0: number,
    yx: number,
    yy: number,
    y0: number,
    height = this.height,
    width = this.width,
  ): void {
    const own: Edge[] = [
      { x: 1, y: 0, c: 0 },
      { x: -1, y: 0, c: this.width },
      { x: 0, y: 1, c: 0 },
      { x: 0, y: -1, c: this.height },
    ]
    this.edges = [...this.edges, ...own]
      .map((edge) => ({
        x: edge.x * xx + edge.y * yx,
        y: edge.x * xy + edge.y * yy,
        c: edge.x * x0 + edge.y * y0 + edge.c,
      }))
      .filter((edge) => !covers(edge, height, width))
    this.x0 += this.xx * x0 + this.xy * y0
    this.y0 += this.yx * x0 + this.yy * y0
    const { xx: a, xy: b, yx: c, yy: d } = this
    this.xx = a * xx + b * yx
    this.xy = a * xy + b * yy
    this.yx = c * xx + d * yx
    this.yy = c * xy + d * yy
    this.height = height
    this.width = width
  }

  private narrow(): void {
    const x = this.xx > 0 ? this.x0 : this.x0 - this.width
    const y = this.yy > 0 ? this.y0 : this.y0 - this.height
    this.left = Math.max(this.left, x)
    this.right = Math.min(this.right, x + this.width)
    this.top = Math.max(this.top, y)
    this.bottom = Math.min(this.bottom, y + this.height)
  }
}

/** Whether the centres of all pixels of a canvas lie on the inner side. */
function covers({ x, y, c }: Edge, height: number, width: number): boolean {
  const lowest = c + Math.min(x * 0.5, x * (width - 0.5)) + Math.min(y * 0.5, y * (height - 0.5))
  return lowest >= 0
}
