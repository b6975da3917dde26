/** What a prediction server takes from a client. */
export interface Limits {
  /** The most bytes of a request's body. */
  readonly bodyBytes: number
  /** The most pixels of a picture. */
  readonly pixels: number
  /** The most pictures in a request. */
  readonly pictures: number
  /** Seconds in which a request must have come in, and in which it is answered. */
  readonly seconds: number
}

/** A photograph of 50 megapixels has 10 to 20 MB as a JPEG. */
export const defaultLimits: Limits = { bodyBytes: 20_000_000, pixels: 50_000_000, pictures: 32, seconds: 30 }
