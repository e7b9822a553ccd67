import { describe, expect, it } from 'vitest'
import { calibrated, fitCalibration } from './calibration.ts'

/** Guesses of one stated probability of which a share is right. */
function guesses(probability: number, rightOf100: number) {
  return Array.from({ length: 100 }, (_, at) => ({ probability, right: at < rightOf100 }))
}

describe('calibration', () => {
  it('fitted to overconfident guesses lowers them to the share that was right', () => {
    const calibration = fitCalibration([...guesses(0.95, 80), ...guesses(0.6, 45)], 0)
    expect(calibrated(0.95, calibration)).toBeCloseTo(0.8, 1)
    expect(calibrated(0.6, calibration)).toBeCloseTo(0.45, 1)
  })

  it('hardly heeds wrong labels of guesses that are always right otherwise', () => {
    const labelled = [...guesses(0.6, 60), ...guesses(0.999, 96)]
    const heeding = fitCalibration(labelled, 0)
    const doubting = fitCalibration(labelled, 0.04)
    expect(calibrated(0.999, heeding)).toBeCloseTo(0.96, 1)
    expect(calibrated(0.999, doubting)).toBeGreaterThan(0.985)
    expect(doubting.slope).toBeGreaterThan(heeding.slope)
  })

  it('keeps the order of guesses and never claims certainty', () => {
    const calibration = { slope: 1.2, intercept: 0.6 }
    expect(calibrated(0.3, calibration)).toBeLessThan(calibrated(0.4, calibration))
    expect(calibrated(1, calibration)).toBeLessThan(1)
  })
})
