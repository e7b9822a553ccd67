/** What a proof has measured, and whether it holds. */
export interface Figure {
  readonly name: string
  readonly holds: boolean
  /** One line for people. */
  readonly line: string
  readonly figures: Readonly<Record<string, number | string>>
}

export interface ProverOptions {
  /** How often the fault is made. */
  readonly times: number
  readonly seed: number
  readonly say: (line: string) => void
}

/** A bounded proof of one guarantee against real processes and servers. */
export interface Prover {
  readonly name: string
  readonly description: string
  readonly times: number
  readonly run: (options: ProverOptions) => Promise<Figure>
}

/** The value below which this share of the samples lies; 0 when there is none. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
