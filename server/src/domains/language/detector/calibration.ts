/** Platt scaling of the best language's probability: logit(p') = slope · logit(p) + intercept. */
export interface Calibration {
  slope: number
  intercept: number
}

/** One scaling for guesses that n-grams bear out, one for guesses of romanised languages. */
export interface Calibrations {
  known: Calibration
  romanised: Calibration
}

/** Fitted after the weights, to the same songs and by the same command: see `WEIGHTS`. */
export const CALIBRATIONS: Calibrations = {
  known: { slope: 0.948, intercept: 0.561 },
  romanised: { slope: 0.733, intercept: 1.005 },
}

/** No signal of ours is surer than this: songs are mislabelled more often than one in 500. */
const SUREST = 0.998
const SMALLEST = 1e-6

function logit(probability: number): number {
  const bounded = Math.min(Math.max(probability, SMALLEST), 1 - SMALLEST)
  return Math.log(bounded / (1 - bounded))
}

const logistic = (value: number) => 1 / (1 + Math.exp(-value))

/** The calibrated probability, 0 to `SUREST`, of the best language. */
export function calibrated(probability: number, { slope, intercept }: Calibration): number {
  return Math.min(SUREST, logistic(slope * logit(probability) + intercept))
}

const STEPS = 400
const STEP = 0.5

/**
 * Platt (1999), "Probabilistic outputs for support vector machines": maximum likelihood of
 * whether the best guess was right, by gradient ascent.
 * @param mislabelled share, 0 to 1, of guesses that are told to be wrong whatever they are; without
 * it a few wrong labels of sure guesses would flatten the slope.
 */
export function fitCalibration(
  cases: readonly { probability: number; right: boolean }[],
  mislabelled: number,
): Calibration {
  let slope = 1
  let intercept = 0
  for (let step = 0; step < STEPS; step++) {
    let slopeGradient = 0
    let interceptGradient = 0
    for (const { probability, right } of cases) {
      const x = logit(probability)
      const belief = logistic(slope * x + intercept)
      const told = (1 - mislabelled) * belief
      // d ln(likelihood) / d(slope · x + intercept), over the mean.
      const error = (right ? 1 - belief : (-told * (1 - belief)) / (1 - told)) / cases.length
      slopeGradient += error * x
      interceptGradient += error
    }
    slope += (STEP * slopeGradient) / 4
    intercept += STEP * interceptGradient
  }
  return { slope, intercept }
}
