import type { ColumnType } from 'kysely'
import type { Evidence, RankedLanguage } from './detector/types.ts'

/** A column that pg reads as parsed JSON and is written as text. */
type Json<T> = ColumnType<T, string, string>

export interface LanguageTables {
  track_language: {
    track_id: string
    status: 'detected' | 'unknown'
    tag: string | null
    confidence: number
    languages: Json<RankedLanguage[]>
    ranked: Json<RankedLanguage[]>
    evidence: Json<Evidence[]>
    detector_version: string
    detected_at: Date
  }
  language_sweep: {
    detector_version: string
    after_track_id: string | null
    updated_at: Date
  }
}
