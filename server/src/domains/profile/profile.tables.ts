import type { GeneratedAlways } from 'kysely'

export interface ProfileTables {
  user_profile: {
    user_id: string
    display_name: string
    preferred_languages: string[]
    updated_at: Date
  }
  user_consent: {
    id: GeneratedAlways<string>
    user_id: string
    purpose: 'analytics' | 'training'
    granted: boolean
    changed_at: Date
  }
}
