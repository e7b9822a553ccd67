import type { Generated, JSONColumnType } from 'kysely'
import type { JsonObject } from '#platform/events'

export interface AnalyticsTables {
  analytics_event_key: {
    id: string
    digest: Buffer
    /** `YYYY-MM-DD` */
    occurred_on: string
  }
  analytics_event: {
    id: string
    type: string
    version: number
    user_id: string
    occurred_at: Date
    received_at: Date
    payload: JSONColumnType<JsonObject>
    xid: Generated<string>
    seq: Generated<string>
  }
}
